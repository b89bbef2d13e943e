"""What everyone may see."""

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue

from pb.core.canonical import canonical
from pb.core.errors import NotFound
from pb.divide.panes import year_of
from pb.divide.picture import glasses, pot_bar
from pb.divide.queries import Line
from pb.divide.recompute.command import all_equal
from pb.evening.queries import area_of_evening, spent_cents
from pb.panel.queries import draws, origin_mix
from pb.people.login import me
from pb.people.rules import Role
from pb.plans.queries import plan_counts, published_plans
from pb.public import queries
from pb.public.mirror import hang_attendance, mirror_page
from pb.public.picture import small_glasses
from pb.public.rules import pabulib_text, pot_is_divided, stand_of
from pb.rounds.queries import current_rules, published_round, published_rounds, rule_versions
from pb.rounds.rules import RoundState
from pb.sortition.queries.draws import published_draws
from pb.web.clock import today
from pb.web.doors import may, public, staff
from pb.web.pages import page
from pb.web.transaction import reading

views = Blueprint("public", __name__)
views.record_once(hang_attendance)
views.add_url_rule("/ronde/<int:round_id>/panel", "mirror", mirror_page)
LATEST = 3
LOOK_ASIDE = (Role.AREA_MANAGER, Role.OFFICER, Role.RESEARCHER)
TAKE_SCORES = (Role.AREA_MANAGER, Role.RESEARCHER)


@views.get("/")
@public("the front page")
def home() -> ResponseReturnValue:
    """Show what this is, which rounds are open, and what came of the latest evenings."""
    with reading() as session:
        rounds = published_rounds(session)
        latest = queries.results(session, most=LATEST)
        spent = spent_cents(session, round_ids=[one.id for one in rounds])
        divided = {
            one.id: queries.results(session, round_id=one.id)
            for one in rounds
            if pot_is_divided(pot_cents=one.pot_cents, spent_cents=spent.get(one.id, 0))
        }
    # Where a plan can still get money comes first.
    taking = sorted((one for one in rounds if one.takes_plans_on(today())), key=lambda one: one.id in divided)
    others = [one for one in rounds if one not in taking]
    return page(
        "public/home.html",
        taking=taking,
        others=others,
        latest=latest,
        today=today(),
        spent=spent,
        divided=divided,
    )


@views.get("/ronde/<int:round_id>")
@public("an open round is for everyone")
def round_page(round_id: int) -> ResponseReturnValue:
    """Show a round to residents."""
    with reading() as session:
        facts = published_round(session, round_id=round_id)
        results = queries.results(session, round_id=round_id)
        coming = queries.coming_evenings(
            session, round_id=round_id, shown={one.evening_id for one in results}
        )
        spent = spent_cents(session, round_ids=[round_id])
        divided = pot_is_divided(pot_cents=facts.pot_cents, spent_cents=spent.get(round_id, 0))
        takes_plans = facts.takes_plans_on(today()) and not divided
        return page(
            "public/round.html",
            round=facts,
            takes_plans=takes_plans,
            stand=stand_of(
                opens_on=facts.plans_open_on,
                takes_plans=takes_plans,
                closed=facts.state is RoundState.CLOSED,
                evenings_on=[one.held_on for one in coming],
                decided=bool(results),
                today=today(),
            ),
            spent=spent,
            divided=divided and bool(results),
            may_hand_in=facts.takes_plans_on(today()) and spent.get(round_id, 0) < facts.pot_cents,
            today=today(),
            versions=rule_versions(session, round_id=round_id),
            plans=published_plans(session, round_id=round_id),
            counts=plan_counts(session, round_id=round_id),
            got=queries.got(session, round_id=round_id),
            mix=origin_mix(session, round_id=round_id),
            draws=draws(session, round_id=round_id),
            seat_draws=published_draws(session, round_id=round_id),
            results=results,
            coming=coming,
        )


@views.get("/ronde/<int:round_id>/regels.json")
@public("anyone may check the rules")
def rules(round_id: int) -> ResponseReturnValue:
    """Give the rules that hold now, as they were hashed."""
    with reading() as session:
        published_round(session, round_id=round_id)
        found = current_rules(session, round_id=round_id)
    if found is None:
        raise NotFound()
    return _json(queries.rules_text(found))


@views.get("/ronde/<int:round_id>/regels-<int:version>.json")
@public("anyone may check the rules, also those of before")
def rules_of_version(round_id: int, version: int) -> ResponseReturnValue:
    """Give one version of the rules, as it was hashed."""
    with reading() as session:
        published_round(session, round_id=round_id)
        found = [one for one in rule_versions(session, round_id=round_id) if one.version == version]
    if not found:
        raise NotFound()
    return _json(queries.rules_text(found[0]))


@views.get("/avond/<int:evening_id>/uitslag")
@public("an outcome that two people stand for is for everyone")
def outcome(evening_id: int) -> ResponseReturnValue:
    """Show what was decided on an evening, and why; with ``alles`` every plan stands open, to print."""
    with reading() as session:
        found = queries.outcome(session, evening_id=evening_id)
        year = year_of(session, found.evening, found.division)
    area_id = found.round.area_id
    return page(
        "public/outcome.html",
        outcome=found,
        evening=found.evening,
        round=found.round,
        division=found.division,
        picture=glasses(found.division),
        pot=pot_bar(found.division),
        year=year,
        promise=all_equal(len(found.plans), found.division.total_cents, found.division.budget_cents),
        mine=[line for line in found.division.funded if _mine(line)],
        everything="alles" in request.args,
        may_look_aside=any(may(role, area_id) for role in LOOK_ASIDE),
        may_take_scores=any(may(role, area_id) for role in TAKE_SCORES),
    )


@views.get("/avond/<int:evening_id>/uitslag/plan/<int:number>")
@public("an outcome that two people stand for is for everyone")
def plan_outcome(evening_id: int, number: int) -> ResponseReturnValue:
    """Show what was decided about one plan, and the whole explanation."""
    with reading() as session:
        found = queries.outcome(session, evening_id=evening_id)
    one = found.plan(number)
    return page(
        "public/plan_outcome.html",
        outcome=found,
        evening=found.evening,
        round=found.round,
        division=found.division,
        one=one,
        mine=_mine(one.line),
    )


@views.get("/avond/<int:evening_id>/uitslag.json")
@public("anyone may compute an outcome again")
def outcome_proof(evening_id: int) -> ResponseReturnValue:
    """Give what an outcome was computed from, and what came out, as it was hashed."""
    with reading() as session:
        return _json(queries.proof(session, evening_id=evening_id))


@views.get("/avond/<int:evening_id>/uitleg.json")
@public("why each plan gets its amount, for programs")
def explanations(evening_id: int) -> ResponseReturnValue:
    """Give the steps of every plan's explanation with their numbers, as the pages tell them in words."""
    with reading() as session:
        found = queries.outcome(session, evening_id=evening_id)
    return _json(canonical(queries.explained(found)))


@views.get("/avond/<int:evening_id>/narekenen.json")
@public("anyone may compute an outcome again")
def outcome_case(evening_id: int) -> ResponseReturnValue:
    """Give the money of an outcome as a case that another program can read too."""
    with reading() as session:
        return _json(queries.case_of(session, evening_id=evening_id))


@views.get("/avond/<int:evening_id>/uitslag.pb")
@staff(*TAKE_SCORES, area_of=area_of_evening)
def scores(evening_id: int) -> ResponseReturnValue:
    """Give the scores of an evening for research, in the format of Pabulib."""
    with reading() as session:
        found = queries.election(
            session, evening_id=evening_id, municipality=current_app.config["PB"].municipality
        )
    answer = Response(pabulib_text(found), content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="uitslag-avond-{evening_id}.pb"'
    return answer


@views.get("/avond/<int:evening_id>/anders")
@staff(*LOOK_ASIDE, area_of=area_of_evening)
def what_if(evening_id: int) -> ResponseReturnValue:
    """Show what other rules, or fewer voices, would have made of this evening."""
    with reading() as session:
        found = queries.what_if(session, evening_id=evening_id)
    return page(
        "public/what_if.html",
        found=found,
        evening=found.evening,
        round=found.round,
        pictures={one.name: small_glasses(one.division) for one in found.alternatives},
    )


def _mine(line: Line) -> bool:
    visitor = me()
    return visitor is not None and line.plan.initiator_id == visitor.account_id


def _json(content: bytes) -> Response:
    return Response(content, content_type="application/json")

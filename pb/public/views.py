"""What everyone may see."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from pb.core.errors import NotFound
from pb.divide.picture import glasses, pot_bar
from pb.evening.queries import spent_cents
from pb.panel.queries import draws, origin_mix
from pb.people.login import me
from pb.plans.queries import plan_counts, published_plans
from pb.public import queries
from pb.rounds.queries import current_rules, published_round, published_rounds, rule_versions
from pb.web.clock import today
from pb.web.doors import public
from pb.web.pages import page
from pb.web.transaction import reading

views = Blueprint("public", __name__)
LATEST = 3


@views.get("/")
@public("the front page")
def home() -> ResponseReturnValue:
    """Show what this is, which rounds are open, and what came of the latest evenings."""
    with reading() as session:
        rounds = published_rounds(session)
        latest = queries.results(session, most=LATEST)
        spent = spent_cents(session, round_ids=[one.id for one in rounds])
    taking = [one for one in rounds if one.takes_plans_on(today())]
    others = [one for one in rounds if one not in taking]
    return page("public/home.html", taking=taking, others=others, latest=latest, today=today(), spent=spent)


@views.get("/ronde/<int:round_id>")
@public("an open round is for everyone")
def round_page(round_id: int) -> ResponseReturnValue:
    """Show a round to residents."""
    with reading() as session:
        facts = published_round(session, round_id=round_id)
        results = queries.results(session, round_id=round_id)
        shown = {one.evening_id for one in results}
        return page(
            "public/round.html",
            round=facts,
            takes_plans=facts.takes_plans_on(today()),
            spent=spent_cents(session, round_ids=[round_id]),
            today=today(),
            versions=rule_versions(session, round_id=round_id),
            plans=published_plans(session, round_id=round_id),
            counts=plan_counts(session, round_id=round_id),
            got=queries.got(session, round_id=round_id),
            mix=origin_mix(session, round_id=round_id),
            draws=draws(session, round_id=round_id),
            results=results,
            coming=queries.coming_evenings(session, round_id=round_id, shown=shown),
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
    """Show what was decided on an evening, and why."""
    with reading() as session:
        found = queries.outcome(session, evening_id=evening_id)
    visitor = me()
    mine = [
        line
        for line in found.division.funded
        if visitor is not None and line.plan.initiator_id == visitor.account_id
    ]
    return page(
        "public/outcome.html",
        outcome=found,
        evening=found.evening,
        round=found.round,
        division=found.division,
        picture=glasses(found.division),
        pot=pot_bar(found.division),
        mine=mine,
    )


@views.get("/avond/<int:evening_id>/uitslag.json")
@public("anyone may compute an outcome again")
def outcome_proof(evening_id: int) -> ResponseReturnValue:
    """Give what an outcome was computed from, and what came out, as it was hashed."""
    with reading() as session:
        return _json(queries.proof(session, evening_id=evening_id))


def _json(content: bytes) -> Response:
    return Response(content, content_type="application/json")

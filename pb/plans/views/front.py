"""What the pages of this room share: who is visiting, whose plan it is, letters, how a film is shown."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, current_app, session, url_for
from sqlalchemy.orm import Session

from pb.core.errors import Broken, NotFound
from pb.core.mail import Letter
from pb.core.text import bsn_warning
from pb.people.login import me
from pb.people.rules import Role
from pb.plans import actions, queries
from pb.plans.queries import WholePlan
from pb.plans.rules.amounts import AskAboveCap
from pb.plans.rules.film import film_embed_url, film_page_url
from pb.plans.rules.owner import Guest, holds, may_claim
from pb.rounds.queries import RoundFacts, area_of_round
from pb.store.journal import VISITOR, Actor, account
from pb.web.clock import now
from pb.web.doors import may
from pb.web.mail import write_mail
from pb.web.transaction import reading, writing

views = Blueprint("plans", __name__)
views.add_app_template_filter(film_page_url, "film_page")
views.add_app_template_filter(film_embed_url, "film_player")


def guest() -> Guest:
    """Give who is visiting, as the rules about whose plan it is know a visitor."""
    person = me()
    kept = session.get("drafts", [])
    drafts = frozenset(plan_id for plan_id in kept if isinstance(plan_id, int))
    return Guest(person.account_id, person.email, drafts) if person else Guest(drafts=drafts)


def whoever() -> Actor:
    """Name the visitor for the journal, also without an account."""
    person = me()
    return account(person.account_id) if person else VISITOR


def types_paper_in(db: Session, plan: WholePlan) -> bool:
    """Say whether the visitor is the area manager who typed this plan in from paper."""
    return plan.on_paper and may(Role.AREA_MANAGER, area_of_round(db, {"round_id": plan.round_id}))


def own_or_paper(db: Session, arguments: Mapping[str, Any]) -> None:
    """Let in whose plan it is, and the area manager for a plan that came on paper.

    Raises: NotFound, the same for a plan of somebody else as for one that does not exist.
    """
    plan = queries.whole_plan(db, plan_id=arguments["plan_id"])
    if not holds(plan.owner, guest()) and not types_paper_in(db, plan):
        raise NotFound()


def open_plan(plan_id: int) -> WholePlan:
    """Find a plan behind the door above; it becomes the visitor's own at the first visit after logging in."""
    visitor = guest()
    with reading() as db:
        plan = queries.whole_plan(db, plan_id=plan_id)
    if not may_claim(plan.owner, visitor) or visitor.account_id is None:
        return plan
    with writing() as db:
        actions.claim(db, plan_id=plan_id, account_id=visitor.account_id, who=whoever(), now=now())
        return queries.whole_plan(db, plan_id=plan_id)


def letter(which: str, plan: WholePlan, *, language: str, **facts: object) -> Letter:
    """Write a letter about a plan; the first line of its template is the subject."""
    base_url = current_app.config["PB"].base_url
    return write_mail(
        f"plans/mail/{which}.txt",
        language=language,
        plan=plan,
        mine=base_url + url_for("plans.mine"),
        shown=base_url + url_for("plans.show", round_id=plan.round_id, number=plan.number),
        **facts,
    )


def warnings(plan: WholePlan, facts: RoundFacts) -> list[Broken]:
    """Give what the maker and the checker should know, though it stops nothing."""
    told: list[Broken] = []
    if plan.ask_cents is not None and plan.ask_cents > facts.cap_cents:
        told.append(AskAboveCap(ask_cents=plan.ask_cents, cap_cents=facts.cap_cents))
    return [*told, *bsn_warning("\n".join((plan.title, plan.want, plan.can_do, plan.need)))]

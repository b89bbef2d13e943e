"""A plan as everyone can read it: the film first."""

from flask.typing import ResponseReturnValue

from pb.plans import queries
from pb.plans.outcomes import outcome_of
from pb.plans.views.front import views
from pb.rounds.queries import published_round
from pb.web.doors import public
from pb.web.pages import page
from pb.web.transaction import reading


@views.get("/ronde/<int:round_id>/plan/<int:number>")
@public("a plan that is ready is for everyone")
def show(round_id: int, number: int) -> ResponseReturnValue:
    """Show a plan to everyone, with what came of it once that is certain."""
    with reading() as db:
        facts = published_round(db, round_id=round_id)
        plan = queries.published_plan(db, round_id=round_id, number=number)
        found = outcome_of(db, plan_id=plan.id)
    return page("plans/show.html", plan=plan, round=facts, outcome=found)

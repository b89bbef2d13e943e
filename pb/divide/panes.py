"""What people see while the money is divided, and when the evening is done."""

from typing import Any

from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.divide.picture import glasses, pot_bar
from pb.divide.queries import division
from pb.evening.panes import Surface, hang
from pb.evening.queries import EveningFacts
from pb.evening.rules.steps import Stage


def facts(session: Session, evening: EveningFacts, _seat: int | None) -> dict[str, Any]:
    """Give the division with its picture."""
    found = division(session, evening_id=evening.id)
    if found is None:
        raise NotFound()
    numbers = {item.plan.id: item.position for item in evening.items}
    return {
        "division": found, "picture": glasses(found, numbers), "pot": pot_bar(found), "numbers": numbers,
    }  # fmt: skip


for stage in (Stage.DIVIDE, Stage.DONE):
    hang(stage, Surface.CONSOLE, "divide/_console.html")(facts)
    hang(stage, Surface.SCREEN, "divide/_screen.html")(facts)
    hang(stage, Surface.PHONE, "divide/_phone.html")(facts)

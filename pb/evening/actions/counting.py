"""Count people on the floor."""

from sqlalchemy.orm import Session


def check_before_closing(session: Session, *, evening_id: int, item_id: int) -> None:
    """See that no more people were counted on the floor than stand there when scoring closes."""

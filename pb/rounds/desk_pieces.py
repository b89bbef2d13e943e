"""What waits for somebody on the first page of staff: later rooms hang it here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

Find = Callable[[Session], Sequence[Any]]
_hung: list[tuple[str, Find]] = []


@dataclass(frozen=True)
class Piece:
    """What waits for the visitor, and the template that says so; it reads ``piece.waiting``."""

    template: str
    waiting: Sequence[Any]


def hang(template: str) -> Callable[[Find], Find]:
    """Let a later room say what waits for the visitor, with a template of its own."""

    def keep(find: Find) -> Find:
        _hung.append((template, find))
        return find

    return keep


def pieces(session: Session) -> list[Piece]:
    """Give what waits for the visitor; nothing for whom nothing waits."""
    found = [Piece(template, find(session)) for template, find in _hung]
    return [piece for piece in found if piece.waiting]

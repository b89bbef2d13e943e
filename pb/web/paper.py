"""A document as parts, for a page and for paper alike: what it says is written once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

Cell = str


@dataclass(frozen=True)
class Part:
    """A part of a document."""

    kind: ClassVar[str] = ""


@dataclass(frozen=True)
class Heading(Part):
    """A heading; level 1 is right under the title of the document."""

    kind: ClassVar[str] = "heading"
    text: str
    level: int = 1


@dataclass(frozen=True)
class Words(Part):
    """Text; ``style`` is empty, lead, soft, small, code or notice. A blank line begins a paragraph."""

    kind: ClassVar[str] = "text"
    text: str
    style: str = ""


@dataclass(frozen=True)
class Rows(Part):
    """A table; ``numbers`` are the columns that are set to the right."""

    kind: ClassVar[str] = "table"
    head: Sequence[Cell]
    rows: Sequence[Sequence[Cell]]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Pairs(Part):
    """Names with what belongs to them, as a table of two columns."""

    kind: ClassVar[str] = "facts"
    head: tuple[Cell, Cell]
    pairs: Sequence[tuple[Cell, Cell]]


@dataclass(frozen=True)
class Chart(Part):
    """How many people stood on each figure, 1 to 5; ``alt`` says the same in words."""

    kind: ClassVar[str] = "chart"
    counts: Sequence[int]
    alt: str


@dataclass(frozen=True)
class FilmOnPaper(Part):
    """A film that people reach from paper: a QR and an address to type."""

    kind: ClassVar[str] = "film"
    text: str
    address: str
    alt: str


@dataclass(frozen=True)
class Signatures(Part):
    """Places to sign: who signs, and what stands under the line."""

    kind: ClassVar[str] = "signatures"
    places: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class NextPage(Part):
    """What follows begins on a page of its own, on paper."""

    kind: ClassVar[str] = "page"


@dataclass(frozen=True)
class Paper:
    """A whole document. ``language`` is nl or en; ``footer`` stands under every page."""

    title: str
    language: str
    author: str
    footer: str
    parts: Sequence[Part] = field(default_factory=tuple)

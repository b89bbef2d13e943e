"""What a round asks of people who may come into its panel, and the features that it asks for."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum


class Mode(StrEnum):
    """Name how people of the network get their seats."""

    FIXED = "fixed"
    NOMINATED = "nominated"


class Said(StrEnum):
    """Name an answer."""

    YES = "yes"
    NO = "no"


class Channel(StrEnum):
    """Name how an answer came in."""

    PAGE = "page"
    PHONE = "phone"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Value:
    """Hold an answer to choose from. Units: people of the neighbourhood; seats of the whole panel."""

    id: int
    name: str
    people: int | None = None
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Feature:
    """Hold a feature with what it is for; its values in the order in which they are shown."""

    id: int
    name: str
    question: str
    why: str
    source: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Hold what somebody wants to ask of people. Units: cents; days inclusive, of the Netherlands.

    ``network_seats`` counts only where people of the network are nominated; a fixed person is a seat.
    """

    seats: int
    mode: Mode
    network_seats: int
    one_per_address: bool
    least_age: int
    asks: str
    meets: str
    takes: str
    allowance_cents: int
    childcare: str
    phone: str
    email: str
    answers_close_on: date
    delete_on: date

    def differs_from(self, other: "Asked") -> tuple[str, ...]:
        """Name what is asked differently, in the order of the page."""
        return tuple(one.name for one in fields(Asked) if getattr(self, one.name) != getattr(other, one.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal(Asked):
    """Hold what a round asks, with its features and how far it is."""

    round_id: int
    version: int
    frozen_at: datetime | None = None
    deleted_at: datetime | None = None
    features: tuple[Feature, ...] = ()

    def takes_answers_on(self, day: date) -> bool:
        """Say whether people can still answer."""
        return day <= self.answers_close_on and self.frozen_at is None

"""Reading the list of people who are asked for the panel."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from pb.core.sheet import Column, Problem, Problems, Source, read_sheet
from pb.panel.rules.contact import (
    EmailOddLetters,
    NameOddLetters,
    has_odd_letters,
    mixes_scripts,
    plain_name,
    read_email,
    read_name,
    read_phone,
)
from pb.panel.rules.origins import Origin, read_origin

PEOPLE_MOST: Final = 5_000
_BYTES_MOST: Final = 5_000_000


@dataclass(frozen=True, slots=True)
class InvitedPerson:
    """Hold one row of the list; empty text where nothing was filled in."""

    row: int
    name: str
    email: str
    phone: str
    origin: Origin


class Likeness(StrEnum):
    """Name what makes two rows look like one person."""

    EMAIL = "email"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Alike:
    """Point at rows that may be one person; people decide, because namesakes and shared mailboxes exist."""

    likeness: Likeness
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """Hold a list without problems, with what a person should look at before taking it in."""

    source: Source
    people: tuple[InvitedPerson, ...]
    alike: tuple[Alike, ...]
    doubts: tuple[Problem, ...]
    doubts_total: int


PEOPLE_COLUMNS: Final = (
    Column("naam", read_name, synonyms=("name", "volledige naam", "voor- en achternaam")),
    Column(
        "e-mail",
        lambda typed: (read_email(typed), has_odd_letters(typed)),
        required=False,
        may_be_blank=True,
        synonyms=("mail", "e-mailadres", "emailaddress", "mailadres"),
    ),
    Column(
        "telefoon",
        read_phone,
        required=False,
        may_be_blank=True,
        synonyms=("tel", "telefoonnummer", "telnr", "mobiel", "mobiele nummer", "phone"),
    ),
    Column("herkomst", read_origin, required=False, may_be_blank=True, synonyms=("origin", "bron", "via")),
)


def read_people(raw: bytes, *, file_name: str) -> PeopleFile:
    """Read the list of asked people: naam, and if known e-mail, telefoon and herkomst.

    Whoever has no origin in the list was invited.
    Raises: FileRefused.
    """
    sheet = read_sheet(
        raw, file_name=file_name, columns=PEOPLE_COLUMNS, most_rows=PEOPLE_MOST, most_bytes=_BYTES_MOST
    )
    people = []
    doubts = Problems()
    for row, values in sheet.rows:
        email, email_is_odd = values["e-mail"] or ("", False)
        name = values["naam"]
        if mixes_scripts(name):
            doubts.add(NameOddLetters(), row=row, column=sheet.header_of("naam"), value=name)
        if email_is_odd:
            doubts.add(EmailOddLetters(), row=row, column=sheet.header_of("e-mail"), value=email)
        origin = values["herkomst"] or Origin.INVITED
        people.append(InvitedPerson(row, name, email, values["telefoon"] or "", origin))
    return PeopleFile(
        source=sheet.source,
        people=tuple(people),
        alike=find_alike(people),
        doubts=tuple(doubts.listed),
        doubts_total=doubts.total,
    )


def find_alike(people: Collection[InvitedPerson]) -> tuple[Alike, ...]:
    """Find rows with the same e-mail address, or the same name apart from case, accents and spaces.

    Ties: by e-mail first, then in the order of the first row.
    """
    by_likeness: dict[tuple[Likeness, str], list[int]] = {}
    for person in people:
        if person.email:
            by_likeness.setdefault((Likeness.EMAIL, person.email), []).append(person.row)
    for person in people:
        by_likeness.setdefault((Likeness.NAME, plain_name(person.name)), []).append(person.row)
    return tuple(Alike(likeness, tuple(rows)) for (likeness, _), rows in by_likeness.items() if len(rows) > 1)


def leave_out(file: PeopleFile, rows: Collection[int]) -> PeopleFile:
    """Take rows out of a list that was read, such as the second of two that are one person."""
    people = tuple(person for person in file.people if person.row not in rows)
    doubts = tuple(doubt for doubt in file.doubts if doubt.row not in rows)
    gone = len(file.doubts) - len(doubts)
    return replace(
        file, people=people, alike=find_alike(people), doubts=doubts, doubts_total=file.doubts_total - gone
    )

"""People of the network: reading a list of them, and noticing that somebody was asked already."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from pb.core.errors import BadInput, Broken
from pb.core.sheet import Column, Problem, Problems, Source, read_sheet
from pb.core.text import clean_line
from pb.inviting.rules.appeal import Appeal, Mode
from pb.panel.rules.address import (
    PLACE_NAME_MOST,
    HouseNumber,
    address_key,
    read_house_number,
    read_postcode,
)
from pb.panel.rules.contact import NameOddLetters, mixes_scripts, plain_name
from pb.panel.rules.origins import Origin
from pb.panel.rules.people_file import PEOPLE_COLUMNS, PEOPLE_MOST, InvitedPerson, Likeness

_BYTES_MOST: Final = 5_000_000


class AddressIncomplete(BadInput):
    """Refuse half an address: postcode and house number belong together."""

    code = "inviting.address-incomplete"


class PersonInvited(BadInput):
    """Ask before inviting somebody twice. Facts: ``likeness``."""

    code = "inviting.person-invited"


class SaidYes(Broken):
    """Refuse to take back an invitation of somebody who said yes."""

    code = "inviting.said-yes"


class FixedSeatsTaken(BadInput):
    """Refuse to promise more seats than there are. Facts: ``seats``, ``promised``, ``free``, ``wanted``."""

    code = "inviting.fixed-seats-taken"


@dataclass(frozen=True, slots=True)
class Home:
    """Hold an address as far as it is known; nothing but ``key`` decides who lives together."""

    written: str = field(default="", repr=False)
    key: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class NetworkPerson:
    """Hold somebody of the network, with the row of the list; 0 when typed by hand."""

    person: InvitedPerson
    home: Home

    @property
    def row(self) -> int:
        """Give the row of the list."""
        return self.person.row


@dataclass(frozen=True, slots=True)
class NetworkFile:
    """Hold a list without problems, with what somebody should look at before taking it in."""

    source: Source
    people: tuple[NetworkPerson, ...]
    doubts: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """Hold who was invited before, as far as needed to recognise them."""

    name: str = field(repr=False)
    email: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Twice:
    """Point at a row that looks like somebody who was invited, or like an earlier row.

    ``of_row`` is None for somebody who was invited. ``leave_out`` is what we propose; people decide.
    """

    row: int
    name: str = field(repr=False)
    likeness: Likeness
    of_row: int | None
    leave_out: bool


def _place_name(typed: str) -> str:
    return clean_line(typed, most=PLACE_NAME_MOST)


NETWORK_COLUMNS: Final = (
    *PEOPLE_COLUMNS,
    Column("straat", _place_name, required=False, may_be_blank=True, synonyms=("straatnaam", "street")),
    Column("huisnummer", read_house_number, required=False, may_be_blank=True, synonyms=("nummer", "nr")),
    Column("postcode", read_postcode, required=False, may_be_blank=True, synonyms=("pc",)),
    Column("plaats", _place_name, required=False, may_be_blank=True, synonyms=("woonplaats", "town")),
)


def home(street: str, house: HouseNumber | None, postcode: str, town: str) -> Home:
    """Write an address on one line with the key of its dwelling; empty when nothing was filled in.

    Raises: AddressIncomplete when there is a part, but no postcode or no house number.
    """
    if not (street or house or postcode or town):
        return Home()
    if house is None or not postcode:
        raise AddressIncomplete()
    addition = f"-{house.addition}" if house.addition else ""
    number = f"{house.number}{house.letter}{addition}"
    return Home(
        f"{f'{street} {number}'.strip()}, {f'{postcode} {town}'.strip()}", address_key(postcode, house)
    )


def read_network(raw: bytes, *, file_name: str) -> NetworkFile:
    """Read a list of people of the network: naam, and if known e-mail, telefoon, herkomst and address.

    Raises: FileRefused.
    """
    sheet = read_sheet(
        raw, file_name=file_name, columns=NETWORK_COLUMNS, most_rows=PEOPLE_MOST, most_bytes=_BYTES_MOST
    )
    people, problems, doubts = [], Problems(), Problems()
    for row, values in sheet.rows:
        name, email = values["naam"], (values["e-mail"] or ("", False))[0]
        if mixes_scripts(name):
            doubts.add(NameOddLetters(), row=row, column=sheet.header_of("naam"), value=name)
        try:
            where = home(
                values["straat"] or "", values["huisnummer"], values["postcode"] or "", values["plaats"] or ""
            )
        except AddressIncomplete as incomplete:
            problems.add(incomplete, row=row)
            continue
        person = InvitedPerson(
            row, name, email, values["telefoon"] or "", values["herkomst"] or Origin.INVITED
        )
        people.append(NetworkPerson(person, where))
    problems.refuse_if_any()
    return NetworkFile(sheet.source, tuple(people), tuple(doubts.listed))


def find_twice(people: Iterable[NetworkPerson], known: Collection[Known]) -> tuple[Twice, ...]:
    """Find the rows of people who were invited, or who stand higher in the list.

    Namesakes who both have an e-mail address of their own are shown, but not proposed to be left out.
    Ties: e-mail before name, who was invited before a row, the first before later ones.
    """
    by_email: dict[str, tuple[int | None, str]] = {}
    by_name: dict[str, tuple[int | None, str]] = {}

    def remember(row: int | None, name: str, email: str) -> None:
        if email:
            by_email.setdefault(email, (row, email))
        if name:
            by_name.setdefault(plain_name(name), (row, email))

    for one in known:
        remember(None, one.name, one.email)
    found = []
    for each in people:
        person = each.person
        likeness = Likeness.EMAIL
        same = by_email.get(person.email) if person.email else None
        if same is None:
            likeness, same = Likeness.NAME, by_name.get(plain_name(person.name))
        if same is not None:
            namesakes = likeness is Likeness.NAME and bool(person.email) and bool(same[1])
            found.append(Twice(person.row, person.name, likeness, same[0], leave_out=not namesakes))
        remember(person.row, person.name, person.email)
    return tuple(found)


def check_fixed_room(appeal: Appeal, *, promised: int, wanted: int) -> None:
    """Refuse to promise more fixed seats than the panel has.

    ``promised`` counts who was asked and did not say no or stop. Raises: FixedSeatsTaken.
    """
    if appeal.mode is Mode.FIXED and promised + wanted > appeal.seats:
        free = max(0, appeal.seats - promised)
        raise FixedSeatsTaken(seats=appeal.seats, promised=promised, free=free, wanted=wanted)


def check_not_invited(person: NetworkPerson, known: Collection[Known]) -> None:
    """Refuse somebody who looks like somebody who was invited.

    Raises: PersonInvited.
    """
    for twice in find_twice([person], known):
        raise PersonInvited(likeness=twice.likeness.value)

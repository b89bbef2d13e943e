"""Reading the list of addresses that a draw is made from: one dwelling, one ticket."""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from pb.core.errors import BadInput
from pb.core.sheet import Problem, Problems, Source
from pb.panel.rules import address_columns as columns
from pb.panel.rules.address import Address, HouseNumber
from pb.panel.rules.address_cells import CellReader
from pb.panel.rules.address_rows import RegisterSheet
from pb.panel.rules.address_sieve import Seen, Sieve, Uses

ADDRESSES_MOST: Final = 200_000
_BYTES_MOST: Final = 50_000_000
# Often enough for a bar that moves, seldom enough to cost nothing.
_ROWS_A_STEP: Final = 4_000
# By chance, so many identifications all end in 0 once in ten thousand million lists.
_ROUNDED_LEAST: Final = 10


class HouseNumberTwice(BadInput):
    """Refuse a letter or addition beside the number and, differently, in a column of its own."""

    code = "panel.house-number-twice"


class AddressIdsRounded(BadInput):
    """Refuse identifications that all end in 0: a spreadsheet keeps 15 digits and makes the last a 0."""

    code = "panel.address-ids-rounded"


class AddressIdTwice(BadInput):
    """Doubt one identification on two addresses, which get one ticket; told. Facts: ``first_row``."""

    code = "panel.address-id-twice"


class AddressTwoIds(BadInput):
    """Doubt one address with two identifications, which gets one ticket; told. Facts: ``first_row``."""

    code = "panel.address-two-ids"


class PostcodeTwoTowns(BadInput):
    """Doubt a postcode that another row puts in another town; told, not raised. Facts: ``first_row``."""

    code = "panel.postcode-two-towns"


@dataclass(frozen=True, slots=True)
class Merged:
    """Tell which rows are one dwelling, and so one ticket in a draw.

    ``also`` holds keys and identifications that the dwelling had in these rows beside the ones it keeps.
    """

    key: str
    rows: tuple[int, ...]
    also: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Aside:
    """Tell what was in a file beside its dwellings; ``unused`` names columns that were left alone."""

    seen: Seen
    short_rows: int
    sum_rows: tuple[int, ...]
    unused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AddressFile:
    """Hold a list without problems: every dwelling once, in the order of the file."""

    source: Source
    addresses: tuple[Address, ...]
    merged: tuple[Merged, ...]
    doubts: tuple[Problem, ...]
    doubts_total: int
    aside: Aside


def read_addresses(
    raw: bytes, *, file_name: str, uses: Uses = Uses.HOMES, in_use_only: bool = True
) -> AddressFile:
    """Read the addresses of a neighbourhood, as read_in_steps does, in one go. Raises: FileRefused."""
    steps = read_in_steps(raw, file_name=file_name, uses=uses, in_use_only=in_use_only)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            file: AddressFile = end.value
            return file


def read_in_steps(
    raw: bytes, *, file_name: str, uses: Uses = Uses.HOMES, in_use_only: bool = True
) -> Generator[Fraction, None, AddressFile]:
    """Read the addresses of a neighbourhood, row by row, and tell now and then which part was read.

    Rows that do not take part by their use or status are counted, and not looked at further. Rows of one
    dwelling (the same address, or the same identification) are merged and told, so that it has one ticket.
    Of differing spellings the first in the alphabet is kept, whatever the order of the rows.
    Raises: FileRefused.
    """
    sheet = RegisterSheet(
        raw,
        file_name=file_name,
        columns=columns.ADDRESS_COLUMNS,
        weak=columns.WEAK_NAMES,
        most_rows=ADDRESSES_MOST,
        most_bytes=_BYTES_MOST,
    )
    sieve = Sieve(sheet, uses, in_use_only)
    reader = _AddressReader(sheet)
    dwellings = _Dwellings(sheet.written.get("id", "id"), sheet.written.get("plaats", "plaats"))
    for row, cells in sheet.rows(anchor="postcode"):
        if row % _ROWS_A_STEP == 0:
            yield sheet.part_read
        if sieve.lets_through(cells, row) and (address := reader.read(cells, row)) is not None:
            dwellings.add(address, row)
    if dwellings.ids_are_rounded:
        sheet.problems.add(AddressIdsRounded(), column=sheet.written["id"])
    sheet.problems.refuse_if_any()
    addresses, merged = dwellings.settle()
    return AddressFile(
        source=sheet.source(),
        addresses=addresses,
        merged=merged,
        doubts=tuple(dwellings.doubts.listed),
        doubts_total=dwellings.doubts.total,
        aside=Aside(
            seen=sieve.seen(),
            short_rows=sheet.short_rows,
            sum_rows=sheet.sum_rows,
            unused=sheet.unused,
        ),
    )


class _AddressReader:
    """Read the address of a row; what is wrong goes to the problems of the sheet."""

    def __init__(self, sheet: RegisterSheet) -> None:
        self.sheet = sheet
        self.street = sheet.reader(columns.STREET)
        self.house_number = sheet.reader(columns.HOUSE_NUMBER)
        self.letter = sheet.reader(columns.HOUSE_LETTER)
        self.addition = sheet.reader(columns.ADDITION)
        self.postcode = sheet.reader(columns.POSTCODE)
        self.town = sheet.reader(columns.TOWN)
        self.bag_id = sheet.reader(columns.ADDRESS_ID, remember=False)
        self.name, self.code = self._level()

    def read(self, cells: Sequence[str], row: int) -> Address | None:
        sheet, before = self.sheet, self.sheet.problems.total
        values = [
            sheet.read(reader, cells, row)
            for reader in (
                self.street, self.house_number, self.letter, self.addition, self.postcode, self.town,
                self.name, self.code, self.bag_id,
            )
        ]  # fmt: skip
        if sheet.problems.total > before or self.house_number is None:
            return None
        street, house, letter, addition, postcode, town, name, code, bag_id = values
        try:
            return Address(
                street=street,
                number=house.number,
                letter=one_part(house.letter, letter),
                addition=one_part(house.addition, addition),
                postcode=postcode,
                town=town,
                neighbourhood=f"{name} ({code})" if name and code else name or code or "",
                bag_id=bag_id or "",
            )
        except HouseNumberTwice as twice:
            sheet.problems.add(twice, row=row, column=self.house_number.header, value=_typed_number(house))
            return None

    def _level(self) -> tuple[CellReader | None, CellReader | None]:
        """Choose neighbourhoods, or else districts; two of one name are told apart by their code."""
        for name, code in (
            (columns.NEIGHBOURHOOD, columns.NEIGHBOURHOOD_CODE),
            (columns.DISTRICT, columns.DISTRICT_CODE),
        ):
            readers = self.sheet.reader(name), self.sheet.reader(code)
            if any(reader is not None for reader in readers):
                return readers
        return None, None


class _Dwellings:
    """Collect addresses, and find which rows are one dwelling."""

    def __init__(self, id_header: str, town_header: str) -> None:
        self.id_header, self.town_header = id_header, town_header
        self.first: dict[str, tuple[int, Address]] = {}
        self.more: dict[str, list[tuple[int, Address]]] = {}
        self.key_of_id: dict[str, str] = {}
        self.same: list[tuple[str, str]] = []
        self.towns: dict[str, tuple[str, int]] = {}
        self.doubts = Problems()
        self.whole_ids = self.ids_on_zero = 0

    @property
    def ids_are_rounded(self) -> bool:
        """Tell whether a spreadsheet took the last digit of every identification that it could."""
        return self.whole_ids >= _ROUNDED_LEAST and self.whole_ids == self.ids_on_zero

    def add(self, address: Address, row: int) -> None:
        key = address.key
        there = self.first.setdefault(key, (row, address))
        if there[0] != row:
            self.more.setdefault(key, []).append((row, address))
        bag_id = address.bag_id
        if bag_id:
            # A first 0 makes it text of 16 digits with 15 that count: those stay whole or are refused.
            self.whole_ids += bag_id[0] != "0"
            self.ids_on_zero += bag_id[0] != "0" and bag_id[-1] == "0"
            other = self.key_of_id.setdefault(bag_id, key)
            if other != key:
                self.same.append((other, key))
                twice = AddressIdTwice(first_row=self.first[other][0])
                self.doubts.add(twice, row=row, column=self.id_header, value=bag_id)
            elif there[1].bag_id not in ("", bag_id):
                two = AddressTwoIds(first_row=there[0])
                self.doubts.add(two, row=row, column=self.id_header, value=bag_id)
        town, first_row = self.towns.setdefault(address.postcode, (address.town, row))
        if town != address.town and town.casefold() != address.town.casefold():
            wrong = PostcodeTwoTowns(first_row=first_row)
            self.doubts.add(wrong, row=row, column=self.town_header, value=address.town)

    def settle(self) -> tuple[tuple[Address, ...], tuple[Merged, ...]]:
        """Give every dwelling once, and the rows of those with more."""
        group_of = _join(self.same)
        groups: dict[str, list[tuple[int, Address]]] = {}
        for key in self.more.keys() | group_of.keys():
            rows = groups.setdefault(group_of.get(key, key), [])
            rows += [self.first[key], *self.more.get(key, ())]
        addresses: list[Address] = []
        merged: list[Merged] = []
        for key, (_row, address) in self.first.items():
            found = groups.pop(group_of.get(key, key), None)
            if found is not None:
                one = _one_of(sorted(there for _row, there in found))
                addresses.append(one)
                names = {name for _row, there in found for name in (there.key, there.bag_id) if name}
                rows_of_one = tuple(sorted(row for row, _there in found))
                merged.append(Merged(one.key, rows_of_one, frozenset(names - {one.key, one.bag_id})))
            elif key not in group_of and key not in self.more:
                addresses.append(address)
        return tuple(addresses), tuple(merged)


def _join(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give for every key in a pair the first key of all that hang together with it."""
    above: dict[str, str] = {}

    def top(key: str) -> str:
        while above.setdefault(key, key) != key:
            above[key] = above[above[key]]
            key = above[key]
        return key

    for one, other in pairs:
        first, last = sorted((top(one), top(other)))
        above[last] = first
    return {key: top(key) for key in above}


def _one_of(spellings: Sequence[Address]) -> Address:
    return spellings[0]._replace(
        bag_id=next((one.bag_id for one in spellings if one.bag_id), ""),
        neighbourhood=next((one.neighbourhood for one in spellings if one.neighbourhood), ""),
    )


def one_part(beside_number: str, own_column: str | None) -> str:
    """Give a letter or addition that may stand beside the number, in a column of its own, or in both.

    Raises: HouseNumberTwice.
    """
    if beside_number and own_column and beside_number.upper() != own_column.upper():
        raise HouseNumberTwice()
    return own_column or beside_number


def _typed_number(house: HouseNumber) -> str:
    return " ".join(str(part) for part in house if part)

"""Reading the list of addresses that a draw is made from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pb.core.errors import BadInput
from pb.core.sheet import Column, Problem, Problems, Sheet, Source, read_sheet
from pb.panel.rules.address import (
    Address,
    HouseNumber,
    read_addition,
    read_bag_id,
    read_house_letter,
    read_house_number,
    read_place_name,
    read_postcode,
)

ADDRESSES_MOST: Final = 200_000
_BYTES_MOST: Final = 50_000_000


class HouseNumberTwice(BadInput):
    """Refuse a letter or addition beside the number and, differently, in a column of its own."""

    code = "panel.house-number-twice"


class AddressIdTwice(BadInput):
    """Refuse one identification on two different addresses. Facts: ``first_row``."""

    code = "panel.address-id-twice"


class AddressTwoIds(BadInput):
    """Refuse one address with two identifications. Facts: ``first_row``."""

    code = "panel.address-two-ids"


class PostcodeTwoTowns(BadInput):
    """Doubt a postcode that another row puts in another town; told, not raised. Facts: ``first_row``."""

    code = "panel.postcode-two-towns"


@dataclass(frozen=True, slots=True)
class Merged:
    """Tell which rows are one dwelling, and so one ticket in a draw."""

    key: str
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AddressFile:
    """Hold a list without problems: every dwelling once, in the order of the file."""

    source: Source
    addresses: tuple[Address, ...]
    merged: tuple[Merged, ...]
    doubts: tuple[Problem, ...]
    doubts_total: int


ADDRESS_COLUMNS: Final = (
    Column(
        "straat",
        read_place_name,
        synonyms=("straatnaam", "openbare ruimte", "openbare ruimte naam", "street"),
    ),
    Column("huisnummer", read_house_number, synonyms=("huisnr", "nummer", "nr", "house number")),
    Column("huisletter", read_house_letter, required=False, may_be_blank=True, synonyms=("letter",)),
    Column(
        "toevoeging",
        read_addition,
        required=False,
        may_be_blank=True,
        synonyms=("huisnummertoevoeging", "toev", "huisnrtoevoeging", "addition"),
    ),
    Column("postcode", read_postcode, synonyms=("pc", "pc6", "postcode6", "post code")),
    Column(
        "plaats", read_place_name, synonyms=("woonplaats", "woonplaatsnaam", "plaatsnaam", "stad", "town")
    ),
    Column(
        "buurt", read_place_name, required=False, may_be_blank=True, synonyms=("buurtnaam", "neighbourhood")
    ),
    Column(
        "id",
        read_bag_id,
        required=False,
        may_be_blank=True,
        synonyms=(
            "bag id",
            "nummeraanduiding",
            "nummeraanduiding id",
            "id nummeraanduiding",
            "identificatie",
        ),
    ),
)


def read_addresses(raw: bytes, *, file_name: str) -> AddressFile:
    """Read the addresses of a neighbourhood.

    Rows of one dwelling are merged and told, so that it has one ticket. Of differing spellings the first
    in the alphabet is kept, whatever the order of the rows.
    Raises: FileRefused.
    """
    sheet = read_sheet(
        raw,
        file_name=file_name,
        columns=ADDRESS_COLUMNS,
        most_rows=ADDRESSES_MOST,
        most_bytes=_BYTES_MOST,
    )
    problems = Problems()
    dwellings: dict[str, Address] = {}
    rows_by_key: dict[str, list[int]] = {}
    for row, values in sheet.rows:
        try:
            address = _address(values)
        except HouseNumberTwice as twice:
            problems.add(
                twice,
                row=row,
                column=sheet.header_of("huisnummer"),
                value=_typed_number(values["huisnummer"]),
            )
            continue
        key = address.key
        rows = rows_by_key.setdefault(key, [])
        rows.append(row)
        there = dwellings.get(key)
        if there is not None and there.bag_id and address.bag_id and there.bag_id != address.bag_id:
            problems.add(
                AddressTwoIds(first_row=rows[0]), row=row, column=sheet.header_of("id"), value=address.bag_id
            )
        dwellings[key] = address if there is None else _one_of(there, address)
    _refuse_id_twice(dwellings, rows_by_key, sheet, problems)
    problems.refuse_if_any()
    doubts = _doubt_towns(sheet)
    return AddressFile(
        source=sheet.source,
        addresses=tuple(dwellings.values()),
        merged=tuple(Merged(key, tuple(rows)) for key, rows in rows_by_key.items() if len(rows) > 1),
        doubts=tuple(doubts.listed),
        doubts_total=doubts.total,
    )


def count_per_neighbourhood(addresses: Iterable[Address]) -> dict[str, int]:
    """Count addresses per neighbourhood, in the order of the alphabet; empty text for those without."""
    counts: dict[str, int] = {}
    for address in addresses:
        counts[address.neighbourhood] = counts.get(address.neighbourhood, 0) + 1
    return dict(sorted(counts.items()))


def _address(values: Mapping[str, Any]) -> Address:
    house: HouseNumber = values["huisnummer"]
    return Address(
        street=values["straat"],
        number=house.number,
        letter=_one_part(house.letter, values["huisletter"]),
        addition=_one_part(house.addition, values["toevoeging"]),
        postcode=values["postcode"],
        town=values["plaats"],
        neighbourhood=values["buurt"] or "",
        bag_id=values["id"] or "",
    )


def _one_part(beside_number: str, own_column: str | None) -> str:
    if beside_number and own_column and beside_number.upper() != own_column.upper():
        raise HouseNumberTwice()
    return own_column or beside_number


def _typed_number(house: HouseNumber) -> str:
    return " ".join(str(part) for part in house if part)


def _one_of(one: Address, other: Address) -> Address:
    first, last = min(one, other), max(one, other)
    return first._replace(
        bag_id=first.bag_id or last.bag_id, neighbourhood=first.neighbourhood or last.neighbourhood
    )


def _refuse_id_twice(
    dwellings: Mapping[str, Address], rows_by_key: Mapping[str, list[int]], sheet: Sheet, problems: Problems
) -> None:
    first_by_id: dict[str, str] = {}
    for key, address in dwellings.items():
        if not address.bag_id:
            continue
        first = first_by_id.setdefault(address.bag_id, key)
        if first != key:
            problems.add(
                AddressIdTwice(first_row=rows_by_key[first][0]),
                row=rows_by_key[key][0],
                column=sheet.header_of("id"),
                value=address.bag_id,
            )


def _doubt_towns(sheet: Sheet) -> Problems:
    doubts = Problems()
    first: dict[str, tuple[str, int]] = {}
    for row, values in sheet.rows:
        town: str = values["plaats"]
        there, first_row = first.setdefault(values["postcode"], (town, row))
        if there != town and there.casefold() != town.casefold():
            doubts.add(
                PostcodeTwoTowns(first_row=first_row), row=row, column=sheet.header_of("plaats"), value=town
            )
    return doubts

"""Reading the list of addresses that must not get a letter."""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pb.core.canonical import canonical
from pb.core.errors import BadInput
from pb.core.sheet import FileRefused, HeaderMissing, Problems, Source
from pb.panel.rules import address_columns as columns
from pb.panel.rules.address import Address, HouseNumber, address_key
from pb.panel.rules.address_file import HouseNumberTwice, one_part
from pb.panel.rules.address_rows import RegisterSheet

OPT_OUTS_MOST: Final = 50_000
_BYTES_MOST: Final = 10_000_000
# Postcode and house number are enough; whatever else such a list holds is not looked at.
_COLUMNS: Final = tuple(
    replace(column, required=False, may_be_blank=True)
    for column in (
        columns.POSTCODE,
        columns.HOUSE_NUMBER,
        columns.HOUSE_LETTER,
        columns.ADDITION,
        columns.ADDRESS_ID,
    )
)


class OptOutIncomplete(BadInput):
    """Refuse a row with neither an identification nor postcode and house number."""

    code = "panel.opt-out-incomplete"


@dataclass(frozen=True, slots=True)
class OptOut:
    """Hold one row: an address, an identification, or both; empty text for what is not there."""

    row: int
    key: str = field(repr=False)
    bag_id: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OptOuts:
    """Hold a list of addresses that must not get a letter."""

    source: Source
    rows: tuple[OptOut, ...] = field(repr=False)

    def seal(self, key: bytes) -> str:
        """Hash the list so that nobody without the key can try which addresses are on it.

        Shape: hexadecimal HMAC-SHA-256 of the sorted addresses and identifications; rows in any order.
        """
        facts = [sorted({row.key for row in self.rows}), sorted({row.bag_id for row in self.rows})]
        return hmac.new(key, b"opt-outs\0" + canonical(facts), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class OptedOut:
    """Tell which dwellings of a list are on it: the keys, and the rows that no dwelling belongs to."""

    keys: frozenset[str] = field(repr=False)
    unmatched: tuple[OptOut, ...] = field(repr=False)


def read_opt_outs(raw: bytes, *, file_name: str) -> OptOuts:
    """Read a list of addresses that must not get a letter, by address or by identification.

    Raises: FileRefused.
    """
    sheet = RegisterSheet(
        raw,
        file_name=file_name,
        columns=_COLUMNS,
        weak=columns.WEAK_NAMES,
        most_rows=OPT_OUTS_MOST,
        most_bytes=_BYTES_MOST,
    )
    _refuse_without_address(sheet)
    readers = [sheet.reader(column) for column in _COLUMNS]
    rows: list[OptOut] = []
    for row, cells in sheet.rows(anchor="postcode" if "postcode" in sheet.places else "id"):
        before = sheet.problems.total
        values = [sheet.read(reader, cells, row) for reader in readers]
        if sheet.problems.total == before:
            try:
                rows.append(_opt_out(row, values))
            except HouseNumberTwice as twice:
                sheet.problems.add(twice, row=row, column=sheet.written["huisnummer"])
            except OptOutIncomplete as incomplete:
                sheet.problems.add(incomplete, row=row)
    sheet.problems.refuse_if_any()
    return OptOuts(sheet.source(), tuple(rows))


def match_opt_outs(
    opt_outs: OptOuts, addresses: Iterable[Address], *, also: Mapping[str, Collection[str]]
) -> OptedOut:
    """Find the dwellings that must not get a letter.

    ``also`` gives, by key, the other keys and identifications that a dwelling has in the list.
    """
    asked = {name for row in opt_outs.rows for name in (row.key, row.bag_id) if name}
    keys: set[str] = set()
    found: set[str] = set()
    for address in addresses:
        key = address.key
        names = {key, address.bag_id, *also.get(key, ())}
        if not asked.isdisjoint(names):
            keys.add(key)
            found |= names
    found.discard("")
    unmatched = [row for row in opt_outs.rows if found.isdisjoint((row.key, row.bag_id))]
    return OptedOut(frozenset(keys), tuple(unmatched))


def _opt_out(row: int, values: Sequence[Any]) -> OptOut:
    postcode, house, letter, addition, bag_id = values
    if not bag_id and (postcode is None or house is None):
        raise OptOutIncomplete()
    key = ""
    if postcode is not None and house is not None:
        whole = HouseNumber(house.number, one_part(house.letter, letter), one_part(house.addition, addition))
        key = address_key(postcode, whole)
    return OptOut(row, key, bag_id or "")


def _refuse_without_address(sheet: RegisterSheet) -> None:
    if "id" in sheet.places or {"postcode", "huisnummer"} <= sheet.places.keys():
        return
    problems = Problems()
    for name in ("postcode", "huisnummer"):
        if name not in sheet.places:
            problems.add(HeaderMissing(expected=name), row=1, column=name, value=" | ".join(sheet.unused))
    raise FileRefused(problems=tuple(problems.listed), total=problems.total)

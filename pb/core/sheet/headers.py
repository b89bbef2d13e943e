"""Finding the asked columns in the first row of a list."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from pb.core.sheet.problems import HeaderMissing, HeaderTwice, HeaderUnknown, Problems, shown

HEADER_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Hold every way to write the name of a column, and the name that it means."""

    names: tuple[str, ...]
    required: tuple[str, ...]
    by_plain: dict[str, str]

    def meant_by(self, header: str) -> str | None:
        """Tell which column a header names, or None."""
        return self.by_plain.get(plain(header)) if len(header) <= HEADER_MOST else None

    def nearest(self, header: str) -> str:
        """Guess which column a wrong header means; empty when nothing comes near."""
        if len(header) > HEADER_MOST:
            return ""
        close = get_close_matches(plain(header), list(self.by_plain), n=1, cutoff=0.7)
        return self.by_plain[close[0]] if close else ""


@dataclass(frozen=True, slots=True)
class Header:
    """Hold where the columns stand: by name, the place (0 and up) and the header as the file writes it."""

    width: int
    places: dict[str, int]
    written: dict[str, str]
    blank_places: tuple[int, ...]


def plain(header: str) -> str:
    """Reduce a header to its letters and digits, so that E-mail, e mail and EMAIL are the same."""
    apart = unicodedata.normalize("NFKD", header).casefold()
    return "".join(character for character in apart if character.isalnum())


def letter_of(place: int) -> str:
    """Name a column as a spreadsheet does: 0 is A, 26 is AA."""
    letters = ""
    rest = place + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def match(cells: Sequence[str], known: KnownNames, *, row: int, problems: Problems) -> Header:
    """Match the first row with the asked columns, and add all that is wrong with it to the problems."""
    places: dict[str, int] = {}
    written: dict[str, str] = {}
    blank: list[int] = []
    for place, cell in enumerate(cells):
        header = " ".join(cell.replace("\ufeff", "").split())
        name = known.meant_by(header)
        if not header:
            blank.append(place)
        elif name is None:
            unknown = HeaderUnknown(expected=known.names, nearest=known.nearest(header))
            problems.add(unknown, row=row, column=shown(header), value=cell)
        elif name in places:
            twice = HeaderTwice(name=name, first_place=letter_of(places[name]))
            problems.add(twice, row=row, column=header, value=cell)
        else:
            places[name] = place
            written[name] = header
    for name in known.required:
        if name not in places:
            problems.add(HeaderMissing(expected=name), row=row, column=name, value=" | ".join(cells))
    return Header(width=len(cells), places=places, written=written, blank_places=tuple(blank))

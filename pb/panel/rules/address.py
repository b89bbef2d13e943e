"""A Dutch address, and when two ways of writing mean one dwelling."""

import re
from typing import Final, NamedTuple

from pb.core.errors import BadInput
from pb.core.text import clean_line

PLACE_NAME_MOST: Final = 80
ADDITION_MOST: Final = 12
HOUSE_NUMBER_MOST: Final = 99_999

_POSTCODE: Final = re.compile(r"([0-9]{4}) ?([A-Za-z]{2})")
_NEVER_ISSUED: Final = frozenset({"SA", "SD", "SS"})
_HOUSE_NUMBER: Final = re.compile(r"([0-9]{1,5})(?:(?=[A-Za-z /-])[ /-]*(.*))?")
_LETTER_AND_MORE: Final = re.compile(r"([A-Za-z])(?:[ /-]+(.+)|([0-9].*))")
_ADDITION: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z .+/-]*")
_MONTHS: Final = (
    "jan|januari|january|feb|februari|february|mrt|maart|mar|march|apr|april|mei|may|jun|juni|june|"
    "jul|juli|july|aug|augustus|august|sep|sept|september|okt|oktober|oct|october|nov|november|dec|december"
)
_DATE: Final = re.compile(
    rf"[0-9]{{1,2}}[-/ .]*(?:{_MONTHS})\.?(?:[-/ .]*[0-9]{{2,4}})?|(?:{_MONTHS})\.?[-/ .]*[0-9]{{1,4}}"
    r"|[0-9]{1,2}[-/][0-9]{1,2}[-/](?:[0-9]{2}|[0-9]{4})|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?: [0-9:]+)?",
    re.IGNORECASE,
)
_BY_SPREADSHEET: Final = re.compile(r"[0-9]+(?:[.,][0-9]*)?[eE][+-]?[0-9]+|[0-9]+[.,]0+")
_RANGE: Final = re.compile(r"\bt ?/ ?m\b|\btm\b|\ben\b|\btot\b", re.IGNORECASE)
_LIGATURES: Final = str.maketrans({"\u0132": "IJ", "\u0133": "ij"})


class PostcodeUnreadable(BadInput):
    """Refuse what is no Dutch postcode."""

    code = "panel.postcode-unreadable"


class PostcodeWithoutLetters(BadInput):
    """Refuse four digits only: letters are missing, or it is Belgian."""

    code = "panel.postcode-without-letters"


class PostcodeStartsWithZero(BadInput):
    """Refuse a postcode that starts with 0."""

    code = "panel.postcode-starts-with-zero"


class PostcodeNeverIssued(BadInput):
    """Refuse the letters SA, SD and SS, which no postcode has. Facts: ``letters``."""

    code = "panel.postcode-never-issued"


class HouseNumberIsDate(BadInput):
    """Refuse a house number that a spreadsheet took for a date, such as 12-mrt for 12-3."""

    code = "panel.house-number-is-date"


class HouseNumberBySpreadsheet(BadInput):
    """Refuse a house number that a spreadsheet took for a calculation, such as 1E+03 or 12.0."""

    code = "panel.house-number-by-spreadsheet"


class HouseNumberIsRange(BadInput):
    """Refuse several house numbers in one row: every dwelling needs its own."""

    code = "panel.house-number-is-range"


class HouseNumberUnreadable(BadInput):
    """Refuse what does not start with a number from 1 to 99999."""

    code = "panel.house-number-unreadable"


class HouseLetterUnreadable(BadInput):
    """Refuse a house letter that is not one letter."""

    code = "panel.house-letter-unreadable"


class HouseAdditionUnreadable(BadInput):
    """Refuse an addition of anything but a few letters and digits. Facts: ``most``."""

    code = "panel.house-addition-unreadable"


class AddressIdBySpreadsheet(BadInput):
    """Refuse an identification that a spreadsheet shortened."""

    code = "panel.address-id-by-spreadsheet"


class AddressIdZeroLost(BadInput):
    """Refuse 15 digits: a spreadsheet took the identification for a number, and its first zero away."""

    code = "panel.address-id-zero-lost"


class AddressIdUnreadable(BadInput):
    """Refuse what is no identification of a nummeraanduiding."""

    code = "panel.address-id-unreadable"


class PlaceNameMissing(BadInput):
    """Refuse a street or town with nothing to read in it."""

    code = "panel.place-name-missing"


class HouseNumber(NamedTuple):
    """Hold the three parts of a house number; empty text where there is none."""

    number: int
    letter: str
    addition: str


class Address(NamedTuple):
    """Hold an address as it goes on a letter; ``bag_id`` is that of the nummeraanduiding."""

    street: str
    number: int
    letter: str
    addition: str
    postcode: str
    town: str
    neighbourhood: str
    bag_id: str

    @property
    def key(self) -> str:
        return address_key(self.postcode, HouseNumber(self.number, self.letter, self.addition))

    @property
    def street_line(self) -> str:
        """Write street and house number as on an envelope: Dorpsstraat 12A-3."""
        addition = f"-{self.addition}" if self.addition else ""
        return f"{self.street} {self.number}{self.letter}{addition}"


def address_key(postcode: str, house: HouseNumber) -> str:
    """Name a dwelling by what makes it one: postcode, number, letter, addition.

    Shape: 1234AB:12:A:BIS. Case and signs do not count, nor does a list that writes a letter as an addition.
    Street and town do not count either: the postcode holds them, and lists spell them differently.
    """
    letter, addition = house.letter, house.addition
    if not letter and len(addition) == 1 and addition.isalpha():
        letter, addition = addition, ""
    if not addition.isalnum():
        addition = "".join(character for character in addition if character.isalnum())
    return f"{postcode.replace(' ', '')}:{house.number}:{letter.upper()}:{addition.upper()}"


def read_postcode(typed: str) -> str:
    """Read a Dutch postcode.

    Shape: 1234 AB.
    Raises: PostcodeUnreadable, PostcodeWithoutLetters, PostcodeStartsWithZero, PostcodeNeverIssued.
    """
    text = clean_line(typed, most=40)
    found = _POSTCODE.fullmatch(text)
    if found is None:
        if re.fullmatch("[0-9]{4}", text):
            raise PostcodeWithoutLetters()
        raise PostcodeUnreadable()
    digits, letters = found[1], found[2].upper()
    if digits.startswith("0"):
        raise PostcodeStartsWithZero()
    if letters in _NEVER_ISSUED:
        raise PostcodeNeverIssued(letters=letters)
    return f"{digits} {letters}"


def read_house_number(typed: str) -> HouseNumber:
    """Read a house number, with letter and addition when they stand in the same cell: 12A, 12 bis, 12-3.

    Raises: HouseNumberIsDate, HouseNumberBySpreadsheet, HouseNumberIsRange, HouseNumberUnreadable,
    HouseAdditionUnreadable.
    """
    text = clean_line(typed, most=40)
    if _DATE.fullmatch(text):
        raise HouseNumberIsDate()
    if _BY_SPREADSHEET.fullmatch(text):
        raise HouseNumberBySpreadsheet()
    if _RANGE.search(text):
        raise HouseNumberIsRange()
    found = _HOUSE_NUMBER.fullmatch(text)
    if found is None or int(found[1]) < 1:
        raise HouseNumberUnreadable()
    rest = found[2] or ""
    if len(rest) == 1 and rest.isalpha():
        return HouseNumber(int(found[1]), rest.upper(), "")
    if (parts := _LETTER_AND_MORE.fullmatch(rest)) is not None:
        return HouseNumber(int(found[1]), parts[1].upper(), read_addition(parts[2] or parts[3]))
    return HouseNumber(int(found[1]), "", read_addition(rest) if rest else "")


def read_house_letter(typed: str) -> str:
    """Read the letter of a house number; upper case.

    Raises: HouseLetterUnreadable.
    """
    letter = clean_line(typed, most=40)
    if not (len(letter) == 1 and letter.isascii() and letter.isalpha()):
        raise HouseLetterUnreadable()
    return letter.upper()


def read_addition(typed: str) -> str:
    """Read what stands behind a house number, such as bis, 3 or hs.

    Raises: HouseNumberIsDate, HouseAdditionUnreadable.
    """
    addition = clean_line(typed, most=40).lstrip(" -/")
    if _DATE.fullmatch(addition):
        raise HouseNumberIsDate()
    if len(addition) > ADDITION_MOST or not _ADDITION.fullmatch(addition):
        raise HouseAdditionUnreadable(most=ADDITION_MOST)
    return addition


def read_place_name(typed: str) -> str:
    """Read a street, town or neighbourhood; the one sign for ij becomes the two letters.

    Raises: PlaceNameMissing; the refusals of clean_line.
    """
    name = clean_line(typed.translate(_LIGATURES), most=PLACE_NAME_MOST)
    if not name:
        raise PlaceNameMissing()
    return name


def read_bag_id(typed: str) -> str:
    """Read the identification of a nummeraanduiding; what a spreadsheet changed is refused, never mended.

    Shape: 16 digits, of which the fifth and sixth are 20.
    Raises: AddressIdBySpreadsheet, AddressIdZeroLost, AddressIdUnreadable.
    Source: BAG, catalogus 2018, paragraph on identifications.
    """
    text = typed.strip()
    if len(text) == 16 and text.isascii() and text.isdecimal() and text[4:6] == "20":
        return text
    if _BY_SPREADSHEET.fullmatch(text):
        raise AddressIdBySpreadsheet()
    if len(text) == 15 and text.isascii() and text.isdecimal():
        raise AddressIdZeroLost()
    raise AddressIdUnreadable()

"""The columns of the key figures of Statistics Netherlands, under the names that each kind of file has.

Source: CBS, Kerncijfers wijken en buurten: the yearly file (gwb_code, a_00_14, p_koopw), the open data
(Codering_3, k_0Tot15Jaar_8, Koopwoningen_40; the numbers differ per year) and StatLine (Bevolking/
Leeftijdsgroepen/0 tot 15 jaar (aantal); Wonen/… became Wonen en vastgoed/… in the tables of 2023).
"""

import re
from enum import StrEnum
from typing import Final

from pb.core.sheet.headers import plain


class Key(StrEnum):
    """Name a figure of a place, as the yearly file does."""

    CODE = "gwb_code"
    NAME = "regio"
    TOWN = "gm_naam"
    INHABITANTS = "a_inw"
    MEN = "a_man"
    WOMEN = "a_vrouw"
    AGE_0 = "a_00_14"
    AGE_15 = "a_15_24"
    AGE_25 = "a_25_44"
    AGE_45 = "a_45_64"
    AGE_65 = "a_65_oo"
    OWNED = "p_koopw"
    RENTED = "p_huurw"
    SOCIAL = "p_wcorpw"
    PRIVATE = "p_ov_hw"
    LOW = "a_opl_lg"
    MIDDLE = "a_opl_md"
    HIGH = "a_opl_hg"


FIGURES: Final = tuple(key for key in Key if key not in (Key.CODE, Key.NAME, Key.TOWN))
PERCENTAGES: Final = frozenset({Key.OWNED, Key.RENTED, Key.SOCIAL, Key.PRIVATE})

# Of headers that are reduced to letters and digits; numbers at the end are those of the open data.
_SPELLINGS: Final = {
    Key.CODE: r"gwbcode(10)?|codering\d*|(regioaanduiding)?codering(code)?|(bu|wk|gm)code",
    Key.NAME: r"regio|wijkenenbuurten|(bu|wk)naam|gebiedsnaam",
    Key.TOWN: r"gmnaam|(regioaanduiding)?gemeentenaam(naam|\d*)",
    Key.INHABITANTS: r"ainw|aantinw|(bevolking)?aantalinwoners(aantal|\d*)",
    Key.MEN: r"aman|aantman|(bevolking)?(geslacht)?mannen(aantal|\d*)",
    Key.WOMEN: r"avrouw|aantvrouw|(bevolking)?(geslacht)?vrouwen(aantal|\d*)",
    Key.AGE_0: r"a0014|k?(bevolking)?(leeftijdsgroepen)?0tot15jaar(aantal|\d*)",
    Key.AGE_15: r"a1524|k?(bevolking)?(leeftijdsgroepen)?15tot25jaar(aantal|\d*)",
    Key.AGE_25: r"a2544|k?(bevolking)?(leeftijdsgroepen)?25tot45jaar(aantal|\d*)",
    Key.AGE_45: r"a4564|k?(bevolking)?(leeftijdsgroepen)?45tot65jaar(aantal|\d*)",
    Key.AGE_65: r"a65oo|k?(bevolking)?(leeftijdsgroepen)?65jaarofouder(aantal|\d*)",
    Key.OWNED: r"pkoopw|(wonen)?(woningennaar)?(eigendom)?koopwoningen\d*",
    Key.RENTED: r"phuurw|(wonen)?(woningennaar)?(eigendom)?(huurwoningen)?huurwoningentotaal\d*",
    Key.SOCIAL: r"pwcorpw|(wonen)?(woningennaar)?(eigendom)?(huurwoningen)?inbezitwoningcorporatie\d*",
    Key.PRIVATE: r"povhw|(wonen)?(woningennaar)?(eigendom)?(huurwoningen)?inbezitoverigeverhuurders\d*",
    Key.LOW: r"aopl(lg|bvm)|(onderwijs|opleiding)*(opleidingsniveau)?"
    r"(opleidingsniveaulaag|laag|basisonderwijsvmbombo1)(aantal|\d*)",
    Key.MIDDLE: r"aopl(md|hvm)|(onderwijs|opleiding)*(opleidingsniveau)?"
    r"(opleidingsniveaumiddelbaar|middelbaar|havovwombo24)(aantal|\d*)",
    Key.HIGH: r"aopl(hg|hw)|(onderwijs|opleiding)*(opleidingsniveau)?"
    r"(opleidingsniveauhoog|hoog|hbowo)(aantal|\d*)",
}
_KNOWN: Final = {key: re.compile(spelling) for key, spelling in _SPELLINGS.items()}


def meant_by(header: str) -> Key | None:
    """Tell which figure a header names, or None."""
    # StatLine writes the whole path of a figure, and gives its chapters other names now and then.
    for part in (header[:200], header[:200].rpartition("/")[2]):
        reduced = plain(part)
        if found := next((key for key, known in _KNOWN.items() if known.fullmatch(reduced)), None):
            return found
    return None


def find_columns(cells: list[str]) -> dict[Key, int]:
    """Find the figures in a row of headers. Ties: the first column of a name counts."""
    found: dict[Key, int] = {}
    for place, cell in enumerate(cells):
        key = meant_by(cell)
        if key is not None:
            found.setdefault(key, place)
    return found

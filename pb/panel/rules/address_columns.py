"""The columns of a list of addresses, under all the names that extracts of the register give them."""

import re
from enum import StrEnum
from typing import Final

from pb.core.errors import BadInput
from pb.core.sheet import Column
from pb.core.sheet.headers import plain
from pb.panel.rules.address import (
    read_addition,
    read_bag_id,
    read_house_letter,
    read_house_number,
    read_place_name,
    read_postcode,
)

# What the register calls the uses of a building; more than one may stand in a cell.
_HOME: Final = frozenset({"woonfunctie", "wonen"})
_OTHER_USES: Final = frozenset(
    {"bijeenkomstfunctie", "celfunctie", "gezondheidszorgfunctie", "industriefunctie", "kantoorfunctie"}
    | {"logiesfunctie", "onderwijsfunctie", "sportfunctie", "winkelfunctie", "overige gebruiksfunctie"}
)
_BETWEEN_USES: Final = re.compile(r"\s*[,;|/+&\n]\s*")
_ONLY_TOLD_BY: Final = (
    "nummeraanduiding",
    "naamgeving",
    "verblijfsobject",
    "ligplaats",
    "standplaats",
    "plaats",
)
_IN_USE: Final = frozenset(
    {"uitgegeven", "in gebruik", "in gebruik (niet ingemeten)", "in gebruik niet ingemeten", "aangewezen"}
    | {"verbouwing", "actief"}
)
_NOT_IN_USE: Final = frozenset(
    {"ingetrokken", "gevormd", "niet gerealiseerd", "buiten gebruik", "ten onrechte opgevoerd", "gesloopt"}
)


class UseUnknown(BadInput):
    """Refuse a use of a building that the register does not know."""

    code = "panel.use-unknown"


class StatusUnknown(BadInput):
    """Refuse a status that the register does not know."""

    code = "panel.status-unknown"


class Use(StrEnum):
    """Tell whether somebody may live there."""

    HOME = "home"
    OTHER = "other"


def read_use(typed: str) -> Use:
    """Read what a building is used for; a home among other uses is a home.

    Raises: UseUnknown.
    Source: BAG, catalogus 2018, gebruiksdoel.
    """
    uses = {
        " ".join(use.split()) for use in _BETWEEN_USES.split(typed.strip("[]{} ").casefold()) if use.strip()
    }
    if not uses or not uses <= _HOME | _OTHER_USES:
        raise UseUnknown()
    return Use.HOME if uses & _HOME else Use.OTHER


def read_status(typed: str) -> bool:
    """Tell whether an address with this status is in use.

    Raises: StatusUnknown.
    Source: BAG, catalogus 2018, status of nummeraanduiding, verblijfsobject, ligplaats and standplaats.
    """
    words = [word for word in typed.casefold().split() if word not in _ONLY_TOLD_BY]
    status = " ".join(words)
    if status in _IN_USE:
        return True
    if status in _NOT_IN_USE:
        return False
    raise StatusUnknown()


STREET: Final = Column(
    "straat",
    read_place_name,
    synonyms=(
        "straatnaam",
        "openbare ruimte",
        "openbare ruimte naam",
        "naam openbare ruimte",
        "openbareruimtenaam",
        "or naam",
        "street",
    ),
)
HOUSE_NUMBER: Final = Column(
    "huisnummer",
    read_house_number,
    synonyms=("huisnr", "nummer", "nr", "nummeraanduiding huisnummer", "house number"),
)
HOUSE_LETTER: Final = Column(
    "huisletter",
    read_house_letter,
    required=False,
    may_be_blank=True,
    synonyms=("letter", "hsltr", "huislt", "nummeraanduiding huisletter"),
)
ADDITION: Final = Column(
    "toevoeging",
    read_addition,
    required=False,
    may_be_blank=True,
    synonyms=(
        "huisnummertoevoeging",
        "huisnummer toevoeging",
        "toev",
        "huisnrtoevoeging",
        "huisnrtoev",
        "toevoeging huisnummer",
        "addition",
    ),
)
POSTCODE: Final = Column(
    "postcode",
    read_postcode,
    synonyms=(
        "pc",
        "pc6",
        "postcode6",
        "post code",
        "postcode numeriek en letters",
        "nummeraanduiding postcode",
    ),
)
TOWN: Final = Column(
    "plaats",
    read_place_name,
    synonyms=("woonplaats", "woonplaatsnaam", "naam woonplaats", "plaatsnaam", "wpl naam", "stad", "town"),
)
NEIGHBOURHOOD: Final = Column(
    "buurt",
    read_place_name,
    required=False,
    may_be_blank=True,
    synonyms=("buurtnaam", "naam buurt", "bu naam", "neighbourhood"),
)
NEIGHBOURHOOD_CODE: Final = Column(
    "buurtcode",
    read_place_name,
    required=False,
    may_be_blank=True,
    synonyms=("code buurt", "bu code", "buurt id", "buurt identificatie", "buurtnummer"),
)
DISTRICT: Final = Column(
    "wijk",
    read_place_name,
    required=False,
    may_be_blank=True,
    synonyms=("wijknaam", "naam wijk", "wk naam"),
)
DISTRICT_CODE: Final = Column(
    "wijkcode",
    read_place_name,
    required=False,
    may_be_blank=True,
    synonyms=("code wijk", "wk code", "wijk id", "wijk identificatie", "wijknummer"),
)
USE: Final = Column(
    "gebruiksdoel",
    read_use,
    required=False,
    may_be_blank=True,
    synonyms=(
        "gebruiksdoelen",
        "gebruiksdoel verblijfsobject",
        "verblijfsobject gebruiksdoel",
        "verblijfsobjectgebruiksdoel",
        "gebruiksfunctie",
        "vbo gebruiksdoel",
    ),
)
STATUS: Final = Column(
    "status",
    read_status,
    required=False,
    synonyms=("nummeraanduiding status", "status nummeraanduiding", "nummeraanduidingstatus", "adresstatus"),
)
OBJECT_STATUS: Final = Column(
    "status verblijfsobject",
    read_status,
    required=False,
    may_be_blank=True,
    synonyms=("verblijfsobject status", "verblijfsobjectstatus", "vbo status", "status vbo", "objectstatus"),
)
ADDRESS_ID: Final = Column(
    "id",
    read_bag_id,
    required=False,
    may_be_blank=True,
    synonyms=(
        "bag id",
        "bagid",
        "bag nummer",
        "nummeraanduiding",
        "nummeraanduiding id",
        "id nummeraanduiding",
        "nummeraanduiding identificatie",
        "identificatie nummeraanduiding",
        "identificatiecode nummeraanduiding",
        "num id",
        "bag nummeraanduiding id",
        "bag nummeraanduiding",
        "hoofdadres",
        "hoofdadres identificatie",
        "nummeraanduiding hoofdadres",
        "identificatie",
    ),
)
# Names that count only when no better one stands above another column.
WEAK_NAMES: Final = frozenset(
    plain(name) for name in ("id", "identificatie", "nummer", "nr", "letter", "hoofdadres")
)

ADDRESS_COLUMNS: Final = (
    STREET,
    HOUSE_NUMBER,
    HOUSE_LETTER,
    ADDITION,
    POSTCODE,
    TOWN,
    NEIGHBOURHOOD,
    NEIGHBOURHOOD_CODE,
    DISTRICT,
    DISTRICT_CODE,
    USE,
    STATUS,
    OBJECT_STATUS,
    ADDRESS_ID,
)

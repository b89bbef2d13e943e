"""Setting letters as a PDF that a screen reader can read; the words stand in letter.typ."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from babel.dates import format_date
from flask import Response

from config import ROOT
from pb.core.money import euros
from pb.inviting.queries.waves import LetterFacts
from pb.inviting.rules.appeal import Appeal, Mode
from pb.inviting.rules.codes import invitation_code, invitation_lookup
from pb.inviting.rules.letter import CodeDead, Letter, NothingToPrint, address_lines, letter_url
from pb.inviting.rules.letter_languages import OTHER_LANGUAGES
from pb.panel.rules.origins import Origin
from pb.panel.views.blueprint import card_key, settings
from pb.rounds.queries import RoundFacts
from pb.web.pdf import as_line, as_text, set_template
from pb.web.qr import qr_svg

TEMPLATE: Final = ROOT / "templates" / "inviting" / "letter.typ"
# The words are on paper, so they are Dutch whatever the language of the page.
WORDS: Final = {
    "qr": "QR-code: opent de pagina om te antwoorden",
    "other_side": "see other side ↻",
}
LONG_DAY: Final[Any] = "EEEE d MMMM y"


def letters_of(found: Sequence[LetterFacts]) -> list[Letter]:
    """Make what stands on these letters; those without somebody to send them to are left out.

    Raises: CodeDead, NothingToPrint.
    """
    alive = [one for one in found if one.gone_at is None and (one.address or one.name)]
    if not alive:
        raise NothingToPrint()
    dead = 0
    made = []
    for one in alive:
        code = invitation_code(card_key(), one.id, one.serial)
        dead += invitation_lookup(card_key(), code) != one.code_hmac
        drawn = one.origin is Origin.LOT
        to = (("Aan de bewoners van",) if drawn else (one.name,)) + address_lines(one.address)
        made.append(Letter(one.reference, to, code, letter_url(settings().base_url, code), drawn))
    if dead:
        raise CodeDead(count=dead)
    return made


def set_letters(
    letters: Sequence[Letter], *, appeal: Appeal, facts: RoundFacts, day: date, proof: str = ""
) -> bytes:
    """Set letters as PDF/UA-1; ``proof`` is where everyone can see how the addresses were drawn.

    Raises: TryAgainSoon when too many wait.
    """
    return set_template(TEMPLATE, letters_data(letters, appeal=appeal, facts=facts, day=day, proof=proof))


def letters_data(
    letters: Sequence[Letter], *, appeal: Appeal, facts: RoundFacts, day: date, proof: str = ""
) -> dict[str, Any]:
    """Write letters as the template reads them."""
    close = appeal.answers_close_on
    phone = appeal.phone.replace(" ", "\u00a0")
    base_url = settings().base_url
    return {
        "title": as_line(f"Uitnodiging voor het panel van {facts.area_name}"),
        "municipality": as_line(settings().municipality),
        "area": as_line(facts.area_name),
        "day": format_date(day, "d MMMM y", locale="nl"),
        "seats": appeal.seats,
        "least_age": appeal.least_age,
        "one_per_address": appeal.one_per_address,
        "nominated": appeal.mode is Mode.NOMINATED,
        "asks": _text(appeal.asks),
        "meets": _text(appeal.meets),
        "takes": _text(appeal.takes),
        "allowance": f"Je krijgt {euros(appeal.allowance_cents)}." if appeal.allowance_cents else None,
        "childcare": _text(appeal.childcare),
        "features": bool(appeal.features),
        "last_day": format_date(close, LONG_DAY, locale="nl"),
        "delete_on": format_date(appeal.delete_on, "d MMMM y", locale="nl"),
        "phone": as_line(phone) or None,
        "email": as_line(appeal.email) or None,
        "site": as_line(_typed(base_url) + "/uitnodiging"),
        "words": WORDS,
        "others": [
            {
                "language": one.code,
                "name": one.name,
                "rtl": one.rtl,
                "text": as_line(
                    one.text(phone=appeal.phone, day=format_date(close, "long", locale=one.locale))
                ),
            }
            for one in OTHER_LANGUAGES
        ],
        "letters": [
            {
                "to": [as_line(line) for line in letter.to],
                "name": as_line(letter.to[0]),
                "reference": letter.reference,
                "drawn": letter.drawn,
                "code": letter.code,
                "proof": as_line(_typed(proof)) or None,
                "qr": _qr(letter.url),
            }
            for letter in letters
        ],
    }


def as_pdf(made: bytes, name: str) -> Response:
    """Answer with a PDF to keep and print; no one between may keep a copy."""
    answer = Response(made, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _text(typed: str) -> list[dict[str, Any]] | None:
    return as_text(typed) if typed.strip() else None


def _typed(url: str) -> str:
    """Write an address as people type it."""
    return url.removeprefix("https://").removeprefix("http://")


def _qr(url: str) -> str:
    svg = str(qr_svg(url, ""))
    return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)

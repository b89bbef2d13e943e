"""Every refusal about payments has a sentence in plain Dutch, made of its facts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pb.core.dates import date_plain
from pb.core.errors import Broken
from pb.core.money import euros
from pb.grants import iban
from pb.grants.rules import payee, payments
from pb.grants.rules.payments import PaymentLine

TEMPLATES = Path(__file__).parents[2] / "templates"
LINE = PaymentLine(1, "12", "B1", "Jan", "NL91ABNA0417164300", 5, "plan", "E1")

sentences = Environment(
    loader=FileSystemLoader(TEMPLATES),
    extensions=["jinja2.ext.i18n"],
    undefined=StrictUndefined,
    autoescape=True,
)
sentences.filters["euros"] = euros
sentences.filters["day"] = date_plain
sentences.install_null_translations(newstyle=True)  # type: ignore[attr-defined]


def make(*lines: PaymentLine) -> object:
    return payments.payment_rows(lines, batch_id="1", made_by="a")


ACTS: list[tuple[Callable[[], object], str]] = [
    (lambda: payee.check_payee_name(""), "naam van de rekeninghouder"),
    (lambda: payee.check_payee_name("a" * 71), "71 tekens lang, en een bank leest er hoogstens 70"),
    (lambda: payee.check_payee_name("Иван"), "gewone letters"),
    (lambda: payee.check_description("a" * 141), "141 tekens"),
    (lambda: payee.check_end_to_end_id("é"), "hoogstens 35 gewone letters"),
    (lambda: payee.check_kvk_number("1234567"), "acht cijfers. Je vindt het op kvk.nl"),
    (lambda: payee.check_kvk_number("123456782"), "RSIN of een burgerservicenummer"),
    (lambda: payee.check_kvk_number("000012345678"), "vestigingsnummer"),
    (lambda: iban.check_iban(""), "begint met NL"),
    (lambda: iban.check_iban("0417164300"), "twee letters en twee cijfers"),
    (lambda: iban.check_iban("4,17E+09"), "rekenblad"),
    (lambda: iban.check_iban("ZZ91ABNA0417164300"), "die met ZZ beginnen"),
    (lambda: iban.check_iban("NL91ABNA041716430"), "die begint met NL heeft 18 tekens, en dit zijn er 17"),
    (lambda: iban.check_iban("NL91ABNA04171643OO"), "een O en een 0 lijken op elkaar"),
    (lambda: iban.check_iban("NL91ABNA0417164301"), "verkeerd getypt"),
    (lambda: iban.check_iban("SA0380000000608010167519"), "met SA beginnen"),
    (make, "nog niets om te betalen"),
    (lambda: make(replace(LINE, amount_cents=-5)), "Bij regel 1 van de betaallijst staat −€\u00a00,05"),
    (lambda: make(replace(LINE, iban="x")), "Bij regel 1 van de betaallijst klopt het rekeningnummer niet"),
    (lambda: make(LINE, LINE), "Op rij 2 van de betaallijst staat regelnr voor de tweede keer"),
    (
        lambda: payments.check_wanted_on(date(2026, 1, 1), today=date(2026, 1, 2)),
        "Kies 02-01-2026 of later",
    ),
    (
        lambda: payments.check_wanted_on(date(2026, 11, 22), today=date(2026, 1, 2)),
        "22-11-2026 valt in het weekend",
    ),
]


def broken_by(act: Callable[[], object]) -> Broken:
    try:
        told = act()
    except Broken as refused:
        return refused
    assert isinstance(told, tuple)
    (notice,) = told
    assert isinstance(notice, Broken)
    return notice


def sentence(broken: Broken) -> str:
    room, what = broken.code.split(".")
    return sentences.get_template(f"{room}/broken/{what}.html").render(facts=broken.facts).strip()


@pytest.mark.parametrize(("act", "words"), ACTS)
def test_a_refusal_is_told_in_plain_dutch(act: Callable[[], object], words: str) -> None:
    told = sentence(broken_by(act))
    assert words in told
    assert "{" not in told


def test_every_refusal_about_payments_is_tried_above() -> None:
    tried = {type(broken_by(act)).code for act, _ in ACTS}
    known = {
        kind.code
        for module in (iban, payee, payments)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Broken) and kind.code.startswith("grants.")
    }
    assert known == tried
    for code in known:
        assert (TEMPLATES / "grants" / "broken" / f"{code.removeprefix('grants.')}.html").exists()

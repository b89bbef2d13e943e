"""Every refusal and doubt of the panel has words for it."""

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pb.core.errors import BadInput
from pb.panel.rules import address, address_file, cards, contact, draw, origins

FACTS: dict[type[BadInput], dict[str, object]] = {
    address.HouseAdditionUnreadable: {"most": 12},
    address.PostcodeNeverIssued: {"letters": "SS"},
    address_file.AddressIdTwice: {"first_row": 3},
    address_file.AddressTwoIds: {"first_row": 3},
    address_file.PostcodeTwoTowns: {"first_row": 3},
    draw.DrawPoolTooSmall: {"wanted": 41, "pool_size": 40, "short": 1, "seated": 0},
    draw.DrawSeedWrong: {"most": 200},
    draw.DrawThrowsWrong: {"least": 10, "most": 200},
    origins.SeatNumberWrong: {"most": 9999},
}
KINDS = [
    kind
    for module in (address, address_file, cards, contact, draw, origins)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, BadInput) and kind.__module__ == module.__name__
]


def sentence(broken: BadInput) -> str:
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parents[2] / "templates"),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        autoescape=True,
    )
    pages.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    name = broken.code.replace(".", "/broken/", 1)
    return pages.get_template(f"{name}.html").render(facts=broken.facts).strip()


@pytest.mark.parametrize("kind", KINDS)
def test_each_refusal_says_in_plain_sentences_what_to_do(kind: type[BadInput]) -> None:
    text = sentence(kind(**FACTS.get(kind, {})))
    assert text.endswith((".", "?"))
    assert "<" not in text
    assert "  " not in text


def test_no_two_refusals_share_a_code() -> None:
    assert len({kind.code for kind in KINDS}) == len(KINDS) >= 36
    assert all(kind.code.startswith("panel.") for kind in KINDS)


def test_a_pool_that_is_too_small_tells_how_many_are_missing_and_why() -> None:
    text = sentence(draw.DrawPoolTooSmall(wanted=41, pool_size=40, short=1, seated=2))
    assert text.startswith("Je wilt 41 adressen loten en er zijn er 40: 1 te weinig.")
    assert text.endswith("2 adressen tellen niet mee, want die zijn al eerder geloot.")
    assert "Eén adres telt niet mee" in sentence(
        draw.DrawPoolTooSmall(wanted=41, pool_size=40, short=1, seated=1)
    )


def test_a_qr_code_from_elsewhere_is_not_a_card_of_tonight() -> None:
    assert "Dit is geen kaart van deze avond." in sentence(cards.CardFromElsewhere())

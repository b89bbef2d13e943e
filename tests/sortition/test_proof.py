"""What everyone sees of a draw, and that it names nobody."""

from fractions import Fraction

import pytest
from flask import Flask

from pb.draw_verify import check
from pb.panel.rules.origins import Origin
from pb.people.rules import Role
from pb.sortition.queries import draws as queries
from pb.sortition.rules.binding import Binding, Cause
from pb.sortition.rules.turns import figures_of
from pb.sortition.rules.turns_binding import binding_of_proof
from pb.sortition.views.proof import say_chance
from pb.store.engine import Store
from support.inviting import ask, invite_yes
from support.neighbourhood import Neighbourhood
from support.panel import key_of
from support.seat_draws import decide, freeze_draw, publish, read_number
from support.visitor import Visitor


@pytest.fixture
def asked(store: Store, place: Neighbourhood) -> Neighbourhood:
    """Give a round with 24 people who said yes, and two of the network with fixed seats."""
    ask(store, place)
    invite_yes(store, place, 24)
    invite_yes(store, place, 2, origin=Origin.INVITED)
    return place


def test_everyone_sees_the_draw_at_each_moment_and_never_a_person(
    app: Flask, store: Store, asked: Neighbourhood, visitor: Visitor
) -> None:
    draw_id = freeze_draw(store, asked, key=key_of(app))
    at = f"/ronde/{asked.round_id}/panel/loting/{draw_id}"
    for rest in ("", "/scherm", "/lijst.json", "/bewijs.json"):
        visitor.get(at + rest, status=404)
    visitor.get(f"/ronde/{asked.round_id}/panel/lotingen", status=404)
    publish(store, asked, draw_id)
    page = visitor.get(at)
    with store.reading() as session:
        held = queries.draw(session, round_id=asked.round_id, draw_id=draw_id)
        figures = queries.figures(session, held)
    assert "".join(node.text() for node in page.all(".fingerprint span")) == held.pack_sha256
    assert "Mensen in de loting 24" in page.text
    assert "van de 8 stoelen zijn er 2 voor mensen uit het netwerk" in page.text.lower()
    assert f"|panel-{asked.round_id}-1|0" in page.text
    assert sum(int(node.text()) for node in page.all(".draw-bars td.num")) == 24
    visitor.get(at + "/bewijs.json", status=404)
    visitor.get(f"/ronde/{asked.round_id + 1}/panel/loting/{draw_id}", status=404)
    visitor.get(f"/ronde/{asked.round_id}/panel/loting/{draw_id + 1}", status=404)
    with store.reading() as session:
        # A pack is read once, however often the page is asked for.
        assert queries.figures(session, held) is figures
    read_number(store, asked, draw_id, Role.AREA_MANAGER)
    assert "Twee mensen typen het over" in visitor.get(at).text
    read_number(store, asked, draw_id, Role.FACILITATOR)
    with store.reading() as session:
        number = queries.draw(session, round_id=asked.round_id, draw_id=draw_id).number
    assert number is not None
    assert f"Panel nummer {number} (de nummers lopen van 0 tot en met 39)" in visitor.get(at).text
    decide(store, asked, draw_id, key=key_of(app))
    page = visitor.get(at)
    assert [node.text() for node in page.all(".draw-codes li")] == list(figures.panel(number))
    assert page.all(f"a[href='/ronde/{asked.round_id}/panel']")
    pack, certificate = (visitor.raw("GET", at + name) for name in ("/lijst.json", "/bewijs.json"))
    assert "reached" not in certificate.text
    command = page.all("p.formula")[0].text()
    for file in (pack, certificate):
        assert file.headers["Content-Disposition"].rpartition("=")[2] in command
    assert check(pack.get_json(), published=held.pack_sha256, certificate=certificate.get_json()).wrong == []
    assert visitor.raw("GET", "/loting/draw_verify.py").data.startswith(b'"""Check a draw')
    listed = visitor.get(f"/ronde/{asked.round_id}/panel/lotingen").html
    for text in (page.html, pack.text, certificate.text, listed, visitor.get(at + "/scherm").html):
        assert "Voorbeeld lot" not in text
        assert "@post.example" not in text
        assert "Voorbeeldstraat" not in text


def pack_with(weights: list[dict[str, object]], lowest: str) -> dict[str, object]:
    return {
        "seats_drawn": 40,
        "lowest": lowest,
        "people": {str(one): {} for one in range(200)},
        "without_chance": [],
        "invited": {},
        "targets": [{"feature": "opleiding", "value": "hbo", "least": 10, "most": 16}],
        "proof": {"weights": weights, "limit": lowest},
    }


def test_the_reason_of_the_lowest_chance_is_read_from_the_public_proof() -> None:
    """113 people with hbo share at most 16 seats, as in the set wijk_200_40_f7: 16/113."""
    on_hbo = ["target", "opleiding", "hbo"]
    assert binding_of_proof(pack_with([{"on": on_hbo, "weight": "1"}], "16/113")) == Binding(
        Cause.MOST, 113, 16, "opleiding", "hbo", 16
    )
    assert binding_of_proof(pack_with([{"on": ["seats"], "weight": "1"}], "1/5")) == Binding(
        Cause.SEATS, 200, 40
    )
    both: list[dict[str, object]] = [{"on": ["seats"], "weight": "1"}, {"on": on_hbo, "weight": "-1"}]
    assert binding_of_proof(pack_with(both, "3/16")) == Binding(
        Cause.LEAST_OF_OTHERS, 160, 30, "opleiding", "hbo", 10
    )
    mixed = binding_of_proof(pack_with([{"on": on_hbo, "weight": "1/2"}, *both], "1/9"))
    assert mixed is not None
    assert mixed.cause is Cause.TOGETHER
    assert binding_of_proof({**pack_with([], "0"), "proof": None}) is None


@pytest.mark.parametrize(
    ("chance", "percent", "one_in"),
    [
        (Fraction(13, 70), "18,6", None),
        (Fraction(2, 5), "40,0", None),
        (Fraction(1, 5), "20,0", 5),
        (Fraction(1, 2000), "0,05", 2000),
        (Fraction(0), "0,0", None),
    ],
)
def test_a_chance_has_one_decimal_and_one_in_so_many_only_where_that_is_about_true(
    app: Flask, chance: Fraction, percent: str, one_in: int | None
) -> None:
    with app.test_request_context():
        said = say_chance(chance)
    assert (said.percent, said.one_in) == (percent, one_in)


def test_the_average_is_about_whoever_can_be_drawn() -> None:
    """Two of three people share one seat; the third fits in no panel: one in two, not one in three."""
    pack = {
        "draw": "x", "seats": 1, "seats_drawn": 1, "mode": None, "household_rule": False, "invited": {},
        "people": {"a": {}, "b": {}, "c": {}}, "left_out": [], "panels": [["a"], ["b"]],
        "chances": {"a": "1/2", "b": "1/2", "c": "0"}, "without_chance": ["c"], "targets": [],
        "lowest": "1/2", "highest": "1/2", "average": "1/3", "proof": None,
    }  # fmt: skip
    assert figures_of(pack).average == Fraction(1, 2)

"""What the targets do, on the page of the area manager."""

from fractions import Fraction

import pytest
from flask import Flask

from pb.inviting import queries, tables
from pb.panel.rules.origins import Origin
from pb.people.rules import Role
from pb.sortition.views.preview import Said, say_chance
from pb.store.engine import Store
from support.inviting import ask, invite_yes
from support.neighbourhood import Neighbourhood, email_of
from support.visitor import Page, Visitor


def show(app: Flask, place: Neighbourhood) -> Page:
    return Visitor(app).log_in(email_of(Role.AREA_MANAGER)).get(f"/werk/ronde/{place.round_id}/panel/doelen")


def aim(store: Store, place: Neighbourhood, name: str, least: int | None, most: int | None) -> None:
    with store.writing() as session:
        for feature in queries.appeal(session, round_id=place.round_id).features:
            for value in feature.values:
                if value.name == name:
                    row = session.get_one(tables.FeatureValue, value.id)
                    row.least, row.most = least, most


def test_before_anybody_answered_the_page_says_what_comes_next(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    """And before anything was written it goes to the first step."""
    assert show(app, place).answer.request.path.endswith("/vraag")
    ask(store, place)
    page = show(app, place)
    assert "Er heeft nog niemand ja gezegd." in page.text
    assert "Stuur eerst brieven" in page.text
    assert not page.all("table")


def test_chances_are_told_in_words_with_the_target_that_sets_the_lowest(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    """Forty people for eight seats: one in five on average."""
    ask(store, place)
    invite_yes(store, place, 40)
    page = show(app, place)
    assert "40 mensen zeiden ja, voor 8 plaatsen." in page.text
    assert "ongeveer 20 van elke 100 (20,0 %)" in page.text
    assert "Waarom de laagste kans niet hoger is:" in page.text
    assert "2 – 6" in page.text
    assert "zegt liever niet" in page.text
    assert "geen doel" in page.text
    assert "nog 1 nodig" not in page.text
    assert "geen kans heeft" not in page.text
    assert len(page.all("svg.target-bar")) == 4
    # No code of the draw and no name on a page that is printed and shown around.
    with store.reading() as session:
        codes = [one.code for one in queries.answers(session, round_id=place.round_id)]
    assert not any(code in page.html for code in codes)
    assert "Voorbeeld lot" not in page.html


def test_who_can_never_be_drawn_is_told_by_group(app: Flask, store: Store, place: Neighbourhood) -> None:
    """A maximum of nobody shuts people out; small groups are not counted to one."""
    ask(store, place)
    invite_yes(store, place, 40)
    aim(store, place, "huur", 0, 0)
    aim(store, place, "koop", 0, 8)
    page = show(app, place)
    assert "Wie nu geen kans heeft" in page.text
    assert "huur (woning)" in page.text
    assert "huur heeft maximum 0: dat sluit" in page.text
    assert "kans 0:" not in page.text


def test_too_few_answers_are_told_with_how_many_letters_more(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    """With the smallest change when targets contradict each other, and who loses by it."""
    ask(store, place)
    invite_yes(store, place, 12)
    aim(store, place, "huur", 8, 8)
    aim(store, place, "koop", 0, 0)
    page = show(app, place)
    assert "Zo kan er nog niet geloot worden" in page.text
    assert "Te weinig aanmeldingen" in page.text
    row = next(row for row in page.all("tr") if "huur" in row.text())
    assert "nodig" in row.text()
    assert "brieven erbij" in row.text()
    assert page.one(".summary a").attributes["href"].endswith("/panel/kenmerken")
    aim(store, place, "huur", 6, 8)
    aim(store, place, "koop", 3, 8)
    assert "minima van woning zijn samen 9" in show(app, place).text


def test_targets_that_contradict_each_other_name_the_smallest_change(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    """Whoever rents is a woman: four who rent and at most two women cannot be."""
    ask(store, place)
    ids = invite_yes(store, place, 12)
    with store.writing() as session:
        named = {
            (feature.name, value.name): (feature.id, value.id)
            for feature in queries.appeal(session, round_id=place.round_id).features
            for value in feature.values
        }
        for number, answer_id in enumerate(ids):
            for one in ("vrouw", "huur") if number % 2 else ("man", "koop"):
                name = "geslacht" if one in ("vrouw", "man") else "woning"
                feature_id, value_id = named[name, one]
                session.get_one(tables.AnswerFeature, (answer_id, feature_id)).value_id = value_id
    aim(store, place, "huur", 4, 6)
    aim(store, place, "vrouw", 0, 2)
    aim(store, place, "man", 2, 8)
    page = show(app, place)
    assert "De kleinste verandering:" in page.text
    assert "→" in page.text
    assert "kwijt" in page.text or "verliest dan" in page.text


@pytest.mark.parametrize("mode", ["fixed", "nominated"])
def test_the_price_of_the_network_is_shown_in_both_ways(
    app: Flask, store: Store, place: Neighbourhood, mode: str
) -> None:
    """Without them, fixed, and nominated; the way that was chosen is named."""
    ask(store, place, mode=mode, network_seats=2)
    invite_yes(store, place, 30)
    invite_yes(store, place, 4, origin=Origin.INVITED)
    page = show(app, place)
    assert "30 met een brief en 4 uit het netwerk" in page.text
    rows = [" ".join(row.text().split()) for row in page.all("table")[0].css("tbody tr")]
    assert rows[0].startswith("niemand, alles geloot ongeveer 26 van elke 100 (26,1 %)")
    assert ("4 vaste plaatsen" if mode == "fixed" else "2 vaste plaatsen") in rows[1]
    assert "4 loten mee om 2 plaatsen" in rows[2]
    assert ["zo is het nu" in row for row in rows] == [False, mode == "fixed", mode == "nominated"]


@pytest.mark.parametrize(
    ("chance", "said"),
    [
        (Fraction(16, 113), Said(14, 100, "14,2")),
        (Fraction(1), Said(100, 100, "100,0")),
        (Fraction(999, 1000), Said(99, 100, "99,9")),
        (Fraction(16, 2805), Said(1, 180, "0,57")),
        (Fraction(1, 2600), Said(1, 2600, "0,04")),
    ],
)
def test_a_chance_is_said_in_whole_people(chance: Fraction, said: Said) -> None:
    """Of every hundred, and when that is nobody: one of so many."""
    assert say_chance(chance) == said

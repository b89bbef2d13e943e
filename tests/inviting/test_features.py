"""The features that a round asks for: added with one press, typed by hand, kept from harm."""

from flask import Flask

from pb.inviting import queries, tables
from pb.inviting.rules.appeal import Feature
from pb.people.rules import Role
from pb.store.engine import Store
from support.inviting import ask, invite_yes
from support.neighbourhood import Neighbourhood, email_of
from support.visitor import Page, Visitor


def manager(app: Flask) -> Visitor:
    return Visitor(app).log_in(email_of(Role.AREA_MANAGER))


def features_of(store: Store, place: Neighbourhood) -> dict[str, Feature]:
    with store.reading() as session:
        return {one.name: one for one in queries.appeal(session, round_id=place.round_id).features}


def wrong(page: Page) -> str:
    return " ".join(node.text() for node in page.all("main .wrong, main .notice.warn"))


def test_a_feature_is_added_with_one_press_and_gets_targets_from_its_shares(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    """Numbers typed, targets computed, looked at, changed by hand, kept."""
    ask(store, place, seats=40)
    visitor = manager(app)
    path = f"/werk/ronde/{place.round_id}/panel/kenmerken"
    page = visitor.post(path, {"do": "ready-opleiding"})
    assert "Vul nu in hoeveel mensen" in page.text
    assert "opleiding" in page.text
    again = visitor.post(path, {"do": "ready-opleiding"}, status=422)
    assert "staat er al" in again.text
    found = features_of(store, place)["opleiding"]
    assert next(value.name for value in found.values) == "basis, vmbo of mbo 1"
    edit = f"{path}/{found.id}"
    typed = visitor.get(edit).values() | {"mensen-1": "1.250", "mensen-2": "2500", "mensen-3": "1250"}
    blank = visitor.post(edit, typed | {"do": "compute", "tolerance": ""})
    page = visitor.post(edit, typed | {"do": "compute"})
    assert blank.values()["max-2"] == page.values()["max-2"] == "24"
    held = page.values()
    assert [held[f"{side}-{n}"] for n in (1, 2, 3) for side in ("min", "max")] == [
        "6", "14", "16", "24", "6", "14",
    ]  # fmt: skip
    assert "nog niet bewaard" in page.text
    assert "25,0 % van de wijk, dat zijn 10,0 plaatsen" in page.text
    assert features_of(store, place)["opleiding"].values[0].people is None
    visitor.post(edit, held | {"do": "save", "max-1": "13"})
    kept = features_of(store, place)["opleiding"].values
    assert [(one.people, one.least, one.most) for one in kept] == [
        (1250, 6, 13),
        (2500, 16, 24),
        (1250, 6, 14),
    ]
    # All at once, for every feature of which the people are known.
    page = visitor.post(path, {"do": "compute", "tolerance": "5"})
    assert "3 kenmerken zijn uitgerekend" in page.text
    assert next((one.least, one.most) for one in features_of(store, place)["opleiding"].values) == (8, 12)


def test_one_more_answer_keeps_all_that_was_typed_without_a_script(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    """A row is added on the page; nothing is stored before saving."""
    ask(store, place)
    visitor = manager(app)
    path = f"/werk/ronde/{place.round_id}/panel/kenmerken/nieuw"
    typed = visitor.get(f"{path}?kant=buurt").values() | {"naam-1": "Noord", "mensen-1": "12", "why": "Zo."}
    page = visitor.post(path, typed | {"do": "more"})
    held = page.values()
    assert held["naam-1"] == "Noord"
    assert held["why"] == "Zo."
    assert held["naam-3"] == ""
    assert "buurt" not in features_of(store, place)
    visitor.post(path, held | {"naam-2": "Zuid", "do": "save"})
    assert [one.name for one in features_of(store, place)["buurt"].values] == ["Noord", "Zuid"]


def test_every_impossible_answer_is_told_in_its_row(app: Flask, store: Store, place: Neighbourhood) -> None:
    """Nothing typed is lost, whatever is wrong."""
    ask(store, place)
    visitor = manager(app)
    found = features_of(store, place)["woning"]
    path = f"/werk/ronde/{place.round_id}/panel/kenmerken/{found.id}"
    seen = visitor.get(path).values()
    for change, said in (
        ({"min-1": "7", "max-1": "5"}, "is het minimum (7) hoger dan het maximum (5)"),
        ({"min-1": "-3"}, "-3 kan niet. Kies 0 of meer."),
        ({"min-1": "vier"}, "‘vier’ is geen heel getal."),
        ({"max-1": "4.5"}, "‘4.5’ is geen heel getal."),
        ({"max-1": "9"}, "9 is meer dan de 8 plaatsen"),
        ({"naam-2": "HUUR"}, "‘HUUR’ staat twee keer (rij 1 en 2)."),
        ({"naam-1": ""}, "Hier ontbreekt het antwoord."),
        ({"naam-1": "zegt liever niet"}, "gebruikt de loting zelf"),
        ({"name": "bron"}, "gebruikt de loting zelf"),
        ({"name": "Geslacht"}, "Het kenmerk Geslacht staat er al."),
        ({"min-1": "6", "min-2": "5"}, "zijn samen 11, en er zijn 8 plaatsen. Maak ze samen 3 lager."),
        ({"min-1": "0", "max-1": "3", "max-2": "4"}, "zijn samen 7, en er zijn 8 plaatsen."),
        ({"naam-2": "", "mensen-2": "", "min-2": "", "max-2": ""}, "Geef minstens 2 antwoorden"),
        ({"mensen-2": "", "do": "compute"}, "ontbreekt nog bij: koop"),
    ):
        typed = seen | {"question": "Nog hier?"} | {"do": "save"} | change
        page = visitor.post(path, typed, status=422)
        assert said in wrong(page), (change, wrong(page))
        assert page.values()["question"] == "Nog hier?"
    assert features_of(store, place)["woning"] == found
    # Possible, but told.
    visitor.fill(path, {"min-1": "0", "max-1": "0", "max-2": "8", "do": "save"})
    page = visitor.get(f"/werk/ronde/{place.round_id}/panel/kenmerken")
    assert "‘huur’ heeft maximum 0. Wie dat kiest, kan niet geloot worden." in page.text


def test_what_people_answered_stays_what_they_answered(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    """Targets may change; an answer that somebody chose may not be renamed or go."""
    ask(store, place)
    invite_yes(store, place, 9)
    visitor = manager(app)
    found = features_of(store, place)["geslacht"]
    listed = f"/werk/ronde/{place.round_id}/panel/kenmerken"
    path = f"{listed}/{found.id}"
    page = visitor.fill(path, {"naam-1": "dame", "do": "save"}, status=422)
    assert "hebben ‘vrouw’ al gekozen" in wrong(page)
    assert page.values()["naam-1"] == "dame"
    visitor.fill(path, {"naam-1": "", "mensen-1": "", "min-1": "", "max-1": "", "do": "save"}, status=422)
    visitor.post(listed, {"do": f"remove-{found.id}"}, status=409)
    page = visitor.post(path, visitor.get(path).values() | {"max-1": "5", "do": "more"})
    visitor.post(path, page.values() | {"naam-3": "anders", "do": "save"})
    kept = features_of(store, place)["geslacht"].values
    assert [(one.name, one.most) for one in kept] == [("vrouw", 5), ("man", 6), ("anders", None)]
    assert kept[0].id == found.values[0].id
    # A feature that nobody was asked may go; of a new one it is told who did not get it.
    page = visitor.post(listed, {"do": "ready-taal thuis"})
    assert "9 mensen zeiden al ja en kregen deze vraag niet." in page.text
    new = features_of(store, place)["taal thuis"]
    visitor.post(listed, {"do": f"remove-{new.id}"})
    assert "taal thuis" not in features_of(store, place)


def test_two_people_at_one_feature_and_at_most_seven(app: Flask, store: Store, place: Neighbourhood) -> None:
    """Who comes second is told; what was typed stays."""
    ask(store, place)
    one, other = manager(app), manager(app)
    found = features_of(store, place)["woning"]
    listed = f"/werk/ronde/{place.round_id}/panel/kenmerken"
    path = f"{listed}/{found.id}"
    seen = one.get(path).values()
    other.fill(path, {"max-1": "5", "do": "save"})
    page = one.post(path, seen | {"min-1": "3", "do": "save"}, status=409)
    assert "Iemand anders heeft dit kenmerk net veranderd" in wrong(page)
    one.post(path, page.values() | {"do": "save"})
    assert features_of(store, place)["woning"].values[0].least == 3
    with store.writing() as session:
        for number in range(3, 8):
            session.add(
                tables.Feature(round_id=place.round_id, place=number, name=f"k{number}", question="?", why="")
            )
    assert not one.get(listed).all(".target-ready")
    refused = one.post(listed, {"do": "ready-leeftijd"}, status=422)
    assert "Er zijn al 7 kenmerken." in refused.text
    one.post(listed, {"do": "ready-nergens"}, status=404)
    one.post(listed, {"do": "compute", "tolerance": "veel"}, status=422)
    one.get(f"{listed}/999999", status=404)


def test_without_a_first_step_there_are_no_features_yet(app: Flask, place: Neighbourhood) -> None:
    """The page says what comes first."""
    page = manager(app).get(f"/werk/ronde/{place.round_id}/panel/kenmerken")
    assert page.answer.request.path.endswith("/vraag")
    assert "Schrijf eerst op wat je vraagt" in page.text

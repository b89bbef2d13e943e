"""The caller's list: one thumb, a name and a number, and nothing else of anybody."""

import sqlalchemy as sa
from flask import Flask

from pb.evening.tables import Evening
from pb.people.rules import Role
from pb.rounds.tables import RuleSetVersion
from pb.sortition.queries.steps import seats_now
from pb.sortition.rules.steps import Step
from pb.store.engine import Store
from support.neighbourhood import NOW, Neighbourhood, email_of
from support.panel import key_of
from support.seated import seat_panel
from support.visitor import Visitor


def test_a_caller_phones_notes_and_takes_a_mistake_back(
    app: Flask, store: Store, place: Neighbourhood, visitor: Visitor
) -> None:
    held = seat_panel(store, place, key=key_of(app))
    path = f"/werk/ronde/{place.round_id}/panel/bellen"
    visitor.log_in(email_of(Role.CALLER))
    page = visitor.get(path)
    assert "0 van de 12 komen. Nog 12 te bellen." in page.text
    first = page.all(".calls li")[0]
    assert first.css_first("a").attributes["href"].startswith("tel:06123")
    seat_id = held.seats[0].id
    button = f"#stoel-1 form[action='{path}/{seat_id}']"
    page = visitor.post(f"{path}/{seat_id}", page.values(button) | {"step": "asked"})
    # Whoever did not answer goes to the end of the list.
    assert page.all(".calls li")[-1].attributes["id"] == "stoel-1"
    assert "1× geen gehoor" in page.text
    old = page.values(button)
    page = visitor.post(f"{path}/{seat_id}", old | {"step": "confirmed"})
    assert "1 van de 12 komt. Nog 11 te bellen." in page.text
    page = visitor.post(f"{path}/{seat_id}", page.values(".call-undo form") | {"step": "undone"})
    assert "Stoel 1 staat weer zoals het was." in page.text
    page = visitor.post(f"{path}/{seat_id}", page.values(button) | {"step": "withdrawn"})
    assert "1 komt niet" in page.text
    # A press on what somebody else changed is told, with who did it and when.
    manager = Visitor(app).log_in(email_of(Role.AREA_MANAGER))
    page = manager.post(f"{path}/{seat_id}", {"seen": old["seen"], "step": "confirmed"}, status=409)
    assert "Stoel 1 is net veranderd door iemand anders." in page.text
    assert "Dat deed Proef caller." in page.text
    with store.reading() as session:
        seat = seats_now(session, round_id=place.round_id)[0]
    assert seat.state is Step.WITHDRAWN
    visitor.post(f"{path}/{seat_id}", {"step": "replaced", "seen": "1"}, status=404)
    visitor.post(f"{path}/99999", {"step": "asked", "seen": "0"}, status=404)


def test_a_search_finds_by_name_or_number_and_leaves_nothing_in_the_address(
    app: Flask, store: Store, place: Neighbourhood, visitor: Visitor
) -> None:
    held = seat_panel(store, place, key=key_of(app))
    path = f"/werk/ronde/{place.round_id}/panel/bellen"
    visitor.log_in(email_of(Role.CALLER))
    page = visitor.get(path)
    name = page.all(".call-name")[4].text().strip()
    found = visitor.fill(path, {"words": name.upper()}, form="form.range")
    assert name in {one.text().strip() for one in found.all(".call-name")}
    assert found.answer.request.query_string == b""
    assert [
        one.attributes["id"] for one in visitor.fill(path, {"words": "7"}, form="form.range").all(".calls li")
    ] == ["stoel-7"]
    assert "Niemand gevonden" in visitor.fill(path, {"words": "xyz"}, form="form.range").text
    assert len(held.seats) == 12


def test_a_caller_sees_no_mail_no_address_no_feature_and_no_other_page(
    app: Flask, store: Store, place: Neighbourhood, visitor: Visitor
) -> None:
    seat_panel(store, place, fixed=2, key=key_of(app))
    base = f"/werk/ronde/{place.round_id}/panel"
    visitor.log_in(email_of(Role.CALLER))
    html = visitor.get(f"{base}/bellen").html
    for secret in ("@post.example", "Voorbeeldstraat", "vrouw", "huur", "koop", "netwerk"):
        assert secret not in html, secret
    for closed in ("", "/wisselingen", "/gegevens", "/wisselingen/loten"):
        visitor.get(f"{base}{closed}", status=403)
    Visitor(app).log_in(email_of(Role.CALLER, "andere-wijk")).get(f"{base}/bellen", status=404)
    assert Visitor(app).get(f"{base}/bellen").answer.request.path == "/inloggen"


def test_the_page_says_what_to_say_and_what_to_do_when_nobody_answers(
    app: Flask, store: Store, place: Neighbourhood, visitor: Visitor
) -> None:
    held = seat_panel(store, place, key=key_of(app))
    path = f"/werk/ronde/{place.round_id}/panel/bellen"
    visitor.log_in(email_of(Role.CALLER))
    page = visitor.get(path)
    # Nothing is planned yet, so what people were told is what the call is about.
    assert (
        "Het gaat om: Dinsdag 6 april, 19.00 tot 21.30 uur, Buurthuis de Voorbeeld. Kunt u komen?”"
        in page.text
    )
    assert "In de brief stond" not in page.text
    with store.writing() as session:
        evening = Evening(
            round_id=place.round_id, name="Eerste avond", held_on=NOW.date(), place="De Kade", budget_cents=1,
            lot_seed="x", rule_set_id=session.scalars(sa.select(RuleSetVersion.id)).first(),
            stage="prepared", moved_at=NOW,
        )  # fmt: skip
        session.add(evening)
        session.flush()
        evening_id = evening.id
    page = visitor.get(path)
    assert "zaterdag 21 november 2026, De Kade" in page.all(".call-about")[0].text()
    assert "Bel terug op 010 123 45 67." in page.text
    for _try in range(3):
        button = f"#stoel-1 form[action='{path}/{held.seats[0].id}']"
        page = visitor.post(
            f"{path}/{held.seats[0].id}", visitor.get(path).values(button) | {"step": "asked"}
        )
    # After three calls the area manager writes, and sees where to.
    assert "Nog 11 te bellen." in page.text
    assert "Niet te bellen Geen telefoonnummer, of vaak genoeg gebeld." in page.text
    assert "@post.example" not in page.html
    manager = Visitor(app).log_in(email_of(Role.AREA_MANAGER))
    assert "1 persoon uit het panel van Voorbeeldronde is niet te bellen." in manager.get("/werk").text
    assert "@post.example" in manager.get(path).all("#stoel-1")[0].text()
    assert manager.get(path).html.count("mailto:") == 1
    # What is over is nothing to call about.
    with store.writing() as session:
        session.get_one(Evening, evening_id).stage = "done"
    assert "De Kade" not in visitor.get(path).text


def test_before_there_is_anybody_the_list_says_so(place: Neighbourhood, visitor: Visitor) -> None:
    visitor.log_in(email_of(Role.FACILITATOR))
    page = visitor.get(f"/werk/ronde/{place.round_id}/panel/bellen")
    assert "Er is nog niemand om te bellen." in page.text

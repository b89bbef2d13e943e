"""The draw on the pages of staff: one thing to do next, and nothing that somebody elsewhere may see."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from pb.core.dates import date_plain
from pb.inviting.rules.codes import own_code, own_lookup
from pb.inviting.tables import Answer, AnswerFeature, AnswerPerson, FeatureValue
from pb.panel.rules.origins import Origin
from pb.people.rules import Role
from pb.people.tables import Message
from pb.sortition.queries import draws as queries
from pb.sortition.rules.beacon import number_from_beacon
from pb.sortition.rules.moments import Source
from pb.sortition.tables import SeatDraw
from pb.store import journal
from pb.store.engine import Store
from support.inviting import ask, invite_yes
from support.neighbourhood import Neighbourhood, email_of
from support.panel import key_of
from support.seat_draws import VALUE, freeze_draw, publish, read_number
from support.today import now, today
from support.visitor import Page, Visitor


@pytest.fixture
def asked(store: Store, place: Neighbourhood) -> Neighbourhood:
    """Give a round with 24 people who said yes, and two of the network with fixed seats."""
    ask(store, place)
    invite_yes(store, place, 24)
    invite_yes(store, place, 2, origin=Origin.INVITED)
    return place


@pytest.fixture
def manager(visitor: Visitor, place: Neighbourhood) -> Visitor:
    # Staff must be there before they log in.
    assert place.staff
    return visitor.log_in(email_of(Role.AREA_MANAGER))


def path_of(place: Neighbourhood, rest: str = "") -> str:
    return f"/werk/ronde/{place.round_id}/panel/loten{rest}"


def ticked(page: Page, **changes: str) -> dict[str, object]:
    """Tick every doubt and choose a moment in three days."""
    boxes = [node.attributes.get("value") for node in page.all("input[name=known]")]
    return {"known": boxes, "day": date_plain(today(3)), "clock": "20.00"} | changes


def first_draw(store: Store, place: Neighbourhood) -> queries.DrawFacts | None:
    with store.reading() as session:
        return queries.first_draw(session, round_id=place.round_id)


def test_the_list_is_frozen_and_published_from_the_pages(
    store: Store, asked: Neighbourhood, manager: Visitor
) -> None:
    page = manager.get(path_of(asked))
    assert "24 mensen loten mee om 6 stoelen" in page.text
    assert "2 mensen uit het netwerk een vaste stoel" in page.text
    assert "Laagste kans" in page.text
    held = page.values()
    # Without a tick, without a moment: nothing happens and nothing is lost.
    # Freezing before the day on the letters is a decision of its own.
    assert "Op de brieven staat: antwoorden kan tot en met" in page.text
    missed = manager.post(path_of(asked), held | {"clock": "21.15"}, status=422)
    assert "Je legt de lijst vast vóór die dag." in missed.text
    late = manager.post(path_of(asked), held | ticked(page, clock="laat"), status=422)
    assert late.values()["clock"] == "laat"
    assert late.all("input[name=known][checked]")
    soon = ticked(page, day=date_plain(today()), clock="00.01")
    assert "minstens 60 minuten" in manager.post(path_of(asked), held | soon, status=422).text
    # An answer comes in between looking and freezing.
    with store.writing() as session:
        session.scalars(sa.select(Answer).limit(1)).one().withdrawn_at = now()
    again = manager.post(path_of(asked), held | ticked(page), status=409)
    assert "Er is nog niets vastgelegd" in again.text
    assert "23 mensen" in again.text
    assert first_draw(store, asked) is None
    done = manager.post(path_of(asked), again.values() | ticked(again, source="dice"))
    draw = first_draw(store, asked)
    assert draw is not None
    assert (draw.panels, draw.seats) == (1000, 6)
    print_of_list = "".join(node.text() for node in done.all(".fingerprint span"))
    assert print_of_list == draw.pack_sha256
    assert "Acht worpen" in done.text
    public = f"/ronde/{asked.round_id}/panel/loting/{draw.id}"
    manager.get(public, status=404)
    # Freezing again from another tab gives the same draw.
    manager.post(path_of(asked), again.values() | ticked(again))
    told = manager.post(path_of(asked, f"/{draw.id}/publiceer"))
    assert "krijgen een mail: 25" in told.text
    assert "nieuwsbrief" in told.text
    manager.post(path_of(asked, f"/{draw.id}/publiceer"))
    with store.reading() as session:
        mails = list(session.scalars(sa.select(Message)))
    assert len(mails) == 25
    assert draw.pack_sha256 == re.sub(r"\s", "", re.search(r"(([0-9a-f]{4}\s+){16})", mails[0].body)[0])  # type: ignore[index]
    assert public in mails[0].body
    assert "/mijn-loting" in mails[0].body
    manager.get(public)
    assert "Het getal is er nog niet" in manager.get(path_of(asked, f"/{draw.id}/getal")).text
    early = manager.post(path_of(asked, f"/{draw.id}/getal"), {"value": "41662531"}, status=409)
    assert "kan er nog niet zijn" in early.text


def test_two_people_read_the_number_and_the_panel_gets_its_seats(
    app: Flask, store: Store, asked: Neighbourhood, manager: Visitor
) -> None:
    draw_id = freeze_draw(store, asked, key=key_of(app))
    publish(store, asked, draw_id)
    number = path_of(asked, f"/{draw_id}/getal")
    page = manager.get(number)
    assert "api.drand.sh" in page.text
    assert "64 tekens" in manager.fill(number, {"value": "te kort"}, status=422).text
    assert manager.fill(number, {"value": "te kort"}, status=422).values()["value"] == "te kort"
    typed = manager.fill(number, {"value": VALUE})
    assert "Nu moet iemand anders typen" in typed.text
    # Who still can, and that the same person cannot.
    assert "Dit kan nog: Proef facilitator." in typed.text
    assert "Jij kunt niet ook de tweede zijn" in typed.text
    screen = f"/ronde/{asked.round_id}/panel/loting/{draw_id}/scherm"
    assert "Nu de tweede." in manager.get(screen).text
    facilitator = Visitor(app).log_in(email_of(Role.FACILITATOR))
    assert VALUE not in facilitator.get(number).html
    differs = facilitator.fill(number, {"value": "0" * 64})
    assert "De getallen verschillen" in differs.text
    # Each with a name, the parts that differ marked.
    assert [node.text() for node in differs.all(".beside dd")[0].css("mark")] == re.findall("....", VALUE)
    assert "verschil" in facilitator.get(screen).text
    assert VALUE not in facilitator.get(screen).html
    assert "Het is panel" in facilitator.fill(number, {"value": VALUE}).text
    facilitator.get(path_of(asked), status=403)
    held = first_draw(store, asked)
    assert held is not None
    before = manager.get(path_of(asked))
    assert f"panel nummer {held.number} (de nummers lopen van 0 tot en met 39)" in before.text
    # Too late to set it aside.
    manager.post(path_of(asked, f"/{draw_id}/opzij"), {"reason": "Bevalt niet."}, status=409)
    for _twice in range(2):
        done = manager.post(path_of(asked, f"/{draw_id}/uitslag"))
    assert "Alle stoelen zijn gegeven. Bel nu" in done.text
    with store.reading() as session:
        figures = queries.figures(session, held)
        codes = figures.panel(held.number or 0)
    shown = manager.get(screen)
    assert [node.text() for node in shown.all(".draw-codes li")] == list(codes)
    auditor = manager.raw("GET", path_of(asked, f"/{draw_id}/controleur.json"))
    assert auditor.get_json()["pack_sha256"] == held.pack_sha256


def test_throws_that_differ_are_shown_as_dice_and_settled_by_whoever_was_wrong(
    app: Flask, store: Store, asked: Neighbourhood, manager: Visitor
) -> None:
    draw_id = freeze_draw(store, asked, key=key_of(app), source=Source.DICE)
    publish(store, asked, draw_id)
    number = path_of(asked, f"/{draw_id}/getal")
    manager.fill(number, {"value": "41662531"})
    facilitator = Visitor(app).log_in(email_of(Role.FACILITATOR))
    second = facilitator.get(number)
    assert "Gooi niet opnieuw. Typ wat er nu ligt." in second.text
    assert "Gooi acht keer" not in second.text
    assert second.one("main .actions a[href='/werk']")
    differs = facilitator.fill(number, {"value": "41662537"}, status=422)
    assert "cijfer van 1 tot en met 6" in differs.text
    differs = facilitator.fill(number, {"value": "41362536"})
    assert "Het verschil zit in de worpen 3, 8." in differs.text
    off = differs.all(".beside dd")[1].css("li.off")
    assert [node.text() for node in off] == ["3", "6"]
    assert "Gooi niet opnieuw." in manager.get(number).text
    settled = facilitator.fill(number, {"value": "4 1 6 6 2 5 3 1"})
    assert "De wijkmanager geeft nu de stoelen." in settled.text
    screen = manager.get(f"/ronde/{asked.round_id}/panel/loting/{draw_id}/scherm")
    assert [node.attributes["aria-label"] for node in screen.all(".dice svg")] == list("41662531")


def test_practice_with_dice_shows_a_slip_and_leaves_nothing_behind(
    app: Flask, store: Store, asked: Neighbourhood, manager: Visitor
) -> None:
    soon = now() - timedelta(minutes=10)
    draw_id = freeze_draw(store, asked, key=key_of(app), source=Source.DICE, began=soon)
    publish(store, asked, draw_id, at=soon)
    path = path_of(asked, f"/{draw_id}/oefenen")
    assert "Oefen met dobbelstenen" in manager.get(path_of(asked, f"/{draw_id}/getal")).text
    wrong = manager.fill(path, {"first": "41662531", "second": "4166"}, status=422)
    assert wrong.values()["second"] == "4166"
    differs = manager.fill(path, {"first": "41662531", "second": "41662536"})
    assert "Het verschil zit in worp 8." in differs.text
    same = manager.fill(path, {"first": "41662531", "second": "4-1-6-6-2-5-3-1"})
    told = re.search(r"is het nummer (\d+)", same.text)
    assert told is not None
    # Not the panel that these throws would choose in the draw itself.
    name = f"panel-{asked.round_id}-1"
    assert int(told[1]) == number_from_beacon("4-1-6-6-2-5-3-1", "practice", 40).number
    assert int(told[1]) != number_from_beacon("4-1-6-6-2-5-3-1", name, 40).number
    with store.reading() as session:
        assert queries.readings(session, draw_id=draw_id) == []


def test_whoever_got_no_mail_is_told_by_phone_or_letter_and_ticked_off(
    app: Flask, store: Store, asked: Neighbourhood, manager: Visitor
) -> None:
    with store.writing() as session:
        people = list(session.scalars(sa.select(AnswerPerson).order_by(AnswerPerson.answer_id)))
        for person in people[:3]:
            person.email = ""
        people[0].phone = ""
        to_phone, refused = people[1].answer_id, people[5].email
        to_write, reached = people[0].answer_id, people[9].answer_id
        names = [person.name for person in people]
    soon = now() - timedelta(minutes=10)
    draw_id = freeze_draw(store, asked, began=soon)
    publish(store, asked, draw_id, at=soon)
    with store.writing() as session:
        for mail in session.scalars(sa.select(Message)):
            mail.sent_at = None if mail.to_email == refused else soon
            mail.tries = 3
    path = path_of(asked, f"/{draw_id}/vertellen")
    assert "4 mensen kregen geen mail." in manager.get(path_of(asked)).text
    page = manager.get(path)
    assert "Nog 4 mensen weten niet dat de lijst vastligt." in page.text
    assert "de mail kwam niet aan" in page.text
    assert "Voorbeeldstraat 1, 1234 AB Stad" in page.text
    assert [node.text().strip() for node in page.all(".call-name")] == [names[at] for at in (1, 2, 5, 0)]
    caller = Visitor(app).log_in(email_of(Role.CALLER))
    assert "3 mensen kregen geen mail over de vaste lijst" in caller.get("/werk").text
    seen = caller.get(path)
    # A caller sees whom to phone: no address, no mail, no letter.
    assert [node.text().strip() for node in seen.all(".call-name")] == [names[at] for at in (1, 2, 5)]
    assert "Voorbeeldstraat" not in seen.html
    assert "@post.example" not in seen.html
    caller.post(f"{path}/{to_write}", {"told": "yes"}, status=404)
    caller.post(f"{path}/{reached}", {"told": "yes"}, status=404)
    for _twice in range(2):
        done = caller.post(f"{path}/{to_phone}", {"told": "yes"})
    assert "Nog 2 mensen" in done.text
    assert "Nog 3 mensen" in manager.get(path).text
    assert "Proef caller" in manager.get(path).text
    with store.reading() as session:
        lines = [row for row in journal.lines(session) if row.what == "told of the list"]
    assert len(lines) == 1
    assert names[1] not in lines[0].facts
    assert "Nog 4 mensen" in manager.post(f"{path}/{to_phone}", {"told": "no"}).text
    for role in (Role.FACILITATOR, Role.FINANCE):
        Visitor(app).log_in(email_of(role)).get(path, status=403)
    Visitor(app).log_in(email_of(Role.CALLER, "andere-wijk")).get(path, status=404)


def test_whoever_was_in_the_list_hears_what_the_lot_did(
    app: Flask, store: Store, asked: Neighbourhood, manager: Visitor
) -> None:
    draw_id = freeze_draw(store, asked, key=key_of(app))
    publish(store, asked, draw_id)
    for role in (Role.AREA_MANAGER, Role.FACILITATOR):
        read_number(store, asked, draw_id, role)
    with store.writing() as session:
        session.execute(sa.delete(Message))
        held = queries.draw(session, round_id=asked.round_id, draw_id=draw_id)
        figures = queries.figures(session, held)
        panel = {*figures.panel(held.number or 0), *figures.invited}
        without = [one for one in session.scalars(sa.select(Answer)) if one.code not in panel][:2]
        for answer in without:
            session.get_one(AnswerPerson, answer.id).email = ""
        ids = [answer.id for answer in without]
        names = [session.get_one(AnswerPerson, one).name for one in ids]
    manager.get(path_of(asked, f"/{draw_id}/vertellen?nieuws=uitslag"), status=404)
    for _twice in range(2):
        done = manager.post(path_of(asked, f"/{draw_id}/uitslag"))
    assert "2 mensen zijn niet geloot en kregen geen mail." in done.text
    with store.reading() as session:
        mails = list(session.scalars(sa.select(Message)))
        by_subject = [sum(mail.subject.startswith(how) for mail in mails) for how in ("Je hebt", "Je bent")]
        lines = [row for row in journal.lines(session) if row.what == "seat draw decided"]
        codes = list(session.scalars(sa.select(Answer.code)))
    assert by_subject == [8, 16]
    assert '"told":24' in lines[0].facts.replace(" ", "")
    for mail in mails:
        assert "/mijn-loting" in mail.body
        assert not [code for code in codes if code in mail.body]
    assert "tot donderdag 1 juli 2027" in mails[-1].body
    caller = Visitor(app).log_in(email_of(Role.CALLER))
    assert "2 mensen zijn niet geloot voor Voorbeeldronde" in caller.get("/werk").text
    path = path_of(asked, f"/{draw_id}/vertellen")
    page = caller.get(f"{path}?nieuws=uitslag")
    assert "U bent niet geloot." in page.text
    assert [node.text().strip() for node in page.all(".call-name")] == names
    told = caller.post(f"{path}/{ids[0]}?nieuws=uitslag", {"told": "yes"})
    assert "Nog 1 persoon weet niet dat de loting geweest is." in told.text
    # A tick of its own: of the list nobody was told.
    assert "verteld" not in [node.text() for node in caller.get(path).all(".tag")]


def test_whoever_has_no_chance_is_told_so_beside_the_figures_by_name_and_on_the_own_page(
    app: Flask, store: Store, place: Neighbourhood, manager: Visitor
) -> None:
    """Eight seats, all for women: the others said yes for nothing."""
    ask(store, place)
    everybody = invite_yes(store, place, 24, key=key_of(app))
    with store.writing() as session:
        for value in session.scalars(sa.select(FeatureValue)):
            if value.name in ("man", "vrouw"):
                value.least, value.most = (0, 0) if value.name == "man" else (8, 8)
        women = session.scalar(
            sa.select(sa.func.count(AnswerFeature.answer_id)).join(
                FeatureValue, FeatureValue.id == AnswerFeature.value_id
            ).where(FeatureValue.name == "vrouw")
        )  # fmt: skip
    others = 24 - (women or 0)
    told = f"{others} mensen hebben geen kans en tellen hierboven niet mee."
    assert told in manager.get(f"/werk/ronde/{place.round_id}/panel/doelen").text
    page = manager.get(path_of(place))
    assert told in page.text
    assert f"{others} mensen hebben met deze doelen geen kans." in page.text
    soon = now() - timedelta(minutes=10)
    draw_id = freeze_draw(store, place, key=key_of(app), began=soon)
    publish(store, place, draw_id, at=soon)
    assert f"{others} mensen kunnen met deze doelen niet geloot worden." in manager.get(path_of(place)).text
    path = path_of(place, f"/{draw_id}/vertellen")
    listed = manager.get(path)
    assert f"Geen kans: {others}" in listed.text
    assert len(listed.all(".tag.no")) == others
    # Whoever only phones has no need of what it tells about a group.
    assert "Geen kans" not in Visitor(app).log_in(email_of(Role.CALLER)).get(path).text
    with store.reading() as session:
        held = queries.draw(session, round_id=place.round_id, draw_id=draw_id)
        without = set(queries.figures(session, held).without_chance)
        codes = {row.id: row.code for row in session.execute(sa.select(Answer.id, Answer.code))}
    mine = next(one for one in everybody if codes[one] in without)
    person = Visitor(app)
    with person.browser.session_transaction() as kept:
        kept["mine"] = own_lookup(key_of(app), own_code(key_of(app), mine))
    seen = person.get("/mijn-loting")
    assert seen.title == "Jij kunt nu niet geloot worden"
    assert "Valt er iemand uit? Dan kunnen we je nog vragen." in seen.text
    assert "Dan heb je een stoel" not in seen.text


def test_a_draw_set_aside_stays_public_with_its_reason_and_a_new_one_can_be_made(
    store: Store, asked: Neighbourhood, manager: Visitor
) -> None:
    soon = now() - timedelta(minutes=10)
    draw_id = freeze_draw(store, asked, began=soon)
    publish(store, asked, draw_id, at=soon)
    aside = path_of(asked, f"/{draw_id}/opzij")
    assert "Schrijf op waarom" in manager.fill(aside, {"reason": " "}, status=422).text
    page = manager.fill(aside, {"reason": "Twee brieven kwamen te laat."})
    assert "opnieuw vastleggen" in page.text
    assert "Leg de lijst vast" in page.text
    manager.get(path_of(asked))
    public = f"/ronde/{asked.round_id}/panel/loting/{draw_id}"
    assert "Twee brieven kwamen te laat." in manager.get(public).text
    assert "telt niet" in manager.get(f"/ronde/{asked.round_id}/panel/lotingen").text
    manager.post(path_of(asked, f"/{draw_id}/getal"), {"value": VALUE}, status=409)
    with store.reading() as session:
        assert session.get_one(SeatDraw, draw_id).spare_at is not None


def test_staff_of_another_area_and_other_roles_see_and_do_nothing(
    app: Flask, store: Store, asked: Neighbourhood
) -> None:
    draw_id = freeze_draw(store, asked)
    publish(store, asked, draw_id)
    read_number(store, asked, draw_id, Role.FACILITATOR)
    posts = ("", f"/{draw_id}/publiceer", f"/{draw_id}/getal", f"/{draw_id}/uitslag", f"/{draw_id}/opzij")
    gets = ("", f"/{draw_id}/getal", f"/{draw_id}/opzij", f"/{draw_id}/controleur.json")
    for email, status in (
        (email_of(Role.AREA_MANAGER, "andere-wijk"), 404),
        (email_of(Role.CALLER), 403),
        (email_of(Role.FINANCE), 403),
    ):
        stranger = Visitor(app).log_in(email)
        for rest in gets:
            stranger.get(path_of(asked, rest), status=status)
        for rest in posts:
            stranger.post(path_of(asked, rest), {"value": VALUE, "reason": "Ik wil het."}, status=status)
    with store.reading() as session:
        held = queries.draw(session, round_id=asked.round_id, draw_id=draw_id)
    assert held.value is None
    assert held.stands


def test_as_long_as_nothing_can_be_drawn_the_page_says_what_to_do(
    store: Store, place: Neighbourhood, manager: Visitor
) -> None:
    assert "Schrijf eerst op" in manager.get(path_of(place)).text
    ask(store, place)
    assert "Er zijn nog geen aanmeldingen" in manager.get(path_of(place)).text
    invite_yes(store, place, 3)
    assert "Er kan nog niet geloot worden" in manager.get(path_of(place)).text
    manager.get(path_of(place, "/1/opzij"), status=404)

"""The area manager's page of seats: what became of each, and how empty ones are given to others."""

import pytest
import sqlalchemy as sa
from flask import Flask

from pb.inviting.tables import Answer, AnswerFeature, AnswerPerson, FeatureValue
from pb.people.rules import Role
from pb.people.tables import Message
from pb.sortition.actions.steps import take_step
from pb.sortition.queries.steps import seats_now
from pb.sortition.rules.steps import Step
from pb.sortition.tables import SeatDraw
from pb.sortition.views import changes
from pb.store.engine import Store
from support.neighbourhood import NOW, Neighbourhood, email_of
from support.panel import key_of
from support.seated import SeatedPanel, seat_panel
from support.visitor import Visitor


def become(store: Store, place: Neighbourhood, held: SeatedPanel, at: int, step: Step) -> None:
    with store.writing() as session:
        take_step(
            session, round_id=place.round_id, seat_id=held.seats[at].id, step=step,
            seen=held.seats[at].standing.seen, who=place.who(Role.CALLER), now=NOW,
        )  # fmt: skip


def test_from_no_to_a_follower_by_draw_and_to_a_reserve(
    app: Flask, store: Store, place: Neighbourhood, visitor: Visitor
) -> None:
    held = seat_panel(store, place, key=key_of(app))
    path = f"/werk/ronde/{place.round_id}/panel/wisselingen"
    visitor.log_in(email_of(Role.AREA_MANAGER))
    assert "lege stoel" not in visitor.get(path).text
    visitor.get(f"{path}/loten", status=409)
    for at in (1, 6):
        become(store, place, held, at, Step.WITHDRAWN)
    page = visitor.get(path)
    assert "2 lege stoelen" in page.text
    assert "komt niet" in page.one("#stoel-2").text()
    assert "Proef caller" in page.one("#stoel-2").text()
    # Beforehand: numbers, no names.
    page = visitor.get(f"{path}/loten")
    assert "2 plaatsen te loten. 10 mensen houden hun stoel." in page.text
    assert "sha256(value of draw" in page.text
    assert "Voorbeeld lot" not in page.text
    page = visitor.fill(f"{path}/loten", {})
    assert "vervangen door stoel 13" in page.one("#stoel-2").text()
    assert "vervangen door stoel 14" in page.one("#stoel-7").text()
    assert "2 vervangers" in page.text
    with store.reading() as session:
        draw_id = session.scalars(sa.select(SeatDraw.id).where(SeatDraw.kind == "replacement")).one()
    proof = Visitor(app).get(f"/ronde/{place.round_id}/panel/loting/{draw_id}")
    assert "De regel is de sha256 van:" in proof.text
    assert "|replacement|1" in proof.text
    assert "13" not in Visitor(app).get(f"/ronde/{place.round_id}/panel/loting/{draw_id}").title
    # Later one of the newcomers does not come after all, and there is no time to draw.
    with store.reading() as session:
        newcomer = seats_now(session, round_id=place.round_id)[12]
    with store.writing() as session:
        session.get_one(Answer, newcomer.answer_id).withdrawn_at = NOW  # on their own page
    page = visitor.get(path)
    assert "Trok zich terug op de eigen pagina" in page.one("#stoel-13").text()
    first = page.values(f"form[action='{path}/reserve-nee']")["seen"]
    # Whoever follows was mailed; of who left, the name is still known until the day that was promised.
    with store.reading() as session:
        mails = list(session.scalars(sa.select(Message)))
    assert [mail.subject for mail in mails] == ["Je hebt een stoel in het panel"] * 2
    assert "naam gewist" not in page.text
    assert "naam niet meer bij deze stoel" in page.one("#stoel-7").text()
    assert "Bel de eerste." in page.text
    with store.writing() as session:
        session.get_one(AnswerPerson, int(first)).phone = ""
    assert "De eerste gaf geen telefoonnummer. Mail de eerste." in visitor.get(path).text
    page = visitor.post(f"{path}/reserve-nee", {"seen": first})
    assert "De volgende op de lijst is nu de eerste." in page.text
    assert page.values(f"form[action='{path}/reserve-nee']")["seen"] != first
    visitor.post(f"{path}/reserve-nee", {"seen": first}, status=409)
    page = visitor.get(path)
    page = visitor.post(
        f"{path}/reserve/{newcomer.id}", page.values(f"form[action='{path}/reserve/{newcomer.id}']")
    )
    assert "reserve" in page.one("#stoel-15").text()
    assert "vervangen door stoel 15" in page.one("#stoel-13").text()
    visitor.post(f"{path}/reserve/{newcomer.id}", {"seen": "1"}, status=409)


def test_people_who_did_not_come_and_room_for_new_people(
    app: Flask, store: Store, place: Neighbourhood, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = seat_panel(store, place, key=key_of(app))
    path = f"/werk/ronde/{place.round_id}/panel/wisselingen"
    for at in (0, 1):
        become(store, place, held, at, Step.CONFIRMED)
    visitor.log_in(email_of(Role.AREA_MANAGER))
    form = f"form[action='{path}/niet-gekomen']"
    page = visitor.fill(path, {"numbers": "1, 77", "evening": "1"}, status=422, form=form)
    assert "Op deze nummers zit niemand: 77." in page.text
    assert page.values(form)["numbers"] == "1, 77"
    visitor.fill(path, {"numbers": "1", "evening": "0"}, status=422, form=form)
    page = visitor.fill(path, {"numbers": "2 1", "evening": "1"}, form=form)
    assert "Opgeschreven: 2 kwamen niet." in page.text
    assert "kwam niet opdagen (avond 1)" in page.one("#stoel-1").text()
    # One in three is proposed; together with the two that are empty.
    form = f"form[action='{path}/roteren']"
    assert visitor.get(path).values(form)["newcomers"] == "4"
    visitor.fill(path, {"newcomers": "0"}, status=422, form=form)
    page = visitor.fill(path, {"newcomers": "10"}, status=422, form=form)
    assert "Kies een aantal van 1 tot en met 9." in page.text
    # Computing goes on beside the request; a page that waits comes back by itself.
    with monkeypatch.context() as at_once:
        at_once.setattr(changes, "SHOWN_WITHIN", 0.0)
        page = visitor.fill(path, {"newcomers": "3"}, form=form)
        assert "Aan het rekenen" in page.title
        assert page.all("meta[http-equiv=refresh]")
    monkeypatch.setattr(changes, "SHOWN_WITHIN", 120.0)
    page = visitor.get(f"{path}/loten?nieuw=3")
    assert "5 plaatsen te loten. 7 mensen houden hun stoel." in page.text
    page = visitor.fill(f"{path}/loten?nieuw=3", {})
    with store.reading() as session:
        seats = seats_now(session, round_id=place.round_id)
    assert (len(seats), len([seat for seat in seats if seat.sits])) == (17, 12)
    assert "5 nieuwe mensen, met plaatsmaken" in page.text


def test_a_target_gives_way_only_with_a_reason(
    app: Flask, store: Store, place: Neighbourhood, visitor: Visitor
) -> None:
    held = seat_panel(store, place, key=key_of(app))
    men = sa.select(AnswerFeature.answer_id).join(FeatureValue).where(FeatureValue.name == "man")
    with store.writing() as session:
        seated = {seat.answer_id: at for at, seat in enumerate(held.seats)}
        men_ids = set(session.scalars(men))
        free = men_ids - seated.keys()
        session.execute(sa.update(Answer).where(Answer.id.in_(free)).values(withdrawn_at=NOW))
    for answer_id in sorted(men_ids & seated.keys())[3:]:
        become(store, place, held, seated[answer_id], Step.WITHDRAWN)
    path = f"/werk/ronde/{place.round_id}/panel/wisselingen/loten"
    visitor.log_in(email_of(Role.AREA_MANAGER))
    page = visitor.get(path)
    assert "man: 0 mensen voor 1 plaats" in page.text or "Niet alle doelen kunnen blijven" in page.text
    assert "geslacht: man, minstens 4 3" in page.text
    page = visitor.fill(path, {"reason": "kort"}, status=422)
    assert "Schrijf in een paar woorden waarom." in page.text
    # Another widening than the one that was shown is not agreed to.
    page = visitor.fill(path, {"reason": "Er zijn geen mannen meer.", "changes": "0" * 16}, status=422)
    assert "Er is intussen iets veranderd." in page.text
    page = visitor.fill(path, {"reason": "Er zijn geen mannen meer op de lijst."})
    assert page.answer.request.path.endswith("/wisselingen")
    # Now there are more empty seats than people left: then no target can help.
    for at in range(8):
        if held.seats[at].answer_id not in men_ids:
            become(store, place, held, at, Step.WITHDRAWN)
    with store.writing() as session:
        session.execute(sa.update(Answer).where(Answer.id.not_in(seated)).values(withdrawn_at=NOW))
    page = visitor.get(path)
    assert "te weinig mensen over" in page.text
    assert not page.all("main form")


def test_before_the_draw_there_is_nothing_to_change(place: Neighbourhood, visitor: Visitor) -> None:
    visitor.log_in(email_of(Role.AREA_MANAGER))
    path = f"/werk/ronde/{place.round_id}/panel/wisselingen"
    assert "Er zijn nog geen stoelen." in visitor.get(path).text
    assert "nog niet geloot" in visitor.get(f"{path}/loten", status=409).text

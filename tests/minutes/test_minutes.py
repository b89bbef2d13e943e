"""The minutes: what an evening leaves behind, on a page, on paper, and in two mailboxes."""

import io
import json
import re
from collections.abc import Callable
from itertools import pairwise

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from pb import verify
from pb.core.codes import read_code
from pb.evening.actions.stickers import count_stickers, stick
from pb.evening.actions.ways import stand
from pb.evening.queries import evening_facts
from pb.evening.queries.seals import seals
from pb.evening.rules.floor import Way
from pb.evening.rules.seal import NothingToSeal, PracticeOnly, seal_code
from pb.evening.rules.steps import Stage
from pb.evening.rules.stickers import Colour, StickerTally
from pb.evening.tables import Evening, Event
from pb.minutes.queries import minutes
from pb.minutes.rules import (
    NotSettledYet,
    changes_after_reopening,
    check_settled,
    may_show_figures,
    may_show_ways,
    shown_counts,
    shown_ways,
)
from pb.panel.actions import new_card
from pb.people.queries import outbox
from pb.people.rules import Role
from pb.rounds.tables import Round
from pb.store.engine import Store
from pb.store.journal import JournalLine
from support.evenings import Asked, put_plans
from support.neighbourhood import NOW, Neighbourhood, email_of
from support.panel import key_of
from support.rich_evening import AMENDED, MINORITY, REASON, STOOD, rich_evening
from support.room import Hall, Phone, open_hall
from support.visitor import Page, Visitor


@pytest.fixture
def hall(app: Flask, store: Store, place: Neighbourhood) -> Hall:
    """Give an evening that is prepared; its doors are still shut."""
    return open_hall(app, store, place)


@pytest.fixture
def held(app: Flask, store: Store, place: Neighbourhood) -> Hall:
    """Give an evening that was held to the end, in every way."""
    return rich_evening(app, store, place)


def practised(hall: Hall) -> Hall:
    """Let everything that happened be practice."""
    with hall.store.writing() as session:
        session.execute(sa.update(Round).where(Round.id == hall.place.round_id).values(practice=True))
    return hall


def pdf(hall: Hall, language: str = "nl") -> PdfReader:
    answer = hall.staff(language=language).raw("GET", f"{hall.path}/verslag.pdf")
    assert answer.status_code == 200
    assert answer.content_type == "application/pdf"
    return PdfReader(io.BytesIO(answer.data))


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


# -- seals ---------------------------------------------------------------------------------------


def test_a_seal_is_the_first_45_bits_of_the_head_with_a_check_character() -> None:
    """Worked by hand: 45 zero bits are nine zeros, whose check is zero; 45 one bits are nine Zs."""
    assert seal_code("0" * 64) == "00000-00000"
    assert seal_code("f" * 64).startswith("ZZZZZ-ZZZZ")
    assert seal_code("f" * 11 + "8" + "0" * 52) == seal_code("f" * 64)
    code = seal_code("123456789abcdef" + "0" * 49)
    assert read_code(code.lower()) == code


def test_a_chain_without_events_has_no_seal() -> None:
    with pytest.raises(NothingToSeal):
        seal_code("")


def test_each_plan_is_sealed_at_its_last_closing_and_the_evening_at_its_end(held: Hall) -> None:
    with held.store.reading() as session:
        found = seals(session, evening_id=held.evening_id)
        at = evening_facts(session, evening_id=held.evening_id)
        closings = [
            (json.loads(facts)["item"], head)
            for facts, head in session.execute(
                sa.select(Event.facts, Event.hash).where(Event.kind == "scoring_closed").order_by(Event.seq)
            )
        ]
    assert len(closings) == 4  # the first plan twice
    assert found.plans == {item: seal_code(head) for item, head in closings}
    assert found.end == seal_code(at.head)
    assert len({found.end, *found.plans.values()}) == 4


def test_a_plan_that_is_open_again_has_no_seal_and_neither_has_an_evening_that_goes_on(hall: Hall) -> None:
    hall.bring_to("closed 1")
    with hall.store.reading() as session:
        assert len(seals(session, evening_id=hall.evening_id).plans) == 1
    hall.bring_to("open 2")
    with hall.store.reading() as session:
        found = seals(session, evening_id=hall.evening_id)
    assert len(found.plans) == 1
    assert found.end is None


def test_what_people_practised_with_is_never_sealed(held: Hall) -> None:
    with practised(held).store.reading() as session, pytest.raises(PracticeOnly):
        seals(session, evening_id=held.evening_id)


def test_the_seal_goes_to_whoever_leads_and_whoever_manages_when_the_outcome_stands(hall: Hall) -> None:
    hall.bring_to("divide")
    hall.agree()
    assert not mails_with_seal(hall)
    hall.staff(Role.OFFICER).fill(f"{hall.path}/bevestig", {}, form="main form")
    found = mails_with_seal(hall)
    with hall.store.reading() as session:
        end = seals(session, evening_id=hall.evening_id).end
    assert {address for address, _body in found} == {email_of(Role.FACILITATOR), email_of(Role.AREA_MANAGER)}
    assert all(end is not None and end in body and f"{hall.path}/verslag" in body for _address, body in found)


def test_no_seal_is_mailed_after_practice(hall: Hall) -> None:
    practised(hall).bring_to("divide")
    hall.staff(Role.OFFICER).raw("POST", f"{hall.path}/bevestig")
    hall.confirm()
    assert not mails_with_seal(hall)


def mails_with_seal(hall: Hall) -> list[tuple[str, str]]:
    with hall.store.reading() as session:
        return [(mail.to_email, mail.body) for mail in outbox(session) if "Zegel van" in mail.subject]


# -- what stands in them -------------------------------------------------------------------------


def test_the_minutes_count_everybody_who_stood_somewhere_however_they_stood(held: Hall) -> None:
    with held.store.reading() as session:
        found = minutes(session, evening_id=held.evening_id)
    assert {plan.item.plan.title: list(plan.counts or ()) for plan in found.plans} == STOOD
    assert [plan.ways for plan in found.plans] == [(7, 3, 1), (8, 2, 1), (8, 2, 1)]
    assert (found.who.came, found.who.phone, found.who.floor, found.who.paper) == (12, 8, 3, 1)


def test_the_minutes_say_how_many_people_moved(held: Hall) -> None:
    """Worked example: seat 5 went from 2 to 4; seats 1-4, 7, 8 and 12 stayed; seat 6 went to the floor."""
    with held.store.reading() as session:
        found = minutes(session, evening_id=held.evening_id)
    assert [plan.moved for plan in found.plans] == [1, 0, 0]


def test_the_minutes_say_why_a_plan_was_opened_again_and_what_changed(held: Hall) -> None:
    with held.store.reading() as session:
        (one,) = minutes(session, evening_id=held.evening_id).corrections
    assert (one.reason, one.granted, one.changes) == (REASON, True, 2)
    page = read(held)
    assert REASON in page.text
    assert "2 keer een cijfer veranderd" in page.text


def test_changes_are_counted_between_opening_again_and_closing() -> None:
    opened, closed = ("reopened", {"item": 1}), ("scoring_closed", {"item": 1})
    tap, other = ("scored", {"item": 1}), ("scored", {"item": 2})
    assert changes_after_reopening([tap, closed, opened, tap, other, tap, closed, tap]) == {1: [2]}
    assert changes_after_reopening([opened, closed, opened, tap, closed]) == {1: [0, 1]}
    assert changes_after_reopening([tap, closed, ("stage", {"to": "decide"})]) == {}


def test_four_scores_are_not_shown_and_five_are() -> None:
    assert shown_counts([0, 0, 0, 0, 4]) is None
    assert shown_counts([1, 0, 0, 0, 4]) == (1, 0, 0, 0, 4)


def test_counts_stand_beside_a_way_only_when_five_used_it_or_nobody(held: Hall) -> None:
    assert may_show_ways((7, 0, 5))
    assert not may_show_ways((7, 3, 0))
    assert not may_show_ways((8, 5, 1))
    # In the rich evening three stood on the floor and one was on paper.
    for told in (read(held).text, words(pdf(held))):
        assert "Telefoon Vloer Papier" not in told
        assert "op een van die manieren waren het er minder dan vijf" in told.lower()


def test_a_way_in_which_everybody_gave_the_same_figure_is_not_told_apart() -> None:
    assert may_show_figures([(1, 0, 0, 0, 6), (0, 0, 0, 0, 0), (2, 2, 2, 0, 0)])
    assert not may_show_figures([(7, 0, 0, 0, 0), (0, 0, 2, 2, 2)])


@given(st.lists(st.integers(0, 12), min_size=4, max_size=4))
def test_how_people_took_part_adds_up_and_a_small_number_cannot_be_worked_out(sizes: list[int]) -> None:
    ways = dict(zip(("phone", "floor", "paper", "none"), sizes, strict=True))
    found = shown_ways(came=sum(sizes), ways=ways)
    assert sum(found.alone.values()) + found.pooled == found.came
    assert {*found.alone, *found.together} == set(ways)
    assert len(found.together) != 1
    if sum(size > 0 for size in sizes) > 1:
        assert all(size == 0 or size >= 5 for size in found.alone.values())


def test_forms_that_were_not_typed_are_told_per_plan_with_who_went_on_without_them(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    """Worked example: two seats are on paper, nobody types their two plans, and the panel decides."""
    hall = open_hall(app, store, place, seats_wanted=8)
    hall.bring_to("doors")
    phones = [Phone(hall, number) for number in range(1, 9)]
    with store.writing() as session:
        for seat_id in hall.seat_ids[6:8]:
            stand(session, evening_id=hall.evening_id, seat_id=seat_id, way=Way.PAPER,
                  who=place.who(Role.FACILITATOR), now=NOW)  # fmt: skip
    for _item in hall.now_at().items:
        hall.press(2)
        for phone, score in zip(phones[:6], (5, 4, 4, 2, 5, 5), strict=True):
            phone.tap(score)
        hall.press()
    assert "met beslissen, zonder die cijfers" not in read(hall).text
    hall.press()
    page = read(hall)
    assert page.text.count("Papier: 0 van 2 formulieren tellen mee.") == 2
    assert "4 cijfers op papier tellen niet mee" in page.text
    assert "Dat gaat over 2 plannen." in page.text
    assert "met beslissen, zonder die cijfers." in page.text
    hall.follow_scores()
    hall.divide()
    hall.confirm()
    outcome = hall.staff().get(f"{hall.path}/uitslag").text
    assert "Een paar cijfers op papier tellen niet mee, minder dan vijf" in outcome
    assert "8 mensen deden mee op een van deze manieren" in outcome


def test_the_stickers_stand_in_the_minutes_per_colour_and_how_they_were_given(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    """Worked example: four phones and two people in the room stick on plan 1; two phones on plan 2."""
    hall = open_hall(app, store, place, seats_wanted=8)
    with store.writing() as session:
        session.execute(sa.update(Evening).values(stickers=True))
    assert "De stickerronde" not in read(hall).text
    hall.bring_to("closed 2")
    hall.press()
    who, now = place.who(Role.FACILITATOR), NOW
    for number, colours in enumerate((("green", "red"), ("green", "green"), ("orange",), ("red",)), start=1):
        Phone(hall, number)
        for item, colour in zip(hall.now_at().items, colours, strict=False):
            with store.writing() as session:
                stick(
                    session, evening_id=hall.evening_id, item_id=item.id, colour=Colour(colour),
                    seat_id=hall.seat_ids[number - 1], now=now,
                )  # fmt: skip
    with store.writing() as session:
        count_stickers(
            session, evening_id=hall.evening_id, position=1, counted=StickerTally(1, 0, 1), who=who, now=now
        )
    hall.press()
    hall.follow_scores()
    hall.divide()
    hall.confirm()
    with store.reading() as session:
        found = minutes(session, evening_id=hall.evening_id).stickers
    assert [(one.tally, one.phone, one.room) for one in found] == [
        (StickerTally(3, 1, 2), 4, 2),
        (None, 2, 0),
    ]
    page = read(hall)
    assert "De stickerronde" in page.text
    assert "1. Moestuin op het plein 3 1 2 4 2" in page.text
    assert "2. Repaircafé – – – 2 0" in page.text
    assert "Bij minder dan vijf stickers" in page.text
    assert "stickerronde" in words(pdf(hall))


def test_a_throw_in_the_room_and_plans_that_were_scored_again_fit_what_anyone_can_check(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    # Both plans stand equal, and the pot cannot carry half of what each asks: the order matters.
    hall = open_hall(app, store, place, budget_cents=600_000, moment="doors")
    host, manager = hall.staff(), hall.staff(Role.AREA_MANAGER)
    host.post(f"{hall.path}/lot", {"throw": "6 5 4 3 2"})
    for scores in ((5, 4, 4, 2, 5), (5, 5, 4, 4, 2)):
        hall.press(2)
        for number, score in enumerate(scores, start=1):
            Phone(hall, number).tap(score)
        hall.press()
    hall.press()
    hall.follow_scores()
    host.post(f"{hall.path}/beslis/1/opnieuw")
    host.post(f"{hall.path}/heropen/1", {"reason": REASON})
    manager.fill(f"{hall.path}/console", {"doe": "ja"}, form=".asked form")
    Phone(hall, 6).tap(1)
    hall.press(2)
    hall.follow_scores()
    hall.divide()
    hall.confirm()
    export = json.loads(manager.raw("GET", f"{hall.path}/uitvoer.json").get_data(as_text=True))
    assert verify.check(export, None).wrong == []
    assert export["evening"]["lot_seed"] == "6-5-4-3-2"


def test_a_chart_and_its_table_stay_on_one_page(app: Flask, store: Store, place: Neighbourhood) -> None:
    titles = tuple(f"Plan met een naam {n}" for n in range(1, 7))
    hall = open_hall(app, store, place, asked={title: Asked() for title in titles}, moment="doors")
    for _title in titles:
        hall.press(2)
        for number, score in enumerate((5, 4, 4, 2, 5, 1), start=1):
            Phone(hall, number).tap(score)
        hall.press()
    hall.press()
    hall.follow_scores()
    hall.divide()
    hall.confirm()
    reader = pdf(hall)
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert len(pages) > 3
    # A chart reads as its five counts and its five figures; its table begins with this row.
    for told in pages:
        assert told.count("1 1 0 2 2 1 2 3 4 5") == told.count("1 – nee, niet doen")
    assert sum(told.count("1 1 0 2 2 1 2 3 4 5") for told in pages) == len(titles)


def read(hall: Hall, role: Role = Role.FACILITATOR) -> Page:
    return hall.staff(role).get(f"{hall.path}/verslag")


def test_the_page_holds_the_decision_the_reason_the_minority_and_the_seal(held: Hall) -> None:
    page = read(held)
    reason = "Er is nog geen zwemles in de wijk"
    agreed = "Het panel is het eens met deze verdeling."
    changed = f"legden dat bedrag vast. De reden: {AMENDED}"
    none = "Geen minderheidsstandpunt."
    for told in (
        MINORITY,
        none,
        reason,
        "Een meerderheid besloot dit",
        "1 persoon schoof op",
        agreed,
        changed,
    ):
        assert told in page.text
    with held.store.reading() as session:
        found = seals(session, evening_id=held.evening_id)
    for code in (found.end, *found.plans.values()):
        assert code is not None
        assert code in page.text
    assert "Stoel" not in page.text
    assert f"--seal {found.end}" in page.text


def test_few_scores_are_not_shown(hall: Hall) -> None:
    hall.bring_to("closed 1", scores=(5, 4, 4, 2))
    page = read(hall)
    assert "Minder dan vijf" in page.text
    assert not page.all(".histogram")


@pytest.mark.parametrize(
    "moment", ["prepared", "doors", "open 1", "closed 1", "decide", "all decided", "divide"]
)
def test_before_the_end_the_page_says_that_it_is_not_settled_and_paper_waits(hall: Hall, moment: str) -> None:
    hall.bring_to(moment)
    host = hall.staff(Role.AREA_MANAGER)
    page = host.get(f"{hall.path}/verslag")
    assert "Nog niet vastgesteld" in page.text
    assert not page.all("a[href$='.pdf'], a[href$='.json']")
    for what in ("verslag.pdf", "uitvoer.json"):
        assert "staat nog niet vast" in host.get(f"{hall.path}/{what}", status=409).text


def test_practice_leaves_no_paper_and_no_export(held: Hall) -> None:
    host = practised(held).staff(Role.AREA_MANAGER)
    assert "proefavond" in host.get(f"{held.path}/verslag").text
    for what in ("verslag.pdf", "uitvoer.json"):
        assert "proefavond" in host.get(f"{held.path}/{what}", status=403).text


def test_only_a_real_evening_that_is_done_leaves_the_house() -> None:
    check_settled(stage=Stage.DONE, practice=False)
    with pytest.raises(PracticeOnly):
        check_settled(stage=Stage.DONE, practice=True)
    for stage in Stage:
        if stage is not Stage.DONE:
            with pytest.raises(NotSettledYet):
                check_settled(stage=stage, practice=False)


def test_who_may_read_and_who_may_take_the_export(held: Hall) -> None:
    for role, reads, takes in (
        (Role.FACILITATOR, 200, 403), (Role.AREA_MANAGER, 200, 200), (Role.OFFICER, 200, 403),
        (Role.RESEARCHER, 403, 200), (Role.FINANCE, 403, 403), (Role.COACH, 403, 403),
    ):  # fmt: skip
        somebody = held.staff(role)
        assert somebody.raw("GET", f"{held.path}/verslag").status_code == reads, role
        assert somebody.raw("GET", f"{held.path}/uitvoer.json").status_code == takes, role
    assert held.staff(Role.FACILITATOR, "andere-wijk").raw("GET", f"{held.path}/verslag").status_code == 404
    for role in (Role.OFFICER, Role.FACILITATOR):
        page = read(held, role)
        assert page.all("a[href$='.pdf']")
        assert not page.all("a[href$='.json']")
    assert read(held, Role.AREA_MANAGER).all("a[href$='.json']")
    with held.store.reading() as session:
        lines = session.execute(
            sa.select(JournalLine.actor_id, JournalLine.subject, JournalLine.facts).where(
                JournalLine.what == "export taken"
            )
        ).all()
    assert [(who, about, json.loads(facts)) for who, about, facts in lines] == [
        (held.place.staff[role], f"evening {held.evening_id}", {})
        for role in (Role.AREA_MANAGER, Role.RESEARCHER)
    ]


def test_the_second_evening_of_a_round_names_a_plan_by_its_place_and_its_number(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    put_plans(store, place, {"Een plan van eerder": Asked()})
    hall = open_hall(app, store, place, moment="closed 1")
    assert "Na plan 1 van de avond, nummer 2: Moestuin op het plein" in read(hall).text
    assert "nieuwe kaart" not in read(hall).text
    with store.writing() as session:
        for replaces in (1, 2):
            new_card(
                session, round_id=place.round_id, seat_id=hall.seat_ids[0], card_key=key_of(app),
                who=place.who(Role.AREA_MANAGER), now=NOW, replaces=replaces,
            )  # fmt: skip
    assert "Tijdens de avond zijn 2 nieuwe kaarten gemaakt." in read(hall).text


# -- on paper ------------------------------------------------------------------------------------


def test_the_paper_says_what_the_page_says(held: Hall) -> None:
    told = words(pdf(held))
    for one in (MINORITY, REASON, "1 persoon schoof op", "Naam, datum en handtekening", "Van € 20.000 is"):
        assert one.replace(" ", "") in re.sub(r"\s", "", told)
    with held.store.reading() as session:
        found = seals(session, evening_id=held.evening_id)
    for code in (found.end, *found.plans.values()):
        assert code is not None
        assert code in told
    assert held.now_at().head in re.sub(r"\s", "", told)


def test_the_paper_can_be_read_aloud(held: Hall) -> None:
    """PDF/UA-1: title, language, headings in order, header cells, words for charts."""
    reader = pdf(held)
    root = reader.trailer["/Root"].get_object()
    assert root["/Lang"] == "nl"
    assert bool(root["/MarkInfo"]["/Marked"])
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])
    assert reader.metadata is not None
    assert reader.metadata.title == "Verslag van Beslisavond"
    described = root["/Metadata"].get_object().get_data().decode()
    assert re.search(r"pdfuaid:part(>|=\")1", described)
    tags: list[tuple[str, bool]] = []
    walk(root["/StructTreeRoot"], lambda tag, has_alt: tags.append((tag, has_alt)))
    names = [tag for tag, _alt in tags]
    assert names.count("/H1") == 1
    assert names.count("/TH") >= 10
    assert {"/Table", "/TR", "/TD", "/H2", "/H3", "/P"} <= set(names)
    figures = [has_alt for tag, has_alt in tags if tag == "/Figure"]
    assert len(figures) == 3
    assert all(figures)
    levels = [int(name[2]) for name in names if re.fullmatch(r"/H\d", name)]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def walk(node: object, tell: Callable[[str, bool], None]) -> None:
    found = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(found, list):
        for one in found:
            walk(one, tell)
    elif isinstance(found, dict):
        if "/S" in found and "/K" in found:
            tell(str(found["/S"]), "/Alt" in found)
        if "/K" in found:
            walk(found["/K"], tell)


def test_the_paper_is_in_the_language_of_who_asks(held: Hall) -> None:
    assert pdf(held, "en").trailer["/Root"].get_object()["/Lang"] == "en"


def test_nothing_that_was_typed_breaks_the_paper(app: Flask, store: Store, place: Neighbourhood) -> None:
    odd = "#let x = [ $ * _ < > ] \\ \" ' ` @ = - + / ~ {} // /* 🎉 中文 حديقة"
    hall = open_hall(app, store, place, titles=(odd[:90], "x" * 90), moment="done")
    assert re.sub(r"\s", "", "#let x = [ $ * _ < > ]") in re.sub(r"\s", "", words(pdf(hall)))
    assert odd[:40] in Visitor(app).log_in(email_of(Role.FACILITATOR)).get(f"{hall.path}/verslag").text

"""The dossier: what the panel reads at home, film first, also on paper; what residents wrote stays text."""

import io
import re
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader

from pb.evening.actions.planning import plan_evening
from pb.evening.rules.dossier_key import dossier_key
from pb.evening.rules.screen_key import screen_key
from pb.people.rules import Role
from pb.plans.rules.film import read_film_link
from pb.plans.rules.plan import ApplicantType
from pb.store.engine import Store
from support.evenings import Asked, put_plans
from support.neighbourhood import NOW, Neighbourhood
from support.panel import key_of
from support.room import Hall, open_hall
from support.visitor import Visitor

FILM = read_film_link("https://youtu.be/aqz-KE-bpKQ", frozenset())
LONG = "Regentonnen voor de hele Havenstraat, met uitleg en hulp bij het plaatsen voor wie dat wil"
MARKUP = '#let x = 1 $ * _ < > [ ] { } \\ @bron `code` == kop // niets /* #include "x" ~ -- <p> #sys'
ARABIC = "حديقة للجميع في الساحة"
ARABIC_TEXT = "نريد أن نزرع الخضروات معا.\nكل يوم سبت."
PLANS = {
    "Moestuin op het plein": Asked(
        ask_cents=1_250_050, least_cents=500_000, film=FILM, kind=ApplicantType.GROUP,
        texts={"want": "Samen tuinieren.\n\nElke zaterdag.", "can_do": "Wij spitten zelf.", "need": "Aarde."},
    ),
    LONG: Asked(
        kind=ApplicantType.RESIDENT, texts={"want": MARKUP + "\n" + "lang woord " * 270, "need": "W" * 900}
    ),
    ARABIC: Asked(film=FILM, texts={"want": ARABIC_TEXT, "can_do": "🎉 中文 ﷽ \u202e\u200b"}),
    MARKUP[:90]: Asked(),
}  # fmt: skip


@pytest.fixture
def booklet(app: Flask, store: Store, place: Neighbourhood) -> Hall:
    """Give an evening about a plan with a film, a long one, an Arabic one and one full of odd signs."""
    return open_hall(app, store, place, asked=PLANS)


def path_of(hall: Hall) -> str:
    return f"{hall.path}/dossier/{dossier_key(key_of(hall.app), hall.evening_id)}"


def read_pdf(hall: Hall) -> PdfReader:
    answer = Visitor(hall.app).raw("GET", path_of(hall) + "/boekje.pdf")
    assert answer.status_code == 200
    assert answer.content_type == "application/pdf"
    return PdfReader(io.BytesIO(answer.data))


def words_of(page: object) -> str:
    return " ".join(page.extract_text().split())  # type: ignore[attr-defined]


def test_whoever_has_the_address_reads_every_plan_and_each_film_comes_before_its_title(booklet: Hall) -> None:
    page = Visitor(booklet.app).get(path_of(booklet))
    articles = page.all("article")
    assert [one.css_first("h2").text() for one in articles] == list(PLANS)
    first = articles[0].html or ""
    assert 0 < first.index("youtube-nocookie.com") < first.index("<h2")
    told = " ".join(articles[0].text().split())
    for words in ("Een groep bewoners", "€ 12.500,50", "lukt vanaf", "Wij spitten zelf"):
        assert words in told.replace("\u00a0", " ")
    assert "geen filmpje" in articles[1].text()
    assert page.answer.headers["X-Robots-Tag"] == "noindex"


def test_the_address_of_the_dossier_is_not_that_of_the_screen_or_of_another_evening(booklet: Hall) -> None:
    key, evening_id = key_of(booklet.app), booklet.evening_id
    for wrong in (screen_key(key, evening_id), dossier_key(key, evening_id + 1), "x", "é" * 22):
        for end in ("", "/boekje.pdf"):
            answer = Visitor(booklet.app).raw("GET", f"{booklet.path}/dossier/{wrong}{end}")
            assert answer.status_code == 404
    assert Visitor(booklet.app).raw("GET", "/avond/999999/dossier/x").status_code == 404


def test_staff_find_the_link_to_send_to_the_panel(booklet: Hall) -> None:
    page = booklet.staff().get(f"{booklet.path}/dossier")
    assert path_of(booklet) in page.one(".send").text()
    assert page.all(f"a[href='{path_of(booklet)}/boekje.pdf']")
    booklet.staff(Role.AREA_MANAGER, area="andere-wijk").get(f"{booklet.path}/dossier", status=404)


def test_on_paper_the_agenda_is_first_and_each_plan_begins_a_page_with_its_film(booklet: Hall) -> None:
    pages = [words_of(page) for page in read_pdf(booklet).pages]
    assert "De agenda" in pages[0]
    assert pages[0].index("1 Moestuin") < pages[0].index("2 Regentonnen") < pages[0].index("4 #let")
    film, no_film = "Bekijk eerst het filmpje youtu.be/aqz-KE-bpKQ", "Bij dit plan is geen filmpje."
    assert pages[1].startswith(f"{film} 1. Moestuin op het plein")
    assert pages[2].startswith(no_film)
    assert "2. Regentonnen" in pages[2]
    assert any(page.startswith(film) for page in pages[3:])
    assert any(page.startswith(no_film) and "4. #let x" in page for page in pages[3:])


def test_what_residents_wrote_is_printed_as_they_wrote_it_and_means_nothing(booklet: Hall) -> None:
    reader = read_pdf(booklet)
    told = "".join(page.extract_text() for page in reader.pages)
    assert re.sub(r"\s", "", MARKUP) in re.sub(r"\s", "", told)
    assert told.replace("\u200b", "").replace("\n", "").count("W" * 40) > 10


def test_the_booklet_can_be_read_aloud(booklet: Hall) -> None:
    reader = read_pdf(booklet)
    root = reader.trailer["/Root"].get_object()
    assert root["/Lang"] == "nl"
    assert bool(root["/MarkInfo"]["/Marked"])
    assert root["/StructTreeRoot"]["/K"]
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])
    assert "Avondboekje" in reader.metadata.title
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()


@pytest.mark.parametrize(
    "odd", ["", "🎉", "中文", "\u202e", "é", "e\u0301", "\ufdfd", "\U0001f468\u200d\U0001f469"]
)
def test_any_title_gives_a_booklet(app: Flask, store: Store, place: Neighbourhood, odd: str) -> None:
    title = f"Plan {odd}".strip()
    hall = open_hall(app, store, place, asked={title: Asked(texts={"want": odd * 200})})
    assert len(read_pdf(hall).pages) >= 2


def test_the_booklet_is_in_the_language_of_who_asks_for_it(booklet: Hall) -> None:
    answer = Visitor(booklet.app, "en").raw("GET", path_of(booklet) + "/boekje.pdf")
    assert PdfReader(io.BytesIO(answer.data)).trailer["/Root"].get_object()["/Lang"] == "en"


def test_the_booklet_follows_the_agenda(app: Flask, store: Store, place: Neighbourhood) -> None:
    plan_ids = put_plans(store, place, {"Eén": Asked(), "Twee": Asked()})
    with store.writing() as session:
        evening_id = plan_evening(
            session, round_id=place.round_id, name="Avond", held_on=NOW.date(), place="", budget_cents=100,
            lot_seed="1", plan_ids=list(reversed(plan_ids.values())), who=place.who(Role.AREA_MANAGER),
            now=NOW,
        )  # fmt: skip
    page = Visitor(app).get(f"/avond/{evening_id}/dossier/{dossier_key(key_of(app), evening_id)}")
    assert [one.text() for one in page.all("article h2")] == ["Twee", "Eén"]


def test_no_letters_are_fetched_from_elsewhere() -> None:
    fonts = Path(__file__).parents[2] / "static" / "fonts"
    assert len(list(fonts.glob("*.ttf"))) == 5

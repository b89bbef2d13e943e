"""What people type by accident, and what others try: told at the field, nothing lost, nothing broken."""

from typing import Any

import pytest
import sqlalchemy as sa
from selectolax.lexbor import LexborHTMLParser

from pb.plans.tables import Plan
from pb.store.engine import Store
from support.neighbourhood import Neighbourhood
from support.visitor import Page, Visitor

SENTENCE_PER_TITLE = {
    "": "Geef je plan een naam",
    "x": "minstens 3 tekens",
    "x" * 10_000: "te lang",
    "😀😀😀😀": "geen letters",
    "123 456": "geen letters",
    "\u200b\u200b\u200b": "Geef je plan een naam",
    "Moestuin \u202enoo\u202c": "leesrichting",
    "M\u0300\u0301\u0302\u0303\u0304\u0305\u0306oestuin": "accenten",
}
SENTENCE_PER_AMOUNT = {
    "-1": "",
    "0": "hoger is dan 0",
    "0,00": "hoger is dan 0",
    "0.001": "",
    "1e9": "",
    "300.000,01": "in de hele pot zit",
    "300,000": "",
    "300.0000": "",
    "honderd": "",
    "$ 100": "",
    "100 - 200": "",
    "9" * 400: "",
    "١٠٠": "",
    "NaN": "",
    "1/3": "",
}
SITES = "YouTube, Vimeo"
SENTENCE_PER_LINK = {
    "javascript:alert(1)": SITES,
    "data:text/html,<script>alert(1)</script>": "",
    "vbscript:msgbox": SITES,
    "file:///etc/passwd": SITES,
    "ftp://youtube.com/watch?v=dQw4w9WgXcQ": SITES,
    "//evil.example/dQw4w9WgXcQ": SITES,
    "https:evil.example": SITES,
    "http:///x": SITES,
    "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ": SITES,
    "https://www.youtube.com@evil.example/watch?v=dQw4w9WgXcQ": "",
    "https://www.youtube.com\\@evil.example": "",
    "https://evil.example#youtube.com": SITES,
    "https://xn--yotube-5ub.com/watch?v=dQw4w9WgXcQ": SITES,
    "https://www.youtube.com./watch?v=dQw4w9WgXcQ": "",
    "https://www.youtube.com:8080/watch?v=dQw4w9WgXcQ": "",
    "https://www.you\ttube.com/watch?v=dQw4w9WgXcQ": "",
    "http://127.0.0.1/x": SITES,
    "http://[::1]/x": "",
    "http://2130706433/x": "",
    "http://169.254.169.254/latest/meta-data": SITES,
    "https://localtest.me/watch?v=dQw4w9WgXcQ": SITES,
    "https://www.youtube.com/redirect?q=https://evil.example": "stuurt mensen door",
    "https://www.youtube.com/playlist?list=PL1234567890": "lijst met films",
    "https://www.youtube.com/@kanaal": "kanaal",
    "https://www.youtube.com/watch?v=tekort": "nummer van de film",
    "http://www.youtube.com/watch?v=dQw4w9WgXcQ": "Begin met https",
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ&x=%00": "",
    "https://www.youtube.com/watch?" + "&".join(f"a{n}=1" for n in range(2000)): "te lang",
    "https://www.youtube.com/" + "a" * 100_000: "te lang",
    "kijk maar op mijn kanaal": "webadres",
}
ATTACKS = [
    "<script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    '" onfocus="alert(1)" autofocus="',
    "' onmouseover='alert(1)",
    '"><svg onload=alert(1)>',
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>klik</a>",
    "<math><mtext></p><style><img src=x onerror=alert(1)></style></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<details open ontoggle=alert(1)>",
    "{{7*7}} woord",
    "{% raise %} woord",
    "${7*7} woord",
    "#{7*7} woord",
    "%(naam)s %s %d woord",
    "{naam} {0} woord",
    "<!-- woord",
    "--> woord",
    "]]></p>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62; woord",
    "\\u003cscript\\u003ealert(1)",
    "</script><script>alert(1)</script>",
    "=HYPERLINK(\"https://evil.example\")",
    "\"; DROP TABLE plans_plan; --",
    "javascript:alert(1)//",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content=0;url=https://evil.example>",
    "<form action=https://evil.example><button>Dien in</button></form>",
    "<link rel=stylesheet href=//evil.example/x.css>",
]  # fmt: skip


def wrong_at(page: Page, field: str) -> str:
    """Give the sentence at a field."""
    return " ".join(page.one(f"#{field}-fout").text().split())


def stored(store: Store) -> tuple[Any, ...]:
    with store.reading() as session:
        row = session.execute(
            sa.select(Plan.title, Plan.want, Plan.ask_cents, Plan.least_cents, Plan.film_video_id)
        ).one()
        return tuple(row)


@pytest.mark.parametrize("title", SENTENCE_PER_TITLE, ids=lambda title: ascii(title)[:30])
def test_a_name_that_cannot_be_a_name_is_told_at_the_field(
    resident: Any, place: Neighbourhood, store: Store, title: str
) -> None:
    resident.begin(place.round_id)
    page = resident.answer(1, status=422, title=title, want="Dit wil ik.")
    assert SENTENCE_PER_TITLE[title] in wrong_at(page, "title")
    assert page.one("#title").attributes["aria-invalid"] == "true"
    assert page.values("form#vraag")["want"] == "Dit wil ik."
    assert page.values("form#vraag")["title"] == title
    assert stored(store)[:2] == ("", "")


def test_a_name_with_a_character_that_is_no_text_is_refused(
    resident: Any, place: Neighbourhood, store: Store
) -> None:
    resident.begin(place.round_id)
    held = resident.get(f"{resident.plan}/stap/1").values("form#vraag") | {
        "title": "Moestuin\x00",
        "want": "Dit.",
    }
    assert resident.raw("POST", f"{resident.plan}/stap/1", data=held).status_code == 422
    assert stored(store)[:2] == ("", "")


@pytest.mark.parametrize("field", ["want", "can_do", "need"])
def test_an_answer_that_is_too_long_is_told_and_stays(
    resident: Any, place: Neighbourhood, field: str
) -> None:
    step = {"want": 1, "can_do": 2, "need": 3}[field]
    resident.begin(place.round_id)
    page = resident.answer(step, status=422, **{field: "woord " * 2000})
    assert "te lang" in wrong_at(page, field)
    assert page.values("form#vraag")[field] == "woord " * 2000


@pytest.mark.parametrize(
    ("field", "amount"),
    [
        (field, amount)
        for field in ("ask_cents", "least_cents")
        for amount in SENTENCE_PER_AMOUNT
        if field == "ask_cents" or amount not in ("0", "0,00")
    ],
    ids=lambda given: ascii(given)[:20],
)
def test_an_amount_that_is_none_is_told_at_the_field(
    resident: Any, place: Neighbourhood, store: Store, field: str, amount: str
) -> None:
    resident.begin(place.round_id)
    page = resident.answer(3, status=422, **{field: amount})
    sentence = wrong_at(page, field)
    assert sentence != "Fout:"
    if field == "ask_cents":
        assert SENTENCE_PER_AMOUNT[amount] in sentence.replace("\u00a0", " ")
    held = page.values("form#vraag")
    assert held[field] == amount
    assert held["need"] == "Hout, aarde en planten."
    assert held["applicant_kind"] == "group"
    assert stored(store)[2:4] == (None, None)


@pytest.mark.parametrize(
    ("ask", "least", "field", "sentence"),
    [
        ("75.000,01", "0", "ask_cents", "in de hele pot zit € 75.000"),
        ("1.000", "1.000,01", "least_cents", "Je vraagt € 1.000, maar je hebt minstens € 1.000,01 nodig"),
        ("40.000", "30.000,01", "least_cents", "hoogstens € 30.000"),
    ],
)
def test_a_minimum_above_the_cap_is_told_before_the_evening(
    resident: Any, place: Neighbourhood, ask: str, least: str, field: str, sentence: str
) -> None:
    resident.begin(place.round_id)
    page = resident.answer(3, status=422, ask_cents=ask, least_cents=least)
    assert sentence in wrong_at(page, field).replace("\u00a0", " ")


@pytest.mark.parametrize(("ask", "least"), [("0,01", "0,01"), ("75.000", "30.000"), ("1", "")])
def test_amounts_on_the_edge_are_kept_to_the_cent(
    resident: Any, place: Neighbourhood, store: Store, ask: str, least: str
) -> None:
    resident.begin(place.round_id)
    resident.answer(3, ask_cents=ask, least_cents=least)
    assert stored(store)[2:4] == {
        "0,01": (1, 1), "75.000": (7_500_000, 3_000_000), "1": (100, 0),
    }[ask]  # fmt: skip


@pytest.mark.parametrize("kind", ["", "koning", "resident'--", "None"])
def test_who_asks_is_one_of_the_choices(resident: Any, place: Neighbourhood, store: Store, kind: str) -> None:
    resident.begin(place.round_id)
    if kind == "":
        resident.answer(3, applicant_kind=kind)
        return
    page = resident.answer(3, status=422, applicant_kind=kind)
    assert "Kies een van de mogelijkheden" in wrong_at(page, "applicant_kind")


@pytest.mark.parametrize("link", SENTENCE_PER_LINK, ids=lambda link: ascii(link)[:40])
def test_a_link_that_is_no_film_is_told_at_the_field(
    resident: Any, place: Neighbourhood, store: Store, link: str
) -> None:
    resident.begin(place.round_id)
    page = resident.answer(4, status=422, film=link)
    sentence = wrong_at(page, "film")
    assert sentence != "Fout:"
    assert SENTENCE_PER_LINK[link] in sentence
    assert page.values("form#vraag")["film"] == link
    assert stored(store)[4] is None


@pytest.mark.parametrize(
    ("link", "player"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=PL1&autoplay=1",
         "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0"),
        ("https://youtu.be/dQw4w9WgXcQ?si=volgt-je", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0"),
        ("youtube.com/shorts/dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0"),
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?dnt=1"),
        ("https://film.example/w/9c9de5e8-0a1e-484a-b099-e80766180a6d",
         "https://film.example/videos/embed/9c9de5e8-0a1e-484a-b099-e80766180a6d?p2p=0"),
    ],
)  # fmt: skip
def test_of_a_link_only_which_film_it_is_stays(
    resident: Any, place: Neighbourhood, link: str, player: str
) -> None:
    resident.begin(place.round_id)
    resident.answer(4, film=link)
    page = resident.get(f"{resident.plan}/stap/5")
    assert page.one("[data-player]").attributes["data-player"] == player


def skeleton(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """List every element of a page with the names of its attributes."""
    tree = LexborHTMLParser(html)
    return [(node.tag, tuple(sorted(node.attributes))) for node in tree.css("*")]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: ascii(attack)[:40])
def test_what_looks_like_a_page_stays_words(
    resident: Any, manager: Visitor, place: Neighbourhood, store: Store, attack: str
) -> None:
    resident.walk(place.round_id)
    resident.confirm("bewoner@post.example")
    resident.hand_in()
    plan_id = resident.plan_id

    def fill_in(words: str) -> None:
        with store.writing() as session:
            row = session.get_one(Plan, plan_id)
            row.title = words[:90]
            row.want = row.can_do = row.need = row.declined_reason = row.declined_alternative = words

    def stand(state: str) -> None:
        with store.writing() as session:
            session.get_one(Plan, plan_id).state = state

    pages = [
        ("draft", resident, f"{resident.plan}/stap/1"),
        ("draft", resident, f"{resident.plan}/stap/2"),
        ("draft", resident, f"{resident.plan}/stap/3"),
        ("draft", resident, f"{resident.plan}/stap/4"),
        ("draft", resident, f"{resident.plan}/stap/5"),
        ("declined", resident, "/mijn-plannen"),
        ("ready", resident, f"/ronde/{place.round_id}/plan/1"),
        ("declined", manager, f"/werk/ronde/{place.round_id}/plan/{plan_id}"),
        ("submitted", manager, f"/werk/ronde/{place.round_id}/plannen"),
    ]
    for state, who, path in pages:
        stand(state)
        fill_in("Gewone woorden")
        harmless = who.raw("GET", path)
        fill_in(attack)
        answer = who.raw("GET", path)
        assert answer.status_code == harmless.status_code == 200
        assert skeleton(answer.text) == skeleton(harmless.text), path
        # Read back as a person reads it: the words themselves, everywhere.
        words = LexborHTMLParser(answer.text)
        seen = (words.css_first("main").text() or "") + " ".join(
            node.attributes.get("value") or node.attributes.get("data-title") or ""
            for node in words.css("main input, main [data-title]")
        )
        assert attack[:90] in seen, path


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: ascii(attack)[:40])
def test_a_refused_form_gives_an_attack_back_as_words(
    resident: Any, place: Neighbourhood, attack: str
) -> None:
    resident.begin(place.round_id)
    path = f"{resident.plan}/stap/3"
    token = resident.get(path).values("form#vraag")
    answers = [
        resident.raw("POST", path, data=token | {"need": words, "ask_cents": words, "least_cents": words})
        for words in ("Gewone woorden", attack)
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert skeleton(answers[0].text) == skeleton(answers[1].text)
    film = f"{resident.plan}/stap/4"
    token = resident.get(film).values("form#vraag")
    answers = [
        resident.raw("POST", film, data=token | {"film": words}) for words in ("Gewone woorden", attack)
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert skeleton(answers[0].text) == skeleton(answers[1].text)


def test_a_text_of_600_kilobytes_is_refused_before_it_is_read_and_stays_in_the_browser(
    resident: Any, place: Neighbourhood, store: Store
) -> None:
    resident.begin(place.round_id)
    page = resident.answer(1, status=422, want="x" * 400_000)
    assert "te lang" in wrong_at(page, "want")
    assert page.values("form#vraag")["want"] == "x" * 400_000
    page = resident.answer(1, status=413, want="x" * 600_000)
    assert "Maak de tekst of het bestand kleiner." in page.text
    assert stored(store)[:2] == ("", "")
    part = b'--x\r\nContent-Disposition: form-data; name="want"\r\n\r\n' + b"x" * 600_000 + b"\r\n--x--\r\n"
    answer = resident.raw(
        "POST", f"{resident.plan}/stap/1", data=part, content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 413
    assert stored(store)[:2] == ("", "")


def test_a_form_that_stood_open_too_long_keeps_what_was_typed(resident: Any, place: Neighbourhood) -> None:
    resident.begin(place.round_id)
    path = f"{resident.plan}/stap/1"
    held = resident.get(path).values("form#vraag") | {"title": "Mijn plan", "csrf_token": "oud"}
    page = resident.post(path, held, status=403)
    assert "Mijn plan" in page.text
    resident.post(path, page.values(f"form[action='{path}']"))
    assert resident.get(path).values("form#vraag")["title"] == "Mijn plan"


@pytest.mark.parametrize(
    "email", ["geen adres", "a@b", "Jan <jan@post.example>", "a@@post.example", "", "a\n@b.nl"]
)
def test_an_address_that_is_none_is_told_at_the_field(
    resident: Any, place: Neighbourhood, email: str
) -> None:
    resident.walk(place.round_id)
    page = resident.fill(f"{resident.plan}/later?stap=2", {"email": email}, status=422)
    assert wrong_at(page, "email") != "Fout:"


@pytest.mark.parametrize("cookie", ["onzin", "", "eyJkcmFmdHMiOlsxXX0.x.y"])
def test_a_tampered_cookie_opens_no_draft(resident: Any, place: Neighbourhood, cookie: str) -> None:
    resident.begin(place.round_id)
    resident.browser.set_cookie("pb", cookie)
    resident.get(f"{resident.plan}/stap/1", status=404)
    assert "zodra je er een begint" in resident.get("/mijn-plannen").text

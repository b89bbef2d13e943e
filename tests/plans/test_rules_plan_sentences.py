"""Every refusal about plans has a sentence in plain Dutch, made of its facts."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pb.core.dates import date_plain
from pb.core.errors import Broken
from pb.core.money import euros
from pb.plans.rules import amounts, film, pabulib, plan, states

TEMPLATES = Path(__file__).parents[2] / "templates"

sentences = Environment(
    loader=FileSystemLoader(TEMPLATES),
    extensions=["jinja2.ext.i18n"],
    undefined=StrictUndefined,
    autoescape=True,
)
sentences.filters["euros"] = euros
sentences.filters["day"] = date_plain
sentences.install_null_translations(newstyle=True)  # type: ignore[attr-defined]

HEAD = (
    "META\nkey;value\ndescription;a\ncountry;b\nunit;c\ninstance;d\nnum_projects;1\nnum_votes;1\nbudget;1\n"
)
REST = "vote_type;approval\nPROJECTS\nproject_id;cost\np;1\nVOTES\nvoter_id;vote;points\n"


def amount(ask: int, least: int) -> tuple[Broken, ...]:
    return amounts.check_amounts(ask_cents=ask, least_cents=least, cap_cents=30_000, pot_cents=70_000)


def link(text: str) -> film.Film:
    return film.read_film_link(text, frozenset({"video.voorbeeld.nl"}))


def votes(rows: str) -> object:
    return list(pabulib.read_pabulib_votes((HEAD + REST + rows).encode()))


ACTS: list[tuple[Callable[[], object], str]] = [
    (
        lambda: amount(42_000, 0),
        "Je vraagt €\u00a0420. Dat mag, maar per plan kan het hoogstens €\u00a0300 zijn.",
    ),
    (lambda: amount(0, 0), "hoger is dan 0"),
    (lambda: amount(80_000, 0), "in de hele pot zit €\u00a0700"),
    (lambda: amount(10, -1), "niet lager"),
    (lambda: amount(10, 20), "minstens €\u00a00,20 nodig"),
    (lambda: amount(40_000, 35_000), "minstens €\u00a0350 nodig, maar per plan kan het hoogstens €\u00a0300"),
    (lambda: link("mijn film"), "Plak hier alleen het webadres"),
    (lambda: link("a" * 3000), "langer dan 2000 tekens"),
    (
        lambda: link("https://evil.nl"),
        "alleen met https-links naar YouTube, Vimeo of PeerTube (video.voorbeeld.nl)",
    ),
    (lambda: film.read_film_link("https://evil.nl", frozenset()), "https-links naar YouTube of Vimeo."),
    (
        lambda: link("http://vimeo.com/76979871"),
        "Begin met https: https://vimeo.com/76979871",
    ),
    (lambda: link("https://www.youtube.com/playlist?list=x"), "lijst met films"),
    (lambda: link("https://www.youtube.com/@wijk"), "kanaal"),
    (lambda: link("https://www.youtube.com/redirect?q=x"), "stuurt mensen door"),
    (lambda: link("https://www.youtube.com"), "niet één film"),
    (lambda: link("https://youtu.be/x"), "nummer van de film"),
    (lambda: plan.check_title("ab"), "minstens 3 tekens"),
    (lambda: plan.check_title("1234"), "geen letters"),
    (lambda: plan.check_applicant_type("x"), "Kies wie het plan indient"),
    (lambda: plan.check_complete(plan.PlanAnswers()), "nog niet compleet"),
    (lambda: states.after_move(states.PlanState.DRAFT, states.PlanMove.ACCEPT), "Dit kan nu niet"),
    (lambda: states.check_decline(reason="", alternative=""), "waarom dit plan niet kan"),
    (lambda: states.check_decline(reason="nee", alternative=""), "wat de initiatiefnemer wel kan doen"),
    (
        lambda: states.check_submit_on(date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)),
        "vanaf 02-01-2026",
    ),
    (lambda: states.check_submit_on(date(2026, 1, 4), date(2026, 1, 2), date(2026, 1, 3)), "met 03-01-2026"),
    (lambda: pabulib.read_pabulib(b""), "leeg"),
    (lambda: pabulib.read_pabulib(b"\xff"), "regel 1 is niet te lezen"),
    (lambda: pabulib.read_pabulib(b"x"), "Op regel 1 begint iets"),
    (lambda: pabulib.read_pabulib(b"META\nx"), "Op regel 2"),
    (lambda: pabulib.read_pabulib(b"META\nkey;value\na"), "Regel 3 is niet te lezen"),
    (lambda: pabulib.read_pabulib(b"META"), "Het deel PROJECTS ontbreekt"),
    (lambda: pabulib.read_pabulib((HEAD.replace("budget;1", "x;1") + REST).encode()), "ontbreekt budget"),
    (lambda: pabulib.read_pabulib((HEAD + REST.replace("cost", "x")).encode()), "daarin ontbreekt cost"),
    (lambda: pabulib.read_pabulib((HEAD + REST.replace("p;1", "p;x")).encode()), "bij cost geen getal"),
    (lambda: pabulib.read_pabulib((HEAD + REST.replace("p;1", "p;-1")).encode()), "onder nul"),
    (lambda: pabulib.read_pabulib((HEAD + HEAD[15:] + REST).encode()), "voor de tweede keer"),
    (
        lambda: pabulib.read_pabulib((HEAD + REST).encode()).warnings,
        "het getal 1, maar het bestand heeft er 0",
    ),
    (
        lambda: pabulib.read_pabulib((HEAD + "date_end;x\n" + REST + "v;p;\n").encode()).warnings,
        "Op regel 10 is de datum bij date_end",
    ),
    (lambda: votes("v;q;\n"), "niet in het deel PROJECTS"),
    (lambda: votes("v;p;1,2\n"), "niet evenveel punten"),
    (lambda: states.check_not_taken_up(datetime(2026, 11, 22, tzinfo=UTC)), "op de agenda"),
    (lambda: pabulib.read_pabulib(bytes(100_000_001)), "hoogstens 100 MB"),
]


def broken_by(act: Callable[[], object]) -> Broken:
    try:
        told = act()
    except Broken as refused:
        return refused
    assert isinstance(told, tuple)
    (notice,) = told
    assert isinstance(notice, Broken)
    return notice


def sentence(broken: Broken) -> str:
    room, what = broken.code.split(".")
    return sentences.get_template(f"{room}/broken/{what}.html").render(facts=broken.facts).strip()


@pytest.mark.parametrize(("act", "words"), ACTS)
def test_a_refusal_is_told_in_plain_dutch(act: Callable[[], object], words: str) -> None:
    told = sentence(broken_by(act)).replace("&#39;", "'")
    assert words in told
    assert "{" not in told


def test_every_refusal_about_plans_is_tried_above() -> None:
    tried = {type(broken_by(act)).code for act, _ in ACTS}
    known = {
        kind.code
        for module in (amounts, film, pabulib, plan, states)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Broken) and kind.code.startswith("plans.")
    }
    assert known == tried
    for code in known:
        assert (TEMPLATES / "plans" / "broken" / f"{code.removeprefix('plans.')}.html").exists()

"""What everyone may see of a draw: the list, the number, the panel by codes, and how to check it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final, Protocol

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from markupsafe import Markup

from config import ROOT
from pb.core.errors import NotFound
from pb.inviting.forms.words import in_language
from pb.rounds.queries import published_round
from pb.sortition.queries import draws as queries
from pb.sortition.queries.draws import DrawFacts
from pb.sortition.rules.binding import Binding
from pb.sortition.rules.invited import INVITED, SOURCE
from pb.sortition.rules.turns import Bar, Figures, bars
from pb.sortition.views.blueprint import views
from pb.web.clock import now
from pb.web.doors import public
from pb.web.pages import page
from pb.web.transaction import reading

BAR_WIDTH: Final = 100
ONE_DECIMAL_FROM: Final = 0.1
# Two in five is not about one in two.
ONE_IN_OFF_MOST: Final = Fraction(1, 20)


class Chances(Protocol):
    """Anything with a lowest, an average and a highest chance."""

    @property
    def lowest(self) -> Fraction: ...
    @property
    def average(self) -> Fraction: ...
    @property
    def highest(self) -> Fraction: ...


@dataclass(frozen=True, slots=True)
class Said:
    """A chance as people say it. Shape: ``one_in`` is None where one in so many says nothing."""

    fraction: str
    percent: str
    one_in: int | None


@dataclass(frozen=True, slots=True)
class ShownBar:
    """A bar with its words and its length of a hundred."""

    least: str
    most: str
    people: int
    length: float


@views.get("/ronde/<int:round_id>/panel/loting/<int:draw_id>")
@public("anyone may check a draw; the page holds codes and no person")
def proof(round_id: int, draw_id: int) -> ResponseReturnValue:
    """Show everyone how a panel was drawn, and let them check it."""
    with reading() as session:
        facts = published_round(session, round_id=round_id)
        held = queries.published_draw(session, round_id=round_id, draw_id=draw_id)
        figures = queries.figures(session, held)
        others = [one for one in queries.published_draws(session, round_id=round_id) if one.id != draw_id]
        first = queries.first_draw(session, round_id=round_id)
    return page(
        "sortition/proof.html",
        round=facts,
        draw=held,
        figures=figures,
        others=others,
        before=_before(held, others),
        first_value=first.value if first is not None and held.kind != queries.FIRST else None,
        name=figures.draw,
        panel=figures.panel(held.number) if held.number is not None else (),
        network=_network(figures),
        binding=sentence_of(figures.binding, figures.lowest),
        bars=shown_bars(bars(figures.spread)),
        lowest_turns=_turns(figures),
        waits=held.beacon_at > now(),
        **chance_facts(figures),
    )


@views.get("/ronde/<int:round_id>/panel/loting/<int:draw_id>/scherm")
@public("the same as the page of the draw, large, for a screen in a meeting")
def screen(round_id: int, draw_id: int) -> ResponseReturnValue:
    """Count down to the number; then show the number and the panel by codes."""
    with reading() as session:
        facts = published_round(session, round_id=round_id)
        held = queries.published_draw(session, round_id=round_id, draw_id=draw_id)
        figures = queries.figures(session, held)
        # How many typed the number, never what: the second must read it, not copy it.
        typed = min(2, len(queries.readings(session, draw_id=held.id)))
    return page(
        "sortition/number_screen.html",
        round=facts,
        draw=held,
        figures=figures,
        panel=figures.panel(held.number) if held.number is not None else (),
        server_time=now(),
        waits=held.beacon_at > now(),
        typed=typed,
    )


@views.get("/ronde/<int:round_id>/panel/lotingen")
@public("the draws of a round, also those set aside, are for everyone")
def proofs(round_id: int) -> ResponseReturnValue:
    """List the draws of a round."""
    with reading() as session:
        facts = published_round(session, round_id=round_id)
        held = queries.published_draws(session, round_id=round_id)
    if not held:
        raise NotFound()
    return page("sortition/proofs.html", round=facts, draws=held)


@views.get("/ronde/<int:round_id>/panel/loting/<int:draw_id>/lijst.json")
@public("anyone may check a draw; the list holds codes and no person")
def pack(round_id: int, draw_id: int) -> ResponseReturnValue:
    """Give the list as it was frozen."""
    held = _published(round_id, draw_id)
    with reading() as session:
        found = queries.pack_bytes(session, draw_id=held.id)
    return _file(found, f"lijst-{held.pack_sha256[:8]}.json")


@views.get("/ronde/<int:round_id>/panel/loting/<int:draw_id>/bewijs.json")
@public("anyone may check a draw; the certificate holds codes and no person")
def certificate(round_id: int, draw_id: int) -> ResponseReturnValue:
    """Give the certificate of the day of the draw."""
    held = _published(round_id, draw_id)
    with reading() as session:
        found = queries.certificate_bytes(session, draw_id=held.id)
    if found is None:
        raise NotFound()
    return _file(found, f"bewijs-{held.pack_sha256[:8]}.json")


@views.get("/loting/draw_verify.py")
@public("the program that checks a draw is for everyone")
def checker() -> ResponseReturnValue:
    """Give the program that checks a draw, as this site has it."""
    return _program("draw_verify.py")


@views.get("/loting/draw_audit.py")
@public("the part of that program for auditors holds nothing of anybody")
def audit_program() -> ResponseReturnValue:
    """Give what auditors put beside the program."""
    return _program("draw_audit.py")


def say_chance(chance: Fraction) -> Said:
    """Write a chance as a fraction, a percentage and one in so many."""
    percent = float(100 * chance)
    # One decimal everywhere; only a chance that would then read as none has a second.
    digits = "0.00" if 0 < percent < ONE_DECIMAL_FROM else "0.0"
    one_in = round(1 / chance) if 0 < chance <= Fraction(1, 2) else None
    if one_in is not None and abs(one_in * chance - 1) > ONE_IN_OFF_MOST:
        one_in = None
    return Said(str(chance), format_decimal(percent, format=digits), one_in)


def chance_facts(held: Chances) -> dict[str, Any]:
    """Give the lowest, average and highest chance in words, for a template."""
    return {
        "lowest": say_chance(held.lowest),
        "average": say_chance(held.average),
        "highest": say_chance(held.highest),
    }


def sentence_of(binding: Binding | None, lowest: Fraction) -> Markup:
    """Say what keeps the lowest chance from being higher; nothing where that is not known."""
    if binding is None:
        return Markup()
    told = say_chance(lowest)
    facts = {
        "cause": binding.cause.value, "people": binding.people, "seats": binding.seats,
        "value": in_language(binding.value), "feature": in_language(binding.feature), "bound": binding.bound,
        "targets": [" ".join(map(in_language, target)) for target in binding.targets],
        "fraction": told.fraction, "percent": told.percent,
    }  # fmt: skip
    return Markup(render_template("sortition/binding.html", facts=facts).strip())  # noqa: S704


def shown_bars(found: Sequence[Bar]) -> list[ShownBar]:
    """Give bars their words and their lengths."""
    # Chances that differ by one turn look the same once they are rounded.
    counts: dict[tuple[str, str], int] = {}
    for bar in found:
        words = say_chance(bar.least).percent, say_chance(bar.most).percent
        counts[words] = counts.get(words, 0) + bar.people
    most = max(counts.values(), default=1)
    return [
        ShownBar(*words, people=people, length=round(BAR_WIDTH * people / most, 1))
        for words, people in counts.items()
    ]


def _published(round_id: int, draw_id: int) -> DrawFacts:
    with reading() as session:
        published_round(session, round_id=round_id)
        return queries.published_draw(session, round_id=round_id, draw_id=draw_id)


def _before(held: DrawFacts, others: Sequence[DrawFacts]) -> list[DrawFacts]:
    """Give the draws that a later one follows from: the first, and each one since."""
    if held.kind == queries.FIRST:
        return []
    decided = [one for one in others if one.decided_at is not None and one.stands and one.id < held.id]
    first = max((one.id for one in decided if one.kind == queries.FIRST), default=0)
    return [one for one in decided if one.id >= first]


def _network(figures: Figures) -> int:
    """Count the seats for people of the network, fixed or nominated."""
    asked = [line.least for line in figures.targets if (line.feature, line.value) == (SOURCE, INVITED)]
    return len(figures.invited) + sum(asked)


def _turns(figures: Figures) -> dict[str, int]:
    """Give the turns that the lowest promised chance comes to: a whole number just below or just above."""
    exact = figures.lowest * figures.panels
    return {"least": floor(exact), "most": ceil(exact)}


def _program(name: str) -> Response:
    return Response(
        (ROOT / "pb" / name).read_bytes(),
        mimetype="text/x-python",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


def _file(content: bytes, name: str) -> Response:
    return Response(
        content, mimetype="application/json", headers={"Content-Disposition": f"attachment; filename={name}"}
    )

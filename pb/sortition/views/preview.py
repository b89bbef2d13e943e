"""Show what the targets do, before anything is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from pb.core.errors import Broken
from pb.inviting import queries as inviting
from pb.inviting.forms.words import in_language
from pb.people.rules import Role
from pb.rounds.queries import area_of_round, round_facts
from pb.sortition.queries import draws as queries
from pb.sortition.queries.frozen import outlook_at_freeze
from pb.sortition.queries.prospects import outlook
from pb.sortition.rules.binding import Binding, Cause
from pb.sortition.rules.invited import DRAWN, INVITED, SOURCE
from pb.sortition.views.blueprint import views
from pb.web.doors import staff
from pb.web.pages import page
from pb.web.say import say_code
from pb.web.transaction import reading


@dataclass(frozen=True, slots=True)
class Said:
    """Hold a chance as people say it: so many of every hundred, or one of so many."""

    count: int
    of: int
    percent: str


@views.get("/werk/ronde/<int:round_id>/panel/doelen")
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def preview(round_id: int) -> ResponseReturnValue:
    """Show chances, who has none, what the network costs, and each target beside who said yes."""
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        appeal = inviting.appeal_or_none(session, round_id=round_id)
        if appeal is None:
            flash(_("Schrijf eerst op wat je vraagt en hoe groot het panel wordt."))
            return redirect(url_for("inviting.appeal", round_id=round_id))
        # A list that stands tells what it counted; whoever stops afterwards changes nothing of it.
        held = queries.first_draw(session, round_id=round_id)
        fixed = None if held is None else outlook_at_freeze(session, appeal=appeal, held=held)
        found = outlook(session, round_id=round_id) if fixed is None else fixed.outlook
    chance = found.chance
    return page(
        "sortition/preview.html",
        round=facts,
        appeal=appeal,
        found=found,
        fixed=fixed,
        held=held,
        refusal=say_translated(found.refusal) if found.refusal and found.yes else "",
        doubts=[say_translated(doubt) for doubt in found.doubts],
        binding=binding_for_staff(chance.binding, chance.lowest) if chance and chance.binding else "",
        say_chance=say_chance,
        lost=sum(one.people for one in found.lost),
        # Features stand as they are asked; the draw keeps them by name.
        features=[one for one in appeal.features if one.name in found.lines],
        any_short=any(line.short for lines in found.lines.values() for line in lines),
    )


def say_translated(broken: Broken) -> Markup:
    """Say what was broken with ready features and values in the language of the page."""
    return say_code(broken.code, {name: _translated(name, fact) for name, fact in broken.facts.items()})


def _translated(name: str, fact: object) -> object:
    if isinstance(fact, str):
        return in_language(fact) if name in ("feature", "value", "values") else fact
    if isinstance(fact, Mapping):
        return {key: _translated(str(key), one) for key, one in fact.items()}
    return tuple(_translated(name, one) for one in fact) if isinstance(fact, list | tuple) else fact


def say_chance(chance: Fraction) -> Said:
    """Say a chance in whole people: of every hundred, or below one percent one of so many."""
    percent = f"{float(chance * 100):.1f}".replace(".", ",")
    if chance >= Fraction(1, 100):
        return Said(min(99, round(chance * 100)) if chance < 1 else 100, 100, percent)
    of = round(1 / chance) if chance else 0
    step = 10 if of < 1000 else 100
    return Said(1, round(of / step) * step if of else 0, f"{float(chance * 100):.2f}".replace(".", ","))


def binding_for_staff(binding: Binding, lowest: Fraction) -> Markup:
    """Say what sets the lowest chance; where somebody comes from is named as the page does."""
    value = binding.value
    if binding.feature == SOURCE and value in (DRAWN, INVITED):
        value = _("een brief") if value == DRAWN else _("een uitnodiging uit het netwerk")
    elif binding.cause is Cause.REST:
        # Values have commas and "of" in them: each stands between quotes.
        value = _(" of ").join(f"“{in_language(answer)}”" for _feature, answer in binding.targets)
    targets = [
        _("plaatsen voor mensen uit het netwerk")
        if feature == SOURCE
        else f"{in_language(feature)} {in_language(answer)}"
        for feature, answer in binding.targets
    ]
    facts = {
        "cause": binding.cause.value, "people": binding.people, "seats": binding.seats,
        "value": in_language(value), "feature": in_language(binding.feature), "bound": binding.bound,
        "targets": list(dict.fromkeys(targets)),
        "fraction": f"{lowest.numerator}/{lowest.denominator}",
        "percent": f"{float(lowest * 100):.1f}".replace(".", ","),
    }  # fmt: skip
    return Markup(render_template("sortition/binding.html", facts=facts).strip())  # noqa: S704

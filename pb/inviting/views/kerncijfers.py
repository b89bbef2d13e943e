"""Take the numbers of people from the key figures of Statistics Netherlands; the file itself is not kept."""

from contextlib import suppress
from dataclasses import dataclass, field, replace

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from pb.core.errors import BadInput, Broken
from pb.core.sheet import FileRefused
from pb.inviting.actions import features as actions
from pb.inviting.forms.asking import KerncijfersForm, ToleranceForm
from pb.inviting.rules.appeal import Appeal
from pb.inviting.rules.asking_features import NewFeature, NewValue, new_of, read_count, seen_mark
from pb.inviting.rules.kerncijfers import (
    Place,
    PlaceNotFound,
    PlacesTooMany,
    find_places,
    pack_place,
    unpack_place,
)
from pb.inviting.rules.kerncijfers_filling import Proposal, propose
from pb.inviting.rules.shares import SharesMissing
from pb.inviting.views.blueprint import views
from pb.inviting.views.features import ask_appeal_first, find, with_targets
from pb.people.login import my_name_for_the_journal
from pb.people.rules import Role
from pb.rounds.queries import RoundFacts, area_of_round
from pb.web.clock import now
from pb.web.doors import staff
from pb.web.pages import page
from pb.web.say import say
from pb.web.transaction import reading, writing

_ADDRESS = "/werk/ronde/<int:round_id>/panel/kenmerken/kerncijfers"


@dataclass
class Shown:
    """Hold a proposal with what was typed of it and what is wrong with that."""

    proposal: Proposal
    people: list[str]
    instead: list[str]
    answered: int = 0
    takes_instead: bool = False
    is_wanted: bool = True
    wrong: dict[str, str] = field(default_factory=dict)


@views.route(_ADDRESS, methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def kerncijfers(round_id: int) -> ResponseReturnValue:
    """Read a file of key figures, let a person choose a place, and show what it would fill."""
    facts, appeal = find(round_id)
    if appeal is None:
        return ask_appeal_first(round_id)
    if appeal.frozen_at or not appeal.features:
        return redirect(url_for("inviting.features", round_id=round_id))
    packed = request.form.get("gekozen", "")
    if request.method == "POST" and packed:
        place = unpack_place(packed)
        if request.form.get("do") == "fill":
            return _fill(facts, appeal, place)
        return _proposals(facts, place, _shown(appeal, place), ToleranceForm(formdata=None), 200)
    form = KerncijfersForm()
    if not form.validate_on_submit():
        return _upload(facts, form, 422 if form.is_submitted() else 200)
    uploaded: FileStorage = form.file.data
    with uploaded.stream:
        raw = uploaded.read()
    try:
        places = find_places(raw, file_name=uploaded.filename or "", sought=form.place.data or "")
    except FileRefused as refused:
        return _upload(facts, form, refused.status, refused)
    except (PlaceNotFound, PlacesTooMany) as broken:
        form.place.errors = [*form.place.errors, say(broken)]
        return _upload(facts, form, broken.status)
    if len(places) == 1:
        shown = _shown(appeal, places[0])
        return _proposals(facts, places[0], shown, ToleranceForm(formdata=None), 200)
    found = [(place, pack_place(place)) for place in places]
    return page("inviting/kerncijfers_choose.html", round=facts, found=found)


def _upload(
    facts: RoundFacts, form: KerncijfersForm, status: int, refused: FileRefused | None = None
) -> ResponseReturnValue:
    return page("inviting/kerncijfers.html", round=facts, form=form, refused=refused), status


def _proposals(
    facts: RoundFacts, place: Place, shown: list[Shown], form: ToleranceForm, status: int, refused: str = ""
) -> ResponseReturnValue:
    return page(
        "inviting/kerncijfers_fill.html", round=facts, place=place, packed=pack_place(place), shown=shown,
        form=form, refused=refused,
    ), status  # fmt: skip


def _shown(appeal: Appeal, place: Place) -> list[Shown]:
    """Show per feature what the figures say, and what a person typed instead."""
    typed = request.form if request.form.get("do") == "fill" else None
    proposals = [found for one in appeal.features if (found := propose(one, place)) is not None]
    with reading() as session:
        ids = [found.feature.id for found in proposals]
        answered = actions.answered(session, feature_ids=ids)
    shown = []
    for found in proposals:
        number = found.feature.id
        people = ["" if line.value.people is None else str(line.value.people) for line in found.lines]
        instead = ["" if one.people is None else str(one.people) for one in found.instead]
        if found.instead or not found.feature.values:
            people = ["" if one.people is None else str(one.people) for one in found.feature.values]
        one = Shown(found, people, instead, answered[number])
        one.takes_instead = bool(found.instead) and not one.answered
        one.is_wanted = not (found.instead and one.answered)
        if typed is not None:
            one.people = [typed.get(f"v-{number}-{at}", text) for at, text in enumerate(people)]
            one.instead = [typed.get(f"i-{number}-{at}", text) for at, text in enumerate(instead)]
            one.takes_instead = bool(found.instead) and typed.get(f"groepen-{number}") == "cbs"
            one.is_wanted = typed.get(f"neem-{number}") == "y"
        shown.append(one)
    return shown


def _fill(facts: RoundFacts, appeal: Appeal, place: Place) -> ResponseReturnValue:
    """Write the numbers that a person looked at, and the targets that follow."""
    form, shown = ToleranceForm(), _shown(appeal, place)
    wanted = [one for one in shown if one.is_wanted]
    news = [_read(one, place) for one in wanted]
    if not form.validate_on_submit() or any(one.wrong for one in shown):
        return _proposals(facts, place, shown, form, 422)
    try:
        with writing() as session:
            for one, new in zip(wanted, news, strict=True):
                feature = one.proposal.feature
                # Numbers that are not known yet may come later; what stands, stands.
                with suppress(SharesMissing):
                    new = with_targets(new, appeal.seats, form.tolerance.data)
                actions.change_feature(
                    session, round_id=facts.id, feature_id=feature.id, seen=seen_mark(new_of(feature)),
                    new=new, who=my_name_for_the_journal(), now=now(),
                )  # fmt: skip
    except Broken as broken:
        return _proposals(facts, place, shown, form, broken.status, say(broken))
    flash(
        ngettext(
            "De aantallen van %(num)s kenmerk staan er. Kijk de doelen na.",
            "De aantallen van %(num)s kenmerken staan er. Kijk de doelen na.",
            len(wanted),
        )
    )
    return redirect(url_for("inviting.features", round_id=facts.id))


def _read(one: Shown, place: Place) -> NewFeature:
    """Read the numbers of one feature; what is wrong is said beside it."""
    stands = new_of(one.proposal.feature)
    before = tuple(NewValue(new.name) for new in one.proposal.instead) if one.takes_instead else stands.values
    typed, prefix = (one.instead, "i") if one.takes_instead else (one.people, "v")
    values = []
    for at, (value, text) in enumerate(zip(before, typed, strict=True)):
        try:
            values.append(replace(value, people=read_count(text, "people")))
        except BadInput as broken:
            one.wrong[f"{prefix}-{at}"] = say(broken)
    # Numbers that a person typed beside other groups are not those of CBS.
    own = one.proposal.instead and not one.takes_instead
    source = stands.source if own else place.source
    return replace(stands, source=source, values=tuple(values) if not one.wrong else before)

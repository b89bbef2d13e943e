"""Change one feature: its question, answers, shares and targets; nothing that was typed is lost."""

from fractions import Fraction

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pb.core.errors import Broken, NotFound
from pb.inviting.actions import features as actions
from pb.inviting.forms.asking import FeatureForm
from pb.inviting.forms.asking_rows import (
    ValueRow,
    fill_targets,
    read_values,
    rows_of,
    typed_rows,
    whole_set_wrong,
)
from pb.inviting.rules.appeal import Appeal
from pb.inviting.rules.asking_features import (
    VALUES_MOST,
    FeatureChanged,
    FeatureTwice,
    NewFeature,
    NewValue,
    new_of,
    seen_mark,
)
from pb.inviting.rules.asking_ready import READY
from pb.inviting.rules.shares import TOLERANCE_DEFAULT, SharesMissing, share_of
from pb.inviting.views.blueprint import views
from pb.inviting.views.features import ask_appeal_first, computed, find
from pb.people.login import my_name_for_the_journal
from pb.people.rules import Role
from pb.rounds.queries import RoundFacts, area_of_round
from pb.web.clock import now
from pb.web.doors import staff
from pb.web.pages import page
from pb.web.say import say
from pb.web.transaction import writing

_EMPTY = NewFeature("", "", "", "", (NewValue(""), NewValue("")))


@views.route("/werk/ronde/<int:round_id>/panel/kenmerken/nieuw", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def new_feature(round_id: int) -> ResponseReturnValue:
    """Make a feature of one's own."""
    facts, appeal = find(round_id)
    if appeal is None:
        return ask_appeal_first(round_id)
    if appeal.frozen_at:
        return redirect(url_for("inviting.features", round_id=round_id))
    named = request.args.get("kant", "")
    start = next((one for one in READY if one.name == named), _EMPTY)
    return _edit(facts, appeal, None, start)


@views.route("/werk/ronde/<int:round_id>/panel/kenmerken/<int:feature_id>", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def feature(round_id: int, feature_id: int) -> ResponseReturnValue:
    """Change a feature: its question, answers, shares and targets."""
    facts, appeal = find(round_id)
    found = next((one for one in appeal.features if one.id == feature_id), None) if appeal else None
    if appeal is None or found is None:
        raise NotFound()
    if appeal.frozen_at:
        return redirect(url_for("inviting.features", round_id=round_id))
    return _edit(facts, appeal, feature_id, new_of(found))


def _edit(
    facts: RoundFacts, appeal: Appeal, feature_id: int | None, stands: NewFeature
) -> ResponseReturnValue:
    form = FeatureForm(
        data={"name": stands.name, "question": stands.question, "why": stands.why, "source": stands.source,
              "seen": seen_mark(stands)}
    )  # fmt: skip
    rows = typed_rows(request.form) if form.is_submitted() else rows_of(stands)
    do = request.form.get("do", "save")

    def show(status: int, wrong: str = "", is_computed: bool = False) -> ResponseReturnValue:
        people = [_count(row.people) for row in rows if not row.is_blank]
        shares = share_of(people) if people else None
        return page(
            "inviting/feature.html", round=facts, appeal=appeal, form=form, rows=rows, wrong=wrong,
            feature_id=feature_id, is_computed=is_computed,
            wrong_rows=[row for row in rows if row.wrong], room=len(rows) < VALUES_MOST,
            shares=[_shown(share * 100) for share in shares] if shares else [],
            seats_of=[_shown(share * appeal.seats) for share in shares] if shares else [],
        ), status  # fmt: skip

    if not form.is_submitted():
        return show(200)
    if do == "more":
        rows.append(ValueRow(len(rows) + 1))
        return show(200)
    if do == "compute":
        return show(*_compute(form, rows, appeal.seats))
    values = read_values(rows, appeal.seats)
    if not form.validate_on_submit() or values is None:
        return show(422)
    wrong = whole_set_wrong(form.name.data or "", values, appeal.seats)
    if wrong:
        return show(422, wrong)
    try:
        _store(facts.id, feature_id, form.seen.data or "", form.feature(values))
    except NotFound:
        raise
    except Broken as broken:
        return show(broken.status, _said(form, stands, broken))
    flash(_("Het kenmerk %(name)s staat er.", name=form.name.data))
    return redirect(url_for("inviting.features", round_id=facts.id))


def _said(form: FeatureForm, stands: NewFeature, broken: Broken) -> str:
    """Say at the name that it stands there already; all else stands above the form."""
    if isinstance(broken, FeatureTwice):
        form.name.errors = [*form.name.errors, say(broken)]
        return ""
    if isinstance(broken, FeatureChanged):
        # What was typed stays; whoever presses again has seen that another changed it.
        form.seen.raw_data, form.seen.data = None, seen_mark(stands)
    return say(broken)


def _store(round_id: int, feature_id: int | None, seen: str, new: NewFeature) -> None:
    who = my_name_for_the_journal()
    with writing() as session:
        if feature_id is None:
            actions.add_feature(session, round_id=round_id, new=new, who=who, now=now())
        else:
            actions.change_feature(
                session, round_id=round_id, feature_id=feature_id, seen=seen, new=new, who=who, now=now()
            )


def _compute(form: FeatureForm, rows: list[ValueRow], seats: int) -> tuple[int, str, bool]:
    """Fill in targets from the shares; nothing is stored yet."""
    used = [row for row in rows if not row.is_blank]
    for row in used:
        row.least = row.most = ""
    form.tolerance.validate(form)
    values = read_values(rows, seats)
    if values is None or form.tolerance.errors:
        return 422, "", False
    try:
        tolerance = TOLERANCE_DEFAULT if form.tolerance.data is None else form.tolerance.data
        bounds = computed(values, seats, tolerance)
    except SharesMissing as missing:
        return missing.status, say(missing), False
    fill_targets(rows, {row.number: bound for row, bound in zip(used, bounds, strict=True)})
    return 200, "", True


def _count(typed: str) -> int | None:
    digits = typed.replace(".", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def _shown(number: Fraction) -> str:
    return f"{float(number):.1f}".replace(".", ",")

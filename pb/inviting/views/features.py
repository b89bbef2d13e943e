"""The features that a round asks for, with their answers and targets."""

from collections.abc import Sequence
from fractions import Fraction

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from pb.core.errors import BadInput, Broken, NotFound
from pb.inviting import queries
from pb.inviting.actions import features as actions
from pb.inviting.forms.asking import ToleranceForm
from pb.inviting.rules.appeal import Appeal
from pb.inviting.rules.asking_features import (
    FEATURES_MOST,
    NewFeature,
    NewValue,
    new_of,
    seen_mark,
    shut_out,
)
from pb.inviting.rules.asking_ready import READY
from pb.inviting.rules.shares import (
    Bounds,
    SharesMissing,
    check_sums,
    share_of,
    targets_from_shares,
)
from pb.inviting.views.blueprint import views
from pb.people.login import my_name_for_the_journal
from pb.people.rules import Role
from pb.rounds.queries import RoundFacts, area_of_round, round_facts
from pb.web.clock import now
from pb.web.doors import staff
from pb.web.pages import page
from pb.web.say import say
from pb.web.transaction import reading, writing

_EMPTY = NewFeature("", "", "", "", (NewValue(""), NewValue("")))


@views.route("/werk/ronde/<int:round_id>/panel/kenmerken", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def features(round_id: int) -> ResponseReturnValue:
    """Show the features with their targets; add a ready one, take one away, compute all targets again."""
    facts, appeal = find(round_id)
    if appeal is None:
        return ask_appeal_first(round_id)
    do = request.form.get("do", "") if request.method == "POST" else ""
    form = ToleranceForm() if do == "compute" else ToleranceForm(formdata=None)
    if not do:
        return _overview(facts, appeal, form, 200)
    if do == "compute":
        if not form.validate_on_submit():
            return _overview(facts, appeal, form, 422)
        count, without = _compute_all(round_id, appeal, form.tolerance.data)
        if without:
            form.tolerance.errors = [say(SharesMissing(names=without))]
            return _overview(facts, appeal, form, 422)
        flash(
            ngettext(
                "De doelen van %(num)s kenmerk zijn uitgerekend.",
                "De doelen van %(num)s kenmerken zijn uitgerekend.",
                count,
            )
        )
        return redirect(url_for("inviting.features", round_id=round_id))
    try:
        if do.startswith("remove-"):
            _remove(round_id, whole(do.removeprefix("remove-")))
            return redirect(url_for("inviting.features", round_id=round_id))
        return _add_ready(round_id, do)
    except NotFound:
        raise
    except Broken as broken:
        return _overview(facts, appeal, form, broken.status, refused=say(broken))


def _remove(round_id: int, feature_id: int) -> None:
    with writing() as session:
        actions.remove_feature(
            session, round_id=round_id, feature_id=feature_id, who=my_name_for_the_journal(), now=now()
        )
    flash(_("Het kenmerk is weg."))


def _add_ready(round_id: int, do: str) -> ResponseReturnValue:
    """Add a feature as it stands ready; one without answers is typed first."""
    ready = next((one for one in READY if f"ready-{one.name}" == do), None)
    if ready is None:
        raise NotFound()
    if any(not value.name for value in ready.values):
        return redirect(url_for("inviting.new_feature", round_id=round_id, kant=ready.name))
    with writing() as session:
        actions.add_feature(session, round_id=round_id, new=ready, who=my_name_for_the_journal(), now=now())
    flash(_("Toegevoegd. Vul nu in hoeveel mensen in de wijk dit zijn."))
    return redirect(url_for("inviting.features", round_id=round_id))


def _compute_all(round_id: int, appeal: Appeal, tolerance: Fraction) -> tuple[int, tuple[str, ...]]:
    """Compute the targets of every feature whose people are known; name those that are not."""
    done, without = 0, []
    with writing() as session:
        for one in appeal.features:
            stands = new_of(one)
            try:
                new = with_targets(stands, appeal.seats, tolerance)
            except SharesMissing:
                without.append(one.name)
                continue
            actions.change_feature(
                session, round_id=round_id, feature_id=one.id, seen=seen_mark(stands), new=new,
                who=my_name_for_the_journal(), now=now(),
            )  # fmt: skip
            done += 1
    return done, tuple(without) if not done else ()


def with_targets(feature: NewFeature, seats: int, tolerance: Fraction) -> NewFeature:
    """Give a feature with the targets that follow from its shares. Raises: SharesMissing."""
    bounds = computed(feature.values, seats, tolerance)
    values = tuple(
        NewValue(one.name, one.people, bound.least, bound.most, one.id)
        for one, bound in zip(feature.values, bounds, strict=True)
    )
    return NewFeature(feature.name, feature.question, feature.why, feature.source, values)


def computed(values: Sequence[NewValue], seats: int, tolerance: Fraction) -> list[Bounds]:
    """Compute targets from shares. Raises: SharesMissing."""
    without = tuple(value.name for value in values if value.people is None)
    if without:
        raise SharesMissing(names=without)
    return targets_from_shares([value.people or 0 for value in values], seats, tolerance)


def _overview(
    facts: RoundFacts, appeal: Appeal, form: ToleranceForm, status: int, refused: str = ""
) -> ResponseReturnValue:
    with reading() as session:
        people = actions.answered(session, feature_ids=[one.id for one in appeal.features])
        yes = queries.counts(session, round_id=facts.id).yes
    shown = []
    for one in appeal.features:
        stands = new_of(one)
        told = [say(doubt) for doubt in shut_out(stands.values)]
        try:
            check_sums(one.name, [value.bounds for value in stands.values], appeal.seats)
        except BadInput as broken:
            told.insert(0, say(broken))
        shares = share_of([value.people for value in one.values])
        shown.append(
            {"feature": one, "answered": people[one.id], "told": told, "missed": max(0, yes - people[one.id]),
             "shares": [float(share * 100) for share in shares] if shares else [],
             "has_targets": any(value.least is not None or value.most is not None for value in one.values)}
        )  # fmt: skip
    taken = {one.name.casefold() for one in appeal.features}
    return page(
        "inviting/features.html", round=facts, appeal=appeal, shown=shown, form=form, refused=refused,
        ready=[one for one in READY if one.name not in taken], most=FEATURES_MOST,
        computable=any(one["shares"] for one in shown),
    ), status  # fmt: skip


def ask_appeal_first(round_id: int) -> ResponseReturnValue:
    """Send somebody to the first step, which says how many seats there are."""
    flash(_("Schrijf eerst op wat je vraagt en hoe groot het panel wordt."))
    return redirect(url_for("inviting.appeal", round_id=round_id))


def find(round_id: int) -> tuple[RoundFacts, Appeal | None]:
    """Find the round and what it asks."""
    with reading() as session:
        return (
            round_facts(session, round_id=round_id),
            queries.appeal_or_none(session, round_id=round_id),
        )


def whole(text: str | None) -> int:
    """Read a number that our own page sent, or 0."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0

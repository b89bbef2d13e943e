"""What whoever types paper hears about the seals that it changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import flash
from flask_babel import gettext as _
from flask_babel import ngettext

from pb.evening import queries
from pb.evening.queries.held_back import held_back
from pb.web.transaction import reading


@dataclass(frozen=True)
class ShownSeals:
    """The seals of the closed plans, by agenda item id.

    ``real`` are of what counts, ``shown`` of what the room sees; ``waiting`` counts forms still to come.
    """

    positions: Mapping[int, int] = field(default_factory=dict)
    real: Mapping[int, str] = field(default_factory=dict)
    shown: Mapping[int, str] = field(default_factory=dict)
    waiting: Mapping[int, int] = field(default_factory=dict)


def shown_seals(evening_id: int) -> ShownSeals:
    """Give the seals of the plans that are closed; what people only practise has none."""
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        if evening.practice:
            return ShownSeals()
        real, held = queries.seals(session, evening_id=evening_id), held_back(session, evening=evening)
    return ShownSeals(
        {item.id: item.position for item in evening.items},
        real.plans,
        real.without_late_paper(held.seats).plans,
        {one.item_id: one.waiting for one in held.waiting},
    )


def tell_new_seals(evening_id: int, before: ShownSeals) -> None:
    """Say which plans show another seal now, and of which the new one waits for more forms.

    A seal is told in the room once per pile: told form by form it would tell whose score was just typed.
    """
    after = shown_seals(evening_id)
    by_position = sorted(after.shown, key=lambda item_id: after.positions[item_id])
    new = [
        item_id
        for item_id in by_position
        if not after.waiting.get(item_id)
        and after.shown[item_id] != before.shown.get(item_id, after.shown[item_id])
    ]
    if len(new) == 1:
        flash(
            _(
                "Plan %(n)s was al gesloten. Het heeft nu een nieuw zegel: %(new)s. Het oude zegel "
                "%(old)s geldt niet meer. Zeg het in de zaal.",
                n=after.positions[new[0]], new=after.shown[new[0]], old=before.shown[new[0]],
            )
        )  # fmt: skip
    elif new:
        seals = [
            _("plan %(n)s: %(seal)s", n=after.positions[item_id], seal=after.shown[item_id])
            for item_id in new
        ]
        flash(
            _(
                "Deze plannen waren al gesloten. Ze hebben nu een nieuw zegel: %(seals)s. De oude zegels "
                "gelden niet meer. Zeg het in de zaal.",
                seals=" · ".join(seals),
            )
        )
    for item_id in by_position:
        if after.waiting.get(item_id) and after.real[item_id] != before.real.get(item_id):
            flash(
                ngettext(
                    "Plan %(n)s was al gesloten. Het nieuwe zegel komt als alle formulieren van dit plan "
                    "tellen: nog %(num)s formulier.",
                    "Plan %(n)s was al gesloten. Het nieuwe zegel komt als alle formulieren van dit plan "
                    "tellen: nog %(num)s formulieren.",
                    after.waiting[item_id],
                    n=after.positions[item_id],
                )
            )

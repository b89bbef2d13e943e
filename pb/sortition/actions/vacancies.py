"""What a replacement draw starts from, what it would do, and which targets would have to give way."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from sqlalchemy.orm import Session

from pb.core.canonical import sha256_of
from pb.core.errors import BadInput, Broken
from pb.inviting import queries as inviting
from pb.sortition.actions.freezing import salt_key
from pb.sortition.lottery.drawing import Drawn
from pb.sortition.lottery.relaxing import smallest_change
from pb.sortition.lottery.replacing import replace_withdrawn
from pb.sortition.queries.draws import DrawFacts, pack_bytes
from pb.sortition.queries.pool import candidates
from pb.sortition.queries.steps import SeatNow, decided_draws, first_decided, seats_now
from pb.sortition.rules.following import REPLACEMENT_PANELS, Following
from pb.sortition.rules.invited import seat_first
from pb.sortition.rules.pack import Terms
from pb.sortition.rules.pool import Person, Pool, Target
from pb.sortition.rules.refusals import LotteryReplacementFails
from pb.sortition.rules.rotation import Sitter, step_down

Change = Mapping[str, object]


class NothingEmpty(Broken):
    """Refuse a replacement when every seat is taken."""

    code = "sortition.nothing-empty"


class NoFirstDraw(Broken):
    """Refuse a replacement before a first draw was decided."""

    code = "sortition.no-first-draw"


class FeaturesGone(Broken):
    """Refuse a draw by features that were deleted, as promised."""

    code = "sortition.features-gone"


@dataclass(frozen=True)
class Vacancy:
    """Hold what a replacement draw starts from, before anything is drawn.

    ``whole`` has as many seats as the panel, with its targets as they were widened before. ``ever`` are the
    codes of all who were ever seated. ``stepping_down`` are seats that make room for newcomers. ``before``
    are the hashes of the lists that decided before, the first draw's first.
    """

    round_id: int
    first: DrawFacts
    before: tuple[str, ...]
    number: int
    whole: Pool
    invited: tuple[Person, ...]
    household: bool
    stay: tuple[str, ...]
    ever: frozenset[str]
    empty: tuple[SeatNow, ...]
    stepping_down: tuple[SeatNow, ...]

    @property
    def kind(self) -> str:
        return "rotation" if self.stepping_down else "replacement"

    @property
    def name(self) -> str:
        """Name the draw: panel-7-replacement-2."""
        return f"panel-{self.round_id}-{self.kind}-{self.number}"

    @property
    def places(self) -> int:
        return len(self.empty) + len(self.stepping_down)

    @property
    def rule(self) -> str:
        """Say how the value comes from the first draw."""
        return f"sha256(value of draw {self.first.id} | {self.kind} | {self.number})"

    @property
    def following(self) -> Following:
        return Following(
            self.before, self.first.value or "", self.kind, self.number, tuple(sorted(self.ever))
        )

    @property
    def value(self) -> str:
        return self.following.value_here


@dataclass(frozen=True)
class Outlook:
    """Say what a replacement would do: numbers only. ``changes`` would make possible what was ``refused``.

    ``drawn`` are the lists themselves, with the changes; None when nothing makes them possible.
    """

    places: int
    people: int
    without_chance: int
    mates: int
    lowest: Fraction
    highest: Fraction
    refused: BadInput | None = None
    changes: tuple[Change, ...] = ()
    drawn: Drawn | None = field(default=None, repr=False)

    @property
    def fingerprint(self) -> str:
        """Name these changes, so that what somebody agreed to is what happens."""
        return sha256_of([dict(change) for change in self.changes])[:16]


def vacancy(session: Session, *, round_id: int, newcomers: int = 0) -> Vacancy:
    """Gather who stays, which seats are empty, and who can still be drawn.

    ``newcomers`` lets as many people step down, whoever sat the longest first.
    Raises: NoFirstDraw, FeaturesGone, NothingEmpty, RotationCountWrong.
    """
    first = first_decided(session, round_id=round_id)
    if first is None:
        raise NoFirstDraw()
    if inviting.appeal(session, round_id=round_id).deleted_at is not None:
        raise FeaturesGone()
    decided = decided_draws(session, round_id=round_id)
    before = tuple(draw.pack_sha256 for draw in decided if draw.id >= first.id)
    number = len(before)
    seats = [seat for seat in seats_now(session, round_id=round_id) if seat.code is not None]
    pool = candidates(session, round_id=round_id)
    empty = tuple(seat for seat in seats if seat.is_empty)
    sitting = {seat.code: seat for seat in seats if seat.sits and seat.code is not None}
    going: tuple[str, ...] = ()
    if newcomers:
        seed = f"{first.value}|rotation|{number}"
        going = step_down([Sitter(code, seat.made_at) for code, seat in sitting.items()], newcomers, seed)
    if not empty and not going:
        raise NothingEmpty()
    stay = tuple(sorted(sitting.keys() - set(going)))
    last = json.loads(pack_bytes(session, draw_id=decided[-1].id))
    whole = replace(
        pool.whole, seats=len(stay) + len(empty) + len(going), targets=_widened(pool.whole.targets, last)
    )
    return Vacancy(
        round_id=round_id, first=first, before=before, number=number, whole=whole, invited=pool.invited,
        household=pool.appeal.one_per_address, stay=stay,
        ever=frozenset(seat.code for seat in seats if seat.code is not None), empty=empty,
        stepping_down=tuple(sitting[code] for code in going),
    )  # fmt: skip


def look_ahead(vacant: Vacancy, *, card_key: bytes) -> Outlook:
    """Say what a replacement would do, or which targets fail and what smallest change would help.

    Takes from seconds to half a minute, so no transaction may be open.
    """
    changes = _over(vacant)
    wider = widen(vacant, changes)
    found = _look(wider, card_key)
    more = () if found.refused is None else _mend(wider)
    if not (changes or more):
        return found
    # What would happen with the changes, so that whoever decides about them knows.
    then = _look(widen(wider, more), card_key) if more else found
    refused = found.refused or _refused_over(vacant)
    return replace(then, refused=refused, changes=(*changes, *more))


def widen(vacant: Vacancy, changes: Sequence[Change]) -> Vacancy:
    """Give the same vacancy with some targets widened."""
    after = {(str(one["feature"]), str(one["value"]), str(one["bound"])): one["after"] for one in changes}
    targets = tuple(
        replace(
            target,
            least=int(str(after.get((*target.key, "least"), target.least))),
            most=int(str(after.get((*target.key, "most"), target.most))),
        )
        for target in vacant.whole.targets
    )
    return replace(vacant, whole=replace(vacant.whole, targets=targets))


def draw_for(vacant: Vacancy, *, card_key: bytes) -> Drawn:
    """Make the panels of a replacement.

    Raises: what replace_withdrawn raises.
    """
    terms = Terms(
        panels=REPLACEMENT_PANELS, seed=vacant.rule, draw=vacant.name, household=vacant.household,
        salt_key=salt_key(card_key, vacant.name), first=vacant.following,
    )  # fmt: skip
    return replace_withdrawn(vacant.whole, vacant.stay, vacant.ever, terms, invited=vacant.invited)


def _seated(vacant: Vacancy) -> tuple[Pool, list[Person]]:
    known = {**vacant.whole.by_id, **{person.id: person for person in vacant.invited}}
    aside = {*vacant.ever, *vacant.stay, *(person.id for person in vacant.invited)}
    return vacant.whole.without(aside), [known[code] for code in vacant.stay]


def _look(vacant: Vacancy, card_key: bytes) -> Outlook:
    left, stay = _seated(vacant)
    nobody = Outlook(vacant.places, len(left.people), 0, 0, Fraction(0), Fraction(0))
    try:
        drawn = draw_for(vacant, card_key=card_key)
        mates = len(seat_first(left, stay).address_mates)
    except LotteryReplacementFails as failed:
        # Its changes count the seats that are left; ours count those of the whole panel.
        return replace(nobody, refused=LotteryReplacementFails(**{**failed.facts, "changes": ()}))
    except BadInput as refused:
        return replace(nobody, refused=refused)
    some = [chance for chance in drawn.prospect.by_id.values() if chance]
    return replace(
        nobody, people=len(drawn.prospect.by_id), without_chance=len(drawn.prospect.by_id) - len(some),
        mates=mates, lowest=min(some), highest=max(some), drawn=drawn,
    )  # fmt: skip


def _over(vacant: Vacancy) -> tuple[Change, ...]:
    """Find targets of which those who stay already fill more than the most."""
    _left, stay = _seated(vacant)
    taken = Counter(
        (feature, value)
        for person in stay
        for feature, value in zip(vacant.whole.features, person.values, strict=True)
    )
    return tuple(
        _change(target, "most", target.most, taken[target.key])
        for target in vacant.whole.targets
        if taken[target.key] > target.most
    )


def _refused_over(vacant: Vacancy) -> BadInput | None:
    left, stay = _seated(vacant)
    try:
        seat_first(left, stay)
    except BadInput as refused:
        return refused
    return None


def _mend(vacant: Vacancy) -> tuple[Change, ...]:
    """Find the smallest change of targets with which a panel exists, in seats of the whole panel."""
    left, stay = _seated(vacant)
    pool = seat_first(left, stay).pool
    by_key = {target.key: target for target in vacant.whole.targets}
    changes, _within = smallest_change(pool)
    found = []
    for change in changes:
        target = by_key[str(change["feature"]), str(change["value"])]
        by = int(str(change["after"])) - int(str(change["before"]))
        before = target.least if change["bound"] == "least" else target.most
        found.append(_change(target, str(change["bound"]), before, before + by))
    return tuple(found)


def _change(target: Target, bound: str, before: int, after: int) -> Change:
    return {
        "feature": target.feature, "value": target.value, "bound": bound, "before": before, "after": after,
    }  # fmt: skip


def _widened(targets: Sequence[Target], pack: Mapping[str, object]) -> tuple[Target, ...]:
    """Keep what was widened at an earlier replacement: whoever came in by it may stay."""
    lines = {(line["feature"], line["value"]): line for line in pack["targets"]}  # type: ignore[attr-defined]
    return tuple(
        replace(
            target,
            least=min(target.least, lines[target.key]["least"]),
            most=max(target.most, lines[target.key]["most"]),
        )
        if target.key in lines
        else target
        for target in targets
    )

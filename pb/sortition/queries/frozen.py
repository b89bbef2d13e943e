"""Read what a list counted when it was frozen; whoever stops or is erased later changes nothing of that."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from pb.inviting import queries as inviting
from pb.inviting.rules.appeal import Appeal
from pb.panel.rules.origins import Origin
from pb.sortition.lottery.price import take_apart
from pb.sortition.queries.draws import DrawFacts, auditor_bytes, figures
from pb.sortition.queries.pool import candidates
from pb.sortition.queries.prospects import Chance, Outlook, lines_of, lost_by_value
from pb.sortition.rules.invited import Mode
from pb.sortition.rules.pool import Person, Target, make_pool


@dataclass(frozen=True, slots=True)
class AtFreeze:
    """Hold what a page showed when the list was frozen, beside how many of those people still take part.

    ``now`` counts them per feature and value. ``features_gone`` says that only the chances are left.
    """

    outlook: Outlook
    still: int
    now: Mapping[tuple[str, str], int]
    features_gone: bool

    @property
    def gone(self) -> int:
        """Count who stood in the list and stopped, or was erased."""
        return self.outlook.yes - self.still


def frozen_values(session: Session, *, draw_id: int) -> dict[str, dict[str, str]]:
    """Give, per code of the list, the word for each feature; nothing once the features were deleted."""
    found = auditor_bytes(session, draw_id=draw_id)
    if found is None:
        return {}
    people: Mapping[str, Mapping[str, dict[str, str]]] = json.loads(found)["people"]
    return {code: line["features"] for code, line in people.items()}


def outlook_at_freeze(session: Session, *, appeal: Appeal, held: DrawFacts) -> AtFreeze:
    """Give what the targets did to the list that was frozen."""
    kept = figures(session, held)
    values = frozen_values(session, draw_id=held.id)
    names = sorted(next(iter(values.values()), {}))
    everybody = {code: Person(code, tuple(mine[name] for name in names)) for code, mine in values.items()}
    targets = [Target(line.feature, line.value, line.least, line.most) for line in kept.targets]
    invited = tuple(everybody[code] for code in kept.invited if code in everybody)
    drawn = [person for code, person in everybody.items() if code in kept.turns]
    pool = make_pool(names, targets if names else (), drawn, kept.seats)
    apart = take_apart(pool, invited)
    by_id = {code: Fraction(code not in kept.without_chance) for code in pool.by_id}
    mode = None if kept.mode == "none" else Mode(kept.mode)
    sent = inviting.counts(session, round_id=held.round_id, origin=Origin.LOT).invited
    network = len(apart.network) if names else len(kept.invited)
    chance = Chance(
        lowest=kept.lowest, average=kept.average, highest=kept.highest, binding=kept.binding,
        people=kept.people - len(kept.without_chance), seats=kept.seats_drawn,
    )  # fmt: skip
    now = candidates(session, round_id=held.round_id)
    listed = kept.turns.keys() | set(kept.invited)
    here = [person for person in (*now.whole.people, *now.invited) if person.id in listed]
    return AtFreeze(
        outlook=Outlook(
            seats=kept.seats, letters_sent=sent, yes_letters=len(listed) - network, yes_network=network,
            mode=mode, lines=lines_of(apart, appeal, 0) if names else {}, chance=chance, refusal=None,
            lost=lost_by_value(pool, by_id) if names else (), address_mates=len(kept.left_out),
            doubts=(), offers=(),
        ),
        still=len(here),
        now=Counter(
            (feature, value)
            for person in here
            for feature, value in zip(now.whole.features, person.values, strict=True)
        ),
        features_gone=not names,
    )  # fmt: skip

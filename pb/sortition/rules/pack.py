"""The pack of a draw: what is frozen and published before the number is known, and what auditors get.

The public pack holds codes and no features; the pack for auditors holds features and the salts with which
they were sealed. Both are canonical JSON, so that their hash means the same to everyone.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from pb.core.canonical import canonical, sha256_of
from pb.sortition.rules.beacon import Beacon
from pb.sortition.rules.exact import Bound
from pb.sortition.rules.following import Following
from pb.sortition.rules.groups import Grouping
from pb.sortition.rules.pool import Person, Pool
from pb.sortition.rules.seeding import DERIVATION

PACK_FORMAT: Final = "beslisavond-draw-1"
AUDITOR_FORMAT: Final = "beslisavond-draw-auditor-1"
# The best chances may need parts of panels; then whole panels come as near as they can, lowest chance first.
WHOLE_PANELS: Final = "no mix of whole panels gives everybody the promised turns"
RULES: Final = {
    "chances": "lowest as high as can be, then highest as low as can be, then leximin between",
    "panels": "tickets by rounding, panels by halving; when that fails, by mixing whole panels",
    "number": "sha256(beacon + '|' + draw + '|' + counter) as a number, from 0; again with the next counter "
    "when it is at or above the largest multiple of the panels; else its rest after division by the panels",
    "seal": "sha256(salt + '|' + canonical [code, features, home])",
    "sha256": "of this record without the key sha256: JSON, sorted keys, no spaces, UTF-8",
}


@dataclass(frozen=True)
class Terms:
    """Hold what was decided about a draw beside the pool; all of it is frozen with the pool.

    ``salt_key`` is secret; with it nobody can find features by trying. Without it salts come from the
    features of everybody together. ``first`` is what a draw for empty seats follows from.
    """

    panels: int
    seed: str = ""
    draw: str = ""
    mode: str = "none"
    household: bool = False
    salt_key: str = field(default="", repr=False)
    beacon: Beacon | None = None
    first: Following | None = None
    software: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Frozen:
    """Hold both packs as bytes, and the hash to publish."""

    public: bytes
    auditor: bytes
    sha256: str
    facts: Mapping[str, object]


def seed_of(whole: Pool, pool: Pool, seated: Sequence[Person], terms: Terms) -> str:
    """Derive the seed of everything that is left to chance from all that was frozen.

    So nobody can try many lists and keep the one they like without changing the pool itself.
    """
    return sha256_of(["seed", _inputs(whole, pool, seated, terms)])


def number_homes(pool: Pool) -> dict[str, int]:
    """Number the addresses with two or more people, by the first id of each; people alone are not in it."""
    homes = sorted(pool.households.values())
    return {one: number for number, ids in enumerate(homes, start=1) for one in ids}


def write_packs(
    whole: Pool, pool: Pool, seated: Sequence[Person], left_out: Sequence[str], terms: Terms,
    *, panels: Sequence[Sequence[str]], promised: Mapping[str, Fraction], grouping: Grouping,
    bound: Bound | None, is_exact: bool,
) -> Frozen:  # fmt: skip
    """Write the public pack and the one for auditors.

    ``whole`` has the targets and seats as they were asked for, ``pool`` those that are left to draw.
    """
    inputs = _inputs(whole, pool, seated, terms)
    secret = sha256_of(["salt", inputs])
    homes = number_homes(pool)
    everybody = sorted((*pool.people, *seated), key=lambda person: person.id)
    features = {person.id: dict(zip(pool.features, person.values, strict=True)) for person in everybody}
    salts = {one: hashlib.sha256(f"{secret}|{one}".encode()).hexdigest()[:32] for one in features}
    seals = {one: seal(salts[one], one, features[one], homes.get(one)) for one in features}
    turns = Counter(one for panel in panels for one in panel)
    some = [chance for chance in promised.values() if chance]
    facts: dict[str, object] = {
        "format": PACK_FORMAT,
        "software": dict(terms.software),
        "rules": dict(RULES),
        "draw": terms.draw or f"draw-{sha256_of(['draw', inputs])[:12]}",
        "seats": whole.seats,
        "seats_drawn": pool.seats,
        "panel_count": len(panels),
        "mode": terms.mode,
        "household_rule": terms.household,
        "seed": {"text": terms.seed, "value": seed_of(whole, pool, seated, terms), "derivation": DERIVATION},
        "beacon": None if terms.beacon is None else terms.beacon.to_json(),
        "first": None if terms.first is None else terms.first.to_json(),
        "targets": [
            {"feature": target.feature, "value": target.value, "least": target.least, "most": target.most}
            for target in whole.targets
        ],
        "people": {one.id: {"seal": seals[one.id], "home": homes.get(one.id)} for one in pool.people},
        "invited": {person.id: {"seal": seals[person.id]} for person in seated},
        "left_out": sorted(left_out),
        "panels": [list(panel) for panel in panels],
        "chances": {person.id: str(Fraction(turns[person.id], len(panels))) for person in pool.people},
        "promised": {one: str(chance) for one, chance in promised.items()},
        "lowest": str(min(some, default=Fraction(0))),
        "highest": str(max(some, default=Fraction(0))),
        "average": str(Fraction(pool.seats, len(pool.people))),
        "turns": count_turns(turns, promised, len(panels)),
        "is_exact": is_exact,
        "without_chance": sorted(one for one, chance in promised.items() if not chance),
        "proof": None if bound is None else _proof(pool, grouping, bound, homes),
    }  # fmt: skip
    digest = sha256_of(facts)
    facts["sha256"] = digest
    auditor: dict[str, object] = {
        "format": AUDITOR_FORMAT,
        "pack_sha256": digest,
        "people": {one: {"salt": salts[one], "features": features[one]} for one in features},
        # Beside the targets these count what the people with a seat are: not for everyone, they may be few.
        "targets_drawn": [[one.feature, one.value, one.least, one.most] for one in pool.targets],
    }
    auditor["sha256"] = sha256_of(auditor)
    return Frozen(canonical(facts) + b"\n", canonical(auditor) + b"\n", digest, facts)


def seal(salt: str, code: str, features: Mapping[str, str], home: int | None) -> str:
    """Seal somebody's features, so that they are fixed without being told."""
    return hashlib.sha256(f"{salt}|".encode() + canonical([code, dict(features), home])).hexdigest()


def count_turns(turns: Mapping[str, int], promised: Mapping[str, Fraction], panels: int) -> dict[str, object]:
    """Tell how near everybody's turns come to what was promised, and why not, when somebody's are a turn off.

    Shape: ``most_off`` the largest distance in turns, ``people_off`` who are one turn or more away,
    ``fewest`` the turns of whoever has the fewest of all who can be drawn, ``why`` empty when nobody is off.
    """
    off = [abs(turns.get(one, 0) - chance * panels) for one, chance in promised.items()]
    far = sum(distance >= 1 for distance in off)
    return {
        "most_off": str(max(off, default=Fraction(0))),
        "people_off": far,
        "fewest": min((turns.get(one, 0) for one, chance in promised.items() if chance), default=0),
        "why": WHOLE_PANELS if far else "",
    }


def _inputs(whole: Pool, pool: Pool, seated: Sequence[Person], terms: Terms) -> list[object]:
    homes = number_homes(pool)
    return [
        list(whole.features),
        [[target.feature, target.value, target.least, target.most] for target in whole.targets],
        whole.seats,
        [[person.id, list(person.values), homes.get(person.id)] for person in pool.people],
        sorted([person.id, list(person.values)] for person in seated),
        [terms.panels, terms.seed, terms.draw, terms.mode, terms.household, terms.salt_key],
    ]


def _proof(pool: Pool, grouping: Grouping, bound: Bound, homes: Mapping[str, int]) -> dict[str, object]:
    """Write weights on targets, seats and homes; their sums bound the lowest chance for any method at all."""
    weights: list[dict[str, object]] = []
    for number, weight in sorted(bound.weights.items()):
        row = grouping.rows[number]
        if row.target is not None:
            target = pool.targets[row.target]
            weights.append({"on": ["target", target.feature, target.value], "weight": str(weight)})
        elif not row.home:
            weights.append({"on": ["seats"], "weight": str(weight)})
        else:
            members = (one for place in row.places for one in grouping.groups[place].members)
            for home in sorted({homes[one] for one in members}):
                weights.append({"on": ["home", home], "weight": str(weight)})  # noqa: PERF401
    return {"weights": weights, "limit": str(bound.limit)}

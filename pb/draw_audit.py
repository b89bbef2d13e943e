"""Look at a draw as auditors may: with features and salts, beside draw_verify.py, which calls this.

Standard library only. Copy both files to one folder; then ``python draw_verify.py LIST.json --auditor
AUDITOR.json``.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable
from fractions import Fraction
from typing import Any

Facts = dict[str, Any]
Bounds = dict[tuple[str, str], list[int]]
PARTS = {"format", "pack_sha256", "people", "people.*", "people.*.salt", "people.*.features",
         "people.*.features.*", "targets_drawn", "sha256"}  # fmt: skip


def audit(
    report: Any,
    auditor: Facts,
    canonical: Callable[[object], bytes],
    own_hash: Callable[[Facts], str],
    ratio: Callable[[str], Fraction],
    unknown: Callable[[Facts, set[str]], list[str]],
) -> None:
    """Check seals, every target in every panel, that like is treated alike, and the proof.

    ``report`` is a Check of draw_verify; the others are its functions.
    """
    pack, told = report.pack, auditor["people"]
    everybody = {**pack["people"], **pack["invited"]}
    report.same("auditor, ", auditor, {"sha256": own_hash(auditor), "pack_sha256": own_hash(pack)})
    report.nobody("auditor, unknown", unknown(auditor, PARTS))
    report.nobody("auditor, people", told.keys() ^ everybody.keys())
    pairs = {code: list(told[code]["features"].items()) for code in everybody}
    for code, one in everybody.items():
        content = canonical([code, told[code]["features"], one.get("home")])
        seal = hashlib.sha256(f"{told[code]['salt']}|".encode() + content).hexdigest()
        report.same(f"{code}, ", one, {"seal": seal})
    drawn = _bounds_drawn(pack, Counter(pair for code in pack["invited"] for pair in pairs[code]))
    lines = [[*key, *both] for key, both in drawn.items()]
    report.same("auditor, ", auditor, {"targets_drawn": lines})
    report.nobody("targets", [] if len(drawn) == len(pack["targets"]) else ["twice"])
    # A feature left out, or a value without a target, would count for nothing.
    names = {feature for feature, _ in drawn}
    odd = [
        code for code in pack["people"] if told[code]["features"].keys() != names or {*pairs[code]} - {*drawn}
    ]
    report.nobody("auditor, features", odd)
    for number, panel in enumerate(pack["panels"]):
        seated = Counter(pair for code in panel for pair in pairs[code])
        off = [key for key, (low, high) in drawn.items() if not low <= seated[key] <= high]
        report.nobody(f"panel {number}, targets", off)
    _check_alike(report, pack, pairs)
    limit = _limit(pack, pairs, drawn, ratio)
    report.same("proof, ", pack["proof"], {"limit": str(limit)})
    report.checked.append(f"auditor: {len(told)}, <= {limit}")
    # What the list said of people who are a turn off was looked at here, among their likes.
    report.last = [] if not report.wrong else report.last


def _bounds_drawn(pack: Facts, taken: Counter[Any]) -> Bounds:
    """Lower the targets by the people who have a seat."""
    return {
        (line["feature"], line["value"]): [
            max(0, line[bound] - taken[line["feature"], line["value"]]) for bound in ("least", "most")
        ]
        for line in pack["targets"]
    }


def _check_alike(report: Any, pack: Facts, pairs: Facts) -> None:
    """Expect the same promise for like people in like homes, and turns that differ by one where they must."""
    turns = Counter(code for panel in pack["panels"] for code in panel)
    homes, chances, often = defaultdict(list), defaultdict(set), defaultdict(set)
    for code, one in pack["people"].items():
        homes[one["home"]].append(sorted(pairs[code]))
    for code, one in pack["people"].items():
        mates = None if one["home"] is None else sorted(homes[one["home"]])
        chances[str((sorted(pairs[code]), mates))].add(pack["promised"][code])
        often[str((sorted(pairs[code]), one["home"]))].add(turns[code])
    report.nobody("alike, promised", [kind for kind, found in chances.items() if len(found) > 1])
    report.nobody("alike, turns", [kind for kind, found in often.items() if max(found) - min(found) > 1])


def _limit(pack: Facts, pairs: Facts, drawn: Bounds, ratio: Callable[[str], Fraction]) -> Fraction:
    """Add up the weights again: whatever the method, nobody can promise everybody more than this."""
    right, prices = Fraction(0), dict.fromkeys(pack["people"], Fraction(0))
    for one in pack["proof"]["weights"]:
        weight, (kind, *name) = ratio(one["weight"]), one["on"]
        if kind == "home" and type(name[0]) is not int:
            raise ValueError("a home without a number")
        fixed = {"seats": [pack["seats_drawn"]] * 2, "home": [0, 1]}
        right += weight * (fixed[kind] if kind in fixed else drawn[name[0], name[1]])[weight > 0]
        for code, person in pack["people"].items():
            counts = {"seats": True, "home": name == [person["home"]], "target": tuple(name) in pairs[code]}[
                kind
            ]
            if counts:
                prices[code] += weight
    able = [price for code, price in prices.items() if ratio(pack["promised"][code])]
    right -= sum((price for price in able if price < 0), Fraction(0))
    shared = sum((price for price in able if price > 0), Fraction(0))
    return min(right / shared, Fraction(1)) if shared else Fraction(1)

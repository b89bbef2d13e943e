"""Check the export of an evening against its seal: this one file, the standard library, nothing of the app.

    python -m pb verify EXPORT.json --seal XXXXX-XXXXX    (or: python verify.py, and the same)
Ends with 0 when everything fits, 1 when something does not, 2 when there is nothing to check (with).
"""

import argparse
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FORMAT, FEWEST_SHOWN, EVENT_KEYS = "beslisavond-evening-1", 5, {"seq", "at", "kind", "facts", "hash"}
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOK_ALIKES = str.maketrans("OIL", "011", " -\u00a0\u2010\u2011\u2012\u2013\u2014\u2212_.")
# What moves a seat. "overtaken" is a tap that came too late: it stays in the chain and moves nobody.
MOVES = ("scored", "tablet_scored", "paper_scored")
TAKES_AWAY = (*MOVES, "paper_invalid")  # without a figure; and whoever goes to stand on the floor or on paper
KNOWN = {  # what an export holds: anything beside it would seem checked
    "": "about agenda decisions division evening events format head rules seals",
    "agenda": "ask_cents item least_cents number plan position title", "seals": "end plans",
    "decisions": "computed_yes hist minority_view plan reason way yes", "rules": "rules sha256 version",
    "evening": "agenda_seed budget_cents held_on id lot_seed", "division": "inputs result sha256",
}  # fmt: skip
LOOSE = "Not under the seal: the date, titles, numbers, asks, least amounts, reasons and minority views."
ASK = "This check needs the seal of the evening: it stands at the end of the minutes and in the mail."
Facts = dict[str, Any]


class Unreadable(Exception):
    """Say that there is nothing here to check."""


@dataclass
class Report:
    """What was looked at, and what does not fit."""

    checked: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    of_plan: str = ""  # what the seal is instead, when it is one of a plan

    def see(self, fits: bool, words: str) -> bool:
        self.wrong += [] if fits else [words]
        return fits


def canonical(facts: object) -> str:  # as facts were hashed: JSON with sorted keys, no spaces
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_of(facts: object) -> str:
    return hashlib.sha256(canonical(facts).encode("utf-8", "surrogatepass")).hexdigest()


def event_hash(before: str, event: Facts) -> str:
    return sha256_of([before, event["seq"], event["at"], event["kind"], canonical(event["facts"])])


def check_character(body: str) -> str:
    """Compute the tenth character: every character weighs another power of two in the field of 32."""
    total = 0
    for character in body:
        doubled = (total ^ ALPHABET.index(character)) << 1
        total = doubled ^ 0b100101 if doubled & 32 else doubled
    return ALPHABET[total]


def seal_of(head: str) -> str:
    """Write the first 45 bits of a hash as nine characters and a check character."""
    bits = int(head[:12], 16) >> 3
    body = "".join(ALPHABET[bits >> shift & 31] for shift in range(40, -1, -5))
    return f"{body[:5]}-{body[5:]}{check_character(body)}"


def read_seal(typed: str) -> str:
    """Read a seal as people type it, or the whole hash. Raises: Unreadable."""
    if len(typed) == 64 and set(typed) <= set("0123456789abcdef"):
        return typed
    code = typed.upper().translate(LOOK_ALIKES)
    if len(code) != 10 or not set(code) <= set(ALPHABET):
        raise Unreadable(f"{typed!r} is not a seal: a seal has ten characters, such as 7KQ2M-9TXW4.")
    if check_character(code[:9]) != code[9]:
        raise Unreadable(f"{typed!r} holds a typing mistake: its last character does not fit the others.")
    return f"{code[:5]}-{code[5:]}"


def read_export(path: Path) -> Facts:
    """Read an export strictly: no key twice, whole numbers only. Raises: Unreadable."""
    try:
        text = path.read_bytes().decode("utf-8")
        export = json.loads(text, object_pairs_hook=_strict, parse_float=_strict, parse_constant=_strict)
    except (OSError, ValueError, RecursionError) as error:
        raise Unreadable(f"{path} is not an export: {error}.") from error
    if not isinstance(export, dict) or export.get("format") != FORMAT:
        raise Unreadable(f'{path} is not an export: it does not begin with "format": "{FORMAT}".')
    for name, known in KNOWN.items():
        part = export.get(name) if name else export
        for one in part if isinstance(part, list) else [part]:
            if isinstance(one, dict) and (more := sorted(one.keys() - set(known.split()))):
                raise Unreadable(f"{path} holds what this check does not know: {name} {', '.join(more)}.")
    return export


def check(export: Facts, seal: str | None) -> Report:
    """Check everything that can be checked; without a seal a tail that was cut off is not noticed."""
    report = Report()
    try:
        report.see(export["format"] == FORMAT, "The file is of another format.")
        events: list[Facts] = export["events"]
        if not _check_chain(report, events):
            return report
        head, end = events[-1]["hash"], seal_of(events[-1]["hash"])
        report.see(export["head"] == head, "The head that the file names is not the hash of its last event.")
        if seal is not None:
            at = [event["seq"] for event in events if seal in (event["hash"], seal_of(event["hash"]))]
            words = f"yours is of event {at[0]}" if at else "events were changed, added, or cut off"
            report.see(seal in (end, head), f"Its seal is {end}: {words}.")
            report.checked.append(f"The end of the chain against the seal {seal}.")
        report.see(export["seals"]["end"] == end, f"The file names {export['seals']['end']!r} as its seal.")
        _check_plan_seals(report, export, events, seal and (seal_of(seal) if len(seal) == 64 else seal))
        _check_plan(report, export, events)
        _check_decisions(report, export, events)
        _check_division(report, export, events)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError) as error:
        report.wrong.append(f"A part of the file is missing or has another shape ({error!r}).")
    return report


def _check_chain(report: Report, events: list[Facts]) -> bool:
    before = "0" * 64
    for place, event in enumerate(events, start=1):
        if set(event) != EVENT_KEYS or repr(event["seq"]) != str(place):
            return report.see(False, f"Event {place}: another number, or other parts than an event has.")
        report.see(event["hash"] == event_hash(before, event), f"Event {place}: its hash does not fit.")
        before = event["hash"]
    report.checked.append(f"{len(events)} events: each number, each time and each hash, in one chain.")
    return report.see(bool(events), "There are no events.")


def _check_plan_seals(report: Report, export: Facts, events: list[Facts], typed: str | None) -> None:
    """Find each plan's seals again: of its closing, and of each form on paper that was typed after it."""
    ever: dict[int, list[Facts]] = defaultdict(list)
    closed: dict[int, Facts] = {}
    for event in events:
        kind, item = event["kind"], event["facts"].get("item")
        if kind in ("scoring_opened", "reopened"):
            closed.pop(item, None)
        elif kind == "scoring_closed" or (kind in ("paper_scored", "paper_invalid") and item in closed):
            ever[item].append({"item": item, "seq": event["seq"], "seal": seal_of(event["hash"])})
            closed[item] = ever[item][-1] if kind == "scoring_closed" else closed[item]
    agenda, named = [one for one in export["agenda"] if one["item"] in ever], export["seals"]["plans"]
    for one in agenda:
        codes = [f"{seal['seal']} (event {seal['seq']})" for seal in reversed(ever[one["item"]])]
        unseen = " (also seals in between that nobody was shown)" if len(codes) > 2 else ""
        report.checked.append(f"Seal of plan {one['number']}: {', in place of '.join(codes)}{unseen}.")
        if typed and typed in "".join(codes):
            stands = "still valid" if codes[0].startswith(typed) else f"replaced by {codes[0]}"
            report.of_plan = f"NOT CHECKED: {typed} is the seal of plan {one['number']}, {stands}. " + ASK
    every = [seal for one in agenda for seal in ever[one["item"]]]
    first = [closed.get(one["item"]) for one in agenda]  # the first release named only these
    report.see(_same(named, every) or _same(named, first), "The file names other seals of plans than these.")
    report.see(len(agenda) == len(ever), "A plan that was closed is not on the agenda.")


def _check_plan(report: Report, export: Facts, events: list[Facts]) -> None:
    """Compare the evening, its rules and its agenda with what was written down when it was planned."""
    last = {event["kind"]: event for event in events}
    times = [event["kind"] for event in events].count("planned")
    if not report.see(times == 1, f"The evening was planned {times} times instead of once."):
        return
    facts, evening, rules = last["planned"]["facts"], export["evening"], export["rules"]
    at, agenda, put = f"event {last['planned']['seq']}", export["agenda"], last.get("agenda")
    fits = rules["sha256"] == facts["rules_sha256"] == sha256_of(rules["rules"])
    report.see(fits, f"The rules in the file are not those of {at}, by their hash.")
    report.see(_same(evening["budget_cents"], facts["budget_cents"]), f"The money is not that of {at}.")
    seed = last.get("lot_seed_set", last["planned"])["facts"]["lot_seed"]
    report.see(_same(evening["lot_seed"], seed), "lot_seed in the file is not that of the events.")
    report.see(_same([one["position"] for one in agenda], [*range(1, len(agenda) + 1)]), "It has gaps.")
    order, seed = (put["facts"]["items"], put["facts"]["seed"]) if put else (facts["plans"], "")
    report.see(_same([one["item" if put else "plan"] for one in agenda], order), "It is another agenda.")
    report.see(evening["agenda_seed"] == seed, "The lot of the agenda is another one.")
    pairs = [{"item": one["item"], "plan": one["plan"]} for one in agenda]
    for event in (one for one in events if one["kind"] == "plan_shown"):
        report.see(event["facts"] in pairs, f"Event {event['seq']}: this plan is not on the agenda so.")
    report.checked.append("The rules, the money, the lot and the agenda, as they were planned.")


def positions(events: Sequence[Facts]) -> Iterator[tuple[Facts, dict[int, list[int]]]]:
    """Follow where people stand, and give at every decision how many stood on each figure, per item."""
    seats: dict[int, dict[int, int]] = defaultdict(dict)
    floor: dict[int, list[int]] = {}
    at_hand = 0
    for event in events:
        kind, facts = event["kind"], event["facts"]
        if kind in ("scoring_opened", "reopened", "scoring_closed"):
            at_hand = facts["item"] if kind != "scoring_closed" else 0  # between plans nobody loses a figure
        elif kind in MOVES and facts["score"] is not None:
            seats[facts["item"]][facts["seat"]] = facts["score"]
        elif kind in TAKES_AWAY or (kind == "way" and facts["way"] != "phone"):
            seats[facts.get("item", at_hand)].pop(facts["seat"], None)
        elif kind == "floor_counted":
            floor[facts["item"]] = facts["counts"]
        elif kind == "decided":
            yield event, {item: _counts(seats[item], floor.get(item)) for item in {*seats, *floor} - {0}}


def _counts(seats: dict[int, int], floor: list[int] | None) -> list[int]:
    return [count + [*seats.values()].count(figure) for figure, count in enumerate(floor or [0] * 5, start=1)]


def _check_decisions(report: Report, export: Facts, events: list[Facts]) -> None:
    items = {one["plan"]: one for one in export["agenda"]}
    last: dict[int, Facts] = {}
    for event, counted in positions(events):
        facts, one = event["facts"], items[event["facts"]["plan"]]
        hist = counted.get(one["item"], [0] * 5)
        words = f"plan {one['number']} was decided on {facts['hist']}, but people stood as {hist}."
        report.see(facts["hist"] == hist, f"Event {event['seq']}: {words}")
        last[facts["plan"]] = facts
    named = {one["plan"]: one for one in export["decisions"]}
    report.see(sorted(one["plan"] for one in export["decisions"]) == sorted(last), "It has other decisions.")
    for plan, facts in last.items():
        same = all(_same(named.get(plan, {}).get(name), value) for name, value in facts.items())
        report.see(same, f"Plan {items[plan]['number']}: the decision in the file is not that of the events.")
    report.checked.append(f"{len(last)} decisions, with every figure counted again from the events.")


def _check_division(report: Report, export: Facts, events: list[Facts]) -> None:
    division, facts = export["division"], {event["kind"]: event["facts"] for event in events}
    if division is None:
        report.see("divided" not in facts, "The money was divided, but the division is not in the file.")
        return
    inputs, result, rules = division["inputs"], division["result"], export["rules"]
    digest = sha256_of({"inputs": inputs, "result": result})
    report.see(division["sha256"] == digest, "The division does not have the hash that the file names.")
    # The first release did not ask the panel here, and nobody could change an amount.
    for kind in ("divided", "agreed", "confirmed") if "amendments" in inputs else ("divided", "confirmed"):
        report.see(facts[kind]["sha256"] == digest, f"The division is not the one that was {kind}.")
    same = _same([inputs["rules"], inputs["rules_sha256"]], [rules["rules"], rules["sha256"]])
    report.see(same, "The money was divided by other rules.")
    for name, value in (("budget", "budget_cents"), ("lot_seed", "lot_seed")):
        report.see(_same(inputs[name], export["evening"][value]), f"{name} of the division is another one.")
    report.see(inputs["chain_head"] in {one["hash"] for one in events}, "It was not made from this chain.")
    decided = {one["plan"]: one for one in export["decisions"]}
    told = {one["plan"]: [one["request"], one["min"], one["hist"], one["yes"]] for one in inputs["plans"]}
    for one in export["agenda"]:
        hist, yes = decided[one["plan"]]["hist"], decided[one["plan"]]["yes"]
        shown = hist if sum(hist) >= FEWEST_SHOWN else None
        fits = _same(told[canonical(one["number"])], [one["ask_cents"], one["least_cents"], shown, yes])
        report.see(fits, f"Plan {one['number']}: the division was made from other figures or amounts.")
    numbers = {one["plan"]: str(one["number"]) for one in export["agenda"]}
    changes = [one["facts"] for one in events if one["kind"] in ("amended", "amendment_undone")]
    made = {numbers[one["plan"]]: one.get("amount_cents") for one in changes}
    settled = {number: cents for number, cents in made.items() if cents is not None}
    listed = {one["plan"]: one["amount"] for one in inputs.get("amendments", [])}
    report.see(_same(listed, settled), "The amounts that people changed are not those of the events.")
    wanted = {**(result["amounts"] if settled else result.get("computed", result["amounts"])), **settled}
    report.see(_same(result["amounts"], wanted), "The amounts are not what was computed or changed.")
    paid, left = sum(result["amounts"].values()), facts["divided"]["leftover_cents"]
    fits = _same([paid, paid + left], [facts["divided"]["total_cents"], inputs["budget"]])
    report.see(fits, "The amounts and what is left do not add up.")
    report.checked.append(f"The division: its hash, its figures, its sums, {len(settled)} changed amounts.")


def _same(one: object, other: object) -> bool:
    return canonical(one) == canonical(other)  # as JSON: True is not 1


def _strict(found: Any) -> Facts:
    if isinstance(found, str) or len(dict(found)) != len(found):
        raise ValueError(f"{str(found)[:20]} is no whole number, or a key stands in it twice")
    return dict(found)


def main(arguments: Sequence[str] | None = None) -> int:
    """Check an export and say in plain sentences what fits and what does not."""
    parser = argparse.ArgumentParser(prog="verify", description="Check the export of an evening.")
    parser.add_argument("export", type=Path, help="the file that the minutes page gives")
    parser.add_argument("--seal", required=True, help="the seal from the screen, the minutes or the mail")
    chosen = parser.parse_args(arguments)
    try:
        report = check(read_export(chosen.export), seal := read_seal(chosen.seal))
    except Unreadable as error:
        sys.stdout.write(f"{error}\n")
        return 2
    other = report.of_plan if len(report.wrong) == 1 else ""  # only the seal does not fit
    told = [f"Checked: {one}" for one in report.checked]
    told += [f"DOES NOT FIT: {one}" for one in report.wrong[:20] if not other]
    end = "WRONG. Do not trust this export." if report.wrong else f"OK. It all fits the seal {seal}."
    told += [LOOSE, other or end]
    sys.stdout.write("\n".join(told) + "\n")
    return 2 if other else 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())

"""Check a draw by lot against what was published: this one file, the standard library, nothing of the app.

    python -m pb draw-verify PACK.json --sha256 HASH --certificate CERTIFICATE.json
    python draw_verify.py PACK.json --auditor AUDITOR.json

Ends with 0 when everything fits, 1 when something does not, 2 when there is nothing to check.
"""

import argparse
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

PACK, AUDITOR = "beslisavond-draw-1", "beslisavond-draw-auditor-1"
CERTIFICATE = "beslisavond-draw-certificate-1"
QUICKNET, BEGAN, EACH_SECONDS = "drand quicknet", 1_692_803_367, 3

Facts = dict[str, Any]
Given = Facts | None


class Unreadable(Exception):
    """Say that there is nothing here to check."""


@dataclass
class Report:
    """What was looked at, and what does not fit."""

    checked: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def see(self, fits: bool, words: str) -> None:
        self.wrong += [] if fits else [words]


def canonical(facts: object) -> bytes:
    """Write facts as they were hashed: JSON with sorted keys, no spaces, UTF-8."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def own_hash(facts: Facts) -> str:
    """Hash a record without its own hash."""
    return hashlib.sha256(canonical({key: facts[key] for key in facts if key != "sha256"})).hexdigest()


def number_from(beacon: str, draw: str, panels: int) -> tuple[int, int]:
    """Make a number from 0 out of a public value, and count the values that were set aside."""
    limit, counter = 2**256 - 2**256 % panels, 0
    while (value := int(hashlib.sha256(f"{beacon}|{draw}|{counter}".encode()).hexdigest(), 16)) >= limit:
        counter += 1
    return value % panels, counter


def ratio(written: str) -> Fraction:
    """Read a fraction of whole numbers. Raises: ValueError, for exponents and whatever else has no end."""
    if (found := re.fullmatch(r"(-?[0-9]{1,400})(?:/([0-9]{1,400}))?", written)) is None:
        raise ValueError(f"{written[:20]} is no fraction")
    return Fraction(int(found[1]), int(found[2] or 1))


def read(path: Path, expected: str) -> Facts:
    """Read a file strictly: no key twice, whole numbers only. Raises: Unreadable."""
    try:
        text = path.read_bytes().decode("utf-8")
        found = json.loads(text, object_pairs_hook=_once_each, parse_float=_refuse, parse_constant=_refuse)
    except OSError as error:
        raise Unreadable(f"{path} cannot be opened: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{path} cannot be read: {error}.") from error
    if not isinstance(found, dict) or found.get("format") != expected:
        raise Unreadable(f'{path} is something else: it does not say "format": "{expected}".')
    return found


def check(
    pack: Facts, *, published: str | None = None, certificate: Given = None, auditor: Given = None
) -> Report:
    """Check everything that can be checked; without the published hash nobody notices a pack made anew."""
    report = Report()
    try:
        _check_pack(report, pack, published)
        _check_panels(report, pack)
        if certificate is not None:
            _check_certificate(report, pack, certificate)
        if auditor is not None:
            _check_auditor(report, pack, auditor)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError) as error:
        report.wrong.append(f"A part of a file is missing or has another shape ({error!r}).")
    return report


def _check_pack(report: Report, pack: Facts, published: str | None) -> None:
    digest = own_hash(pack)
    report.see(pack["sha256"] == digest, "The pack was changed: its hash is not the one that it names.")
    told = digest if published is None else "".join(published.lower().split())
    report.see(told == digest, f"The pack is not the one that was published; its hash is {digest}.")
    report.checked.append(f"The pack has the hash {digest}; that must be the one that was published.")
    if pack["beacon"] is not None:
        _check_round(report, pack["beacon"])


def _check_round(report: Report, beacon: Facts) -> None:
    if beacon["source"] == QUICKNET:
        fits = _moment(beacon["at"]).timestamp() == BEGAN + (beacon["round"] - 1) * EACH_SECONDS
        report.see(fits, f"Round {beacon['round']} does not come at {beacon['at']}.")


def _check_panels(report: Report, pack: Facts) -> None:
    people, panels, seats, count = pack["people"], pack["panels"], pack["seats_drawn"], len(pack["panels"])
    report.see(count == pack["panel_count"] > 0, f"There are {count} panels, not {pack['panel_count']}.")
    both = people.keys() & (pack["invited"].keys() | set(pack["left_out"]))
    report.see(not both, f"{_some(both)} are in the pool, and invited or left out too.")
    report.see(pack["seats"] == seats + len(pack["invited"]), "Invited and drawn seats do not add up.")
    homes = {code: one["home"] for code, one in people.items() if one["home"] is not None}
    report.see(pack["household_rule"] or not homes, "There is no rule for households, but there are some.")
    for number, panel in enumerate(panels):
        fits = len(panel) == seats == len(set(panel)) and panel == sorted(panel)
        report.see(fits, f"Panel {number}: not {seats} different people in order.")
        unknown = [code for code in panel if code not in people]
        report.see(not unknown, f"Panel {number}: {_some(unknown)} are not in the pool.")
        at_home = [homes[code] for code in panel if code in homes]
        report.see(len(at_home) == len(set(at_home)), f"Panel {number}: two people of one address.")
    _check_chances(report, pack, Counter(code for panel in panels for code in panel), count)
    report.checked.append(f"{count} panels of {seats} people ({len(set(map(tuple, panels)))} different).")


def _check_chances(report: Report, pack: Facts, turns: Counter[str], count: int) -> None:
    people, chances, promised, seats = pack["people"], pack["chances"], pack["promised"], pack["seats_drawn"]
    missing = people.keys() ^ chances.keys() | people.keys() ^ promised.keys()
    report.see(not missing, f"{_some(missing)}: in the pool without a chance, or the other way round.")
    wrong = [code for code in chances if ratio(chances[code]) != Fraction(turns[code], count)]
    report.see(not wrong, f"{_some(wrong)}: their chance is not their turns divided by the panels.")
    exact = {code: ratio(chance) for code, chance in promised.items()}
    some = [chance for chance in exact.values() if chance]
    fits = ratio(pack["lowest"]) == min(some) and ratio(pack["highest"]) == max(some)
    report.see(fits, "The lowest or highest chance is not that of the people.")
    report.see(ratio(pack["average"]) == Fraction(seats, len(people)), "The average chance is another.")
    none = sorted(code for code, chance in exact.items() if not chance)
    report.see(none == pack["without_chance"], "Other people have no chance than the pack names.")
    report.see(not any(turns[code] for code in none), "Somebody without a chance was drawn.")
    fits = not pack["is_exact"] or sum(exact.values()) == seats
    report.see(fits, "The promised chances do not add up to the seats.")
    # With few seats whole panels cannot always come within a turn; a replacement has to do with who is left.
    leeway = Fraction(count * 20 if pack.get("mode") == "replacement" else max(40, count * 3), 20)
    off = {code: abs(turns[code] - chance * count) for code, chance in exact.items()}
    far = [code for code in off if off[code] > leeway]
    report.see(not far, f"{_some(far)}: other turns than were promised.")
    most, least = float(max(off.values())), min(turns[code] for code, chance in exact.items() if chance)
    told = f"{len(chances)} chances, counted; at most {most:.2f} turns from what was promised."
    told += f" The lowest is {least}/{count}; {min(some)} was promised."
    report.checked.append(f"{told} People who are in no panel: {sum(not turns[code] for code in people)}.")


def _check_certificate(report: Report, pack: Facts, certificate: Facts) -> None:
    report.see(certificate["sha256"] == own_hash(certificate), "The certificate was changed, by its hash.")
    report.see(certificate["pack_sha256"] == own_hash(pack), "The certificate is of another pack.")
    report.see(certificate["draw"] == pack["draw"], "The certificate is of another draw.")
    beacon, announced = certificate["beacon"], pack["beacon"]
    if announced is not None:
        same = all(beacon[name] == announced[name] for name in ("source", "round", "at"))
        report.see(same, "The number comes from another source or round than was announced.")
    _check_round(report, beacon)
    late = f"Not valid: the list was published after round {beacon['round']}."
    report.see(_moment(certificate["published_at"]) < _moment(beacon["at"]), late)
    if beacon["signature"]:
        randomness = hashlib.sha256(bytes.fromhex(beacon["signature"])).hexdigest()
        report.see(randomness == beacon["value"], "The public value is not that of its signature.")
    panels = pack["panels"]
    number, counter = number_from(beacon["value"], pack["draw"], len(panels))
    fits = [certificate["number"], certificate["counter"]] == [number, counter]
    report.see(fits, f"The public value gives number {number}, not {certificate['number']}.")
    report.see(certificate["panel"] == panels[number], f"The panel is not number {number} of the list.")
    report.see(certificate["invited"] == sorted(pack["invited"]), "Other people were invited.")
    for name in ("lowest", "highest", "average", "proof"):
        report.see(certificate[name] == pack[name], f"The certificate names another {name} than the pack.")
    counts = Counter(ratio(chance) for chance in pack["chances"].values())
    spread = [[str(chance), counts[chance]] for chance in sorted(counts)]
    report.see(certificate["distribution"] == spread, "The certificate names other chances.")
    told = [[line[name] for name in ("feature", "value", "least", "most")] for line in certificate["targets"]]
    asked = [[line[name] for name in ("feature", "value", "least", "most")] for line in pack["targets"]]
    report.see(told == asked, "The certificate names other targets.")
    for line in certificate["targets"]:
        fits = "reached" not in line or line["least"] <= line["reached"] <= line["most"]
        report.see(fits, f"{line['value']}: {line.get('reached')} people, outside its target.")
    report.checked.append(f"Number {number} from round {beacon['round']}, and the panel of that number.")


def _check_auditor(report: Report, pack: Facts, auditor: Facts) -> None:
    report.see(auditor["sha256"] == own_hash(auditor), "The pack for auditors was changed.")
    report.see(auditor["pack_sha256"] == own_hash(pack), "The pack for auditors is of another draw.")
    everybody, told = {**pack["people"], **pack["invited"]}, auditor["people"]
    report.see(told.keys() == everybody.keys(), f"{_some(told.keys() ^ everybody.keys())}: in one pack only.")
    for code, one in everybody.items():
        content = canonical([code, told[code]["features"], one.get("home")])
        seal = hashlib.sha256(f"{told[code]['salt']}|".encode() + content).hexdigest()
        report.see(seal == one["seal"], f"{code}: other features or another address than were sealed.")
    features = {code: one["features"] for code, one in told.items()}
    drawn = {(name, value): [least, most] for name, value, least, most in auditor["targets_drawn"]}
    for number, panel in enumerate(pack["panels"]):
        seated = Counter(pair for code in panel for pair in features[code].items())
        for key, (least, most) in drawn.items():
            fits = least <= seated[key] <= most
            report.see(fits, f"Panel {number}: {seated[key]} people with {key[1]}, outside its target.")
    fixed = Counter(pair for code in pack["invited"] for pair in features[code].items())
    for target in pack["targets"]:
        taken = fixed[target["feature"], target["value"]]
        left = [max(0, target["least"] - taken), max(0, target["most"] - taken)]
        same = drawn.get((target["feature"], target["value"])) == left and taken <= target["most"]
        report.see(same, f"{target['value']}: what is left to draw is not the target less the invited.")
    if pack["proof"] is not None:
        _check_proof(report, pack, features, drawn)
    report.checked.append(f"The features of {len(told)} people, and every target in every panel.")


def _check_proof(report: Report, pack: Facts, features: Facts, drawn: dict[Any, Any]) -> None:
    """Add up the weights again: whatever the method, nobody can promise everybody more than the limit."""
    right, prices = Fraction(0), dict.fromkeys(pack["people"], Fraction(0))
    for one in pack["proof"]["weights"]:
        weight, (kind, *name) = ratio(one["weight"]), one["on"]
        bounds = {"seats": [pack["seats_drawn"]] * 2, "home": [0, 1]}.get(kind) or drawn[tuple(name)]
        right += weight * bounds[weight > 0]
        for code, person in pack["people"].items():
            counts = {"seats": True, "home": name == [person["home"]]}.get(kind)
            if features[code].get(name[0]) == name[1] if counts is None else counts:
                prices[code] += weight
    able = [price for code, price in prices.items() if ratio(pack["promised"][code])]
    right -= sum((price for price in able if price < 0), Fraction(0))
    shared = sum((price for price in able if price > 0), Fraction(0))
    limit = min(right / shared, Fraction(1)) if shared else Fraction(1)
    report.see(limit == ratio(pack["proof"]["limit"]), "The proof of the lowest chance does not add up.")
    gap = 1 - ratio(pack["lowest"]) / limit
    report.see(0 <= gap <= Fraction(1, 1000), f"The lowest chance is not the best, {limit}.")
    report.checked.append(f"The proof that nobody can promise everybody more than {limit}.")


def _moment(written: str) -> datetime:
    if (moment := datetime.fromisoformat(written)).tzinfo is None:
        raise ValueError(f"{written} has no time zone")
    return moment


def _some(codes: object) -> str:
    found = sorted(codes)  # type: ignore[call-overload]
    return ", ".join(found[:5]) + (" ..." if len(found) > 5 else "")


def _once_each(pairs: list[tuple[str, Any]]) -> Facts:
    if len(facts := dict(pairs)) != len(pairs):
        raise ValueError("a key stands in it twice")
    return facts


def _refuse(number: str) -> NoReturn:
    raise ValueError(f"{number[:20]} is no whole number")


def _tell(lines: Sequence[str]) -> None:
    """Print lines in which a file can hide nothing: no signs that steer a terminal or cannot be written."""
    text = "\n".join("".join(sign if sign.isprintable() else "?" for sign in line) for line in lines)
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, errors="replace").decode(encoding) + "\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a draw and say in plain sentences what fits and what does not."""
    parser = argparse.ArgumentParser(prog="draw-verify", description="Check a draw by lot.")
    parser.add_argument("pack", type=Path, help="the pack that was published")
    parser.add_argument("--sha256", help="the hash that was published, from the newsletter or the page")
    parser.add_argument("--certificate", type=Path, help="the certificate of the day of the draw")
    parser.add_argument("--auditor", type=Path, help="the pack for auditors, with features")
    chosen = parser.parse_args(arguments)
    try:
        pack = read(chosen.pack, PACK)
        certificate = None if chosen.certificate is None else read(chosen.certificate, CERTIFICATE)
        auditor = None if chosen.auditor is None else read(chosen.auditor, AUDITOR)
    except Unreadable as error:
        _tell([str(error)])
        return 2
    report = check(pack, published=chosen.sha256, certificate=certificate, auditor=auditor)
    told = [f"Checked: {line}" for line in report.checked]
    told += [f"DOES NOT FIT: {line}" for line in report.wrong[:20]]
    if pack.get("proof") is None and pack.get("mode") != "replacement":
        told.append("There is no proof in it.")
    told.append("Not to be checked here: answers on the form, and who got a letter.")
    _tell([*told, "WRONG. Do not trust this draw." if report.wrong else "OK. It all fits."])
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())

"""Check a draw by lot against what was published: this one file, the standard library, nothing of the app.

    python3 draw_verify.py LIST.json --sha256 HASH --certificate CERTIFICATE.json --before LIST_1 PROOF_1

Ends with 0 when everything fits, 1 when something does not, 2 when there is nothing to check.
"""

# fmt: off
import argparse
import hashlib
import json
import os
import re
import runpy
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

Facts = dict[str, Any]
Pair = Sequence[Facts]  # a list and its certificate
QUICKNET, BEGAN, EACH_SECONDS, REPLACEMENT_PANELS = "drand quicknet", 1_692_803_367, 3, 100
SEAL, MOMENT = "[0-9a-f]{64}", "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
VALUES = {QUICKNET: SEAL, "dice thrown in the meeting": "[1-6](-[1-6]){7}"}
WORDS = {key: both for key, *both in (line.split(" | ") for line in """\
hash | The hash of the list is {}: compare it with the newsletter. | Het controlegetal van de lijst is {}: vergelijk het met de nieuwsbrief.
kept | The hash of the list is {}: it was not in the newsletter. Compare it with what you kept yourself. | Het controlegetal van de lijst is {}: het stond niet in de nieuwsbrief. Vergelijk het met wat je zelf bewaarde.
unknown | This does not belong in the file | Dit hoort niet in het bestand
dice thrown in the meeting | These dice were thrown: {0[value]}. Compare that with what was thrown at the meeting. | Er is gegooid: {0[value]}. Vergelijk dat met wat er op de bijeenkomst is gegooid.
drand quicknet | Round {0[round]} of drand gave {0[value]}. Compare that at a site of drand of your choice. | Ronde {0[round]} van drand gaf {0[value]}. Vergelijk dat op een site van drand die je zelf kiest.
value | The public value is {0[value]}. Compare that with its source. | Het openbare getal is {0[value]}. Vergelijk dat met waar het vandaan komt.
panels | Panels: {}. People in each: {}. Different panels: {}. Lowest chance {}; promised {}. In no panel: {}. | Panels: {}. Mensen in elk: {}. Verschillende panels: {}. Laagste kans {}; beloofd {}. In geen panel: {}.
after | It follows from {}, as number {}. Seats to fill: {}. Gave up a seat until now: {}. Of that list, left without ever having a seat: {}. | Ze volgt uit {}, als nummer {}. Stoelen om te vullen: {}. Gaven tot nu toe een stoel op: {}. Vielen van die lijst af zonder stoel: {}.
late | Not valid: published after the number could be known. | Ongeldig: pas openbaar toen het getal bekend kon zijn.
shape | Missing, or of another shape: {}. | Dat ontbreekt, of heeft een andere vorm: {}.
alone | A replacement needs its certificate, and all draws before it: --before. | Een vervanging heeft haar bewijs nodig, en alle lotingen ervoor: --before.
short | But people who are a turn or more off: {}; {} at most. Whether that is fair only the pack for auditors shows. | Maar mensen die een beurt of meer naast de belofte zitten: {}; hooguit {}. Of dat eerlijk is, toont alleen het bestand voor controleurs.
in | Code {} is in {} of {} panels; in the panel that was drawn: {}. | Code {} zit in {} van de {} panels; in het gelote panel: {}.
yet | Code {} is in {} of {} panels. The number is not known yet, or you did not give the certificate. | Code {} zit in {} van de {} panels. Het getal is nog niet bekend, of je gaf het bewijs niet mee.
outside | Code {} does not take part: it has or had a seat, or somebody at home has one. | Code {} loot niet mee: die heeft of had een stoel, of een huisgenoot heeft er een.
nowhere | Code {} is not in this list. Is it your own code, which opens your answer? That one is for "Mijn antwoord". Take your lotcode: it is on "Mijn loting". Still not? Ask the municipality at once. | Code {} staat niet in deze lijst. Is het je eigen code, die je antwoord opent? Die is voor "Mijn antwoord". Neem je lotcode: die staat bij "Mijn loting". Toch niet? Vraag het meteen de gemeente.
checked | Checked: {} | Nagekeken: {}
wrong | DOES NOT FIT: {} | KLOPT NIET: {}
never | Not to be checked here: answers on the form, who got a letter, and whether the public value is real (the dice, the signature of drand). | Niet na te kijken: de antwoorden, wie een brief kreeg, en of het openbare getal echt is (de worpen, de handtekening van drand).
few | The hash that you typed was not compared: type at least its first twenty characters (0-9, a-f). | Het controlegetal dat je typte is niet vergeleken: typ minstens de eerste twintig tekens ervan (0-9, a-f).
compared | Compared: the first {} of the 64 characters of the hash. | Vergeleken: de eerste {} van de 64 tekens van het controlegetal.
number | The public value gives number {}. | Het openbare getal geeft nummer {}.
file | This file cannot be read: {}. | Dit bestand is er niet, of is niet te lezen: {}.
good | Everybody has the promised turns, rounded to whole panels. OK. It all fits. | Iedereen heeft de beloofde beurten, afgerond op hele panels. Het klopt allemaal.
bad | WRONG. Do not trust this draw. | Er klopt iets niet. Vertrouw deze loting niet.
""".splitlines())}  # noqa: E501
# What may stand in both files, a list, a certificate ("*": any code). More could hide a search for a hash.
BOTH, LIST, CERTIFICATE = (
    {f"{at}.{one}".strip(".") for at, some in re.findall(r"(\S*):(\S+)", line) for one in some.split(",")}
    for line in """\
:format,draw,panel_count,targets,beacon,invited,lowest,highest,average,proof,sha256 targets:feature,value,least,most beacon:source,round,at,fallback proof:weights,limit proof.weights:on,weight
:software,rules,seats,seats_drawn,mode,household_rule,seed,first,people,left_out,panels,chances,promised,turns,is_exact,without_chance software:name,solver rules:chances,panels,number,seal,sha256 seed:text,value,derivation first:before,value,kind,number,seated turns:most_off,people_off,fewest,why chances:* promised:* people:* people.*:seal,home invited:* invited.*:seal
:pack_sha256,published_at,counter,number,panel,distribution,replacements beacon:value,signature targets:reached replacements:kind,number,rule,first_pack_sha256,stay,empty_seats,stepped_down,widened,reason,decided_by replacements.widened:feature,value,bound,before,after
""".splitlines())  # noqa: E501
def unknown(facts: Any, known: set[str], at: str = "") -> list[str]:
    """List what has a name that no part has here."""
    if not isinstance(facts, dict):
        return [name for one in facts for name in unknown(one, known, at)] if isinstance(facts, list) else []
    places = {name: at + (name if at + name in known and "." not in name else "*") for name in facts}
    inside = [unknown(facts[name], known, f"{place}.") for name, place in places.items() if place in known]
    inside.append([at + name for name, place in places.items() if place not in known])
    return [one for some in inside for one in some]
def canonical(facts: object) -> bytes:
    """Write facts as they were hashed: JSON with sorted keys, no spaces, UTF-8."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
def own_hash(facts: Facts) -> str:
    return sha256(canonical({key: facts[key] for key in facts if key != "sha256"}).decode())
def number_from(beacon: str, draw: str, panels: int) -> tuple[int, int]:
    """Make a number from 0 out of a public value, and count the values that were set aside."""
    limit, counter = 2**256 - 2**256 % panels, 0
    while (value := int(sha256(f"{beacon}|{draw}|{counter}"), 16)) >= limit:
        counter += 1
    return value % panels, counter
def ratio(written: str) -> Fraction:
    """Read a fraction of whole numbers. Raises: ValueError, for exponents and whatever else has no end."""
    if (found := re.fullmatch(r"(-?[0-9]{1,400})(?:/([0-9]{1,400}))?", written)) is None:
        raise ValueError(f"{written[:20]} is no fraction")
    return Fraction(int(found[1]), int(found[2] or 1))
def read(path: str) -> Facts:
    """Read a file: no key twice, and numbers that a browser would round stay text. Raises: ValueError."""
    def once_each(pairs: list[tuple[str, Any]]) -> Facts:
        if len(facts := dict(pairs)) != len(pairs):
            raise ValueError("a key stands in it twice")
        return facts
    found = json.loads(Path(path).read_bytes().decode("utf-8"), object_pairs_hook=once_each, parse_float=str,
                       parse_constant=str, parse_int=lambda n: int(n) if len(n.lstrip("-")) < 16 else n)
    if not isinstance(found, dict) or not str(found.get("format")).startswith("beslisavond-draw-"):
        raise ValueError('no "format": "beslisavond-draw-..."')
    return found

class Check:
    """Look at one list with its files; keep what was checked and what does not fit, in words."""
    def __init__(self, pack: Facts, before: Sequence[Pair] = (), *, dutch: bool = False) -> None:
        self.pack, self.before, self.dutch = pack, before, dutch
        self.turns: Counter[str] = Counter()
        self.checked, self.wrong, self.last, self.compare = (list[str]() for _ in range(4))
    def say(self, key: str, *facts: object) -> str:
        return WORDS[key][self.dutch].format(*facts)
    def same(self, where: str, told: Facts, must_be: Facts) -> None:
        for name in sorted(must_be):
            one, other = (canonical(facts.get(name)).decode() for facts in (told, must_be))
            self.wrong += [] if one == other else [f"{where}{name}: {one[:70]} ≠ {other[:70]}"]
    def nobody(self, name: str, codes: Iterable[object]) -> None:
        if some := sorted(map(str, codes)):
            self.wrong.append(f"{name}: {', '.join(some[:5])}" + " ..." * (len(some) > 5))
    def list_itself(self) -> None:
        pack, people, panels = self.pack, self.pack["people"], self.pack["panels"]
        names, seats = ("feature", "value", "least", "most"), pack["seats_drawn"]
        again = {
            "sha256": own_hash(pack), "format": "beslisavond-draw-1", "panel_count": len(panels),
            "seats": seats + len(pack["invited"].keys()), "left_out": sorted(set(pack["left_out"])),
            **{name: bool(pack[name]) for name in ("household_rule", "is_exact")},
            "targets": list({tuple(map(line.get, names[:2])): {one: line[one] for one in names}
                             for line in pack["targets"] if line["least"] <= line["most"]}.values()),
        }
        if (beacon := pack["beacon"]) is not None and beacon["source"] == QUICKNET:
            comes = datetime.fromtimestamp(BEGAN + (beacon["round"] - 1) * EACH_SECONDS, UTC)
            again["beacon"] = {**beacon, "at": comes.strftime("%Y-%m-%dT%H:%M:%SZ")}
        self.checked.append(self.say("kept" if self.before else "hash", again["sha256"]))
        self.same("", pack, again)
        self.nobody(self.say("unknown"), unknown(pack, BOTH | LIST))
        if {pack["mode"] == "replacement", bool(self.before)} != {pack["first"] is not None}:
            self.wrong.append(self.say("alone"))
        seals = {code: one["seal"] for code, one in {**pack["invited"], **people}.items()}
        self.nobody("seal", [code for code, seal in seals.items() if not re.fullmatch(SEAL, seal)])
        self.nobody("mode", {pack["mode"]} - {"none", "fixed", "nominated", "replacement"})
        self.nobody("left_out", people.keys() & {*pack["invited"], *pack["left_out"]})
        homes = {code: one["home"] for code, one in people.items() if one["home"] is not None}
        self.nobody("home", [code for code, home in homes.items() if type(home) is not int])
        self.nobody("household_rule", [] if pack["household_rule"] else homes)
        for number, panel in enumerate(panels):
            fits = len(panel) == len(set(panel)) == seats and panel == sorted(panel)
            at_home = Counter(homes[code] for code in panel if code in homes)
            self.nobody(f"panel {number}", [] if fits else panel)
            self.nobody(f"panel {number}, people", set(panel) - people.keys())
            self.nobody(f"panel {number}, home", [home for home, times in at_home.items() if times > 1])
    def chances(self) -> None:
        pack, turns, count = self.pack, self.turns, len(self.pack["panels"])
        turns.update(code for panel in pack["panels"] for code in panel)
        exact = {code: ratio(chance) for code, chance in pack["promised"].items()}
        able = {code for code, chance in exact.items() if 0 < chance <= 1}
        none = {code for code, chance in exact.items() if chance == 0}
        self.nobody("promised", pack["people"].keys() ^ (able | none))
        self.nobody("without_chance", [code for code in none if turns[code]])
        lowest, fewest = min(exact[code] for code in able), min(turns[code] for code in able)
        off = [abs(turns[code] - chance * count) for code, chance in exact.items()]
        far, why = sum(one >= 1 for one in off), pack["turns"]["why"]
        again = {
            "chances": {code: str(Fraction(turns[code], count)) for code in pack["people"]},
            "lowest": str(lowest), "highest": str(max(exact.values())), "without_chance": sorted(none),
            "average": str(Fraction(pack["seats_drawn"], len(exact))),
            "turns": {"most_off": str(max(off)), "people_off": far, "fewest": fewest, "why": why},
        }
        self.same("", pack, again)
        # Nobody is a whole turn off, unless the list tells everybody so, and why.
        adds_up = not pack["is_exact"] or sum(exact.values()) == pack["seats_drawn"]
        is_best = 0 <= 1 - lowest / ratio(pack["proof"]["limit"]) <= Fraction(1, 1000)
        found = {"why": (why != "") == (far > 0), "promised": adds_up, "proof": is_best}
        self.nobody("chances", [name for name in found if not found[name]])
        told = count, pack["seats_drawn"], len(set(map(tuple, pack["panels"]))), f"{fewest}/{count}"
        self.checked.append(self.say("panels", *told, lowest, len(none)))
        self.last += [self.say("short", far, round(float(max(off)), 2))] if far else []
    def certificate(self, told: Facts) -> None:
        """Make the certificate again out of the list and the value, and hold the two together."""
        pack, beacon = self.pack, told["beacon"]
        number, counter = number_from(beacon["value"], pack["draw"], len(pack["panels"]))
        counts = Counter(ratio(chance) for chance in pack["chances"].values())
        signed = bytes.fromhex(beacon["signature"])
        value = hashlib.sha256(signed).hexdigest() if signed else beacon["value"]
        pairs = zip(pack["targets"], told["targets"], strict=True)
        targets = [{**ask, "reached": int(sorted((ask["least"], line["reached"], ask["most"]))[1])}
                   if "reached" in line else ask for ask, line in pairs]
        again = {
            "format": "beslisavond-draw-certificate-1", "pack_sha256": own_hash(pack), "targets": targets,
            "sha256": own_hash(told), "number": number, "counter": counter, "panel": pack["panels"][number],
            "invited": sorted(pack["invited"]), "published_at": told["published_at"], "replacements": [],
            "distribution": [[str(chance), counts[chance]] for chance in sorted(counts)],
            "beacon": {**(pack["beacon"] or {}), "value": value, "signature": beacon["signature"]},
            **{name: pack[name] for name in ("draw", "panel_count", "lowest", "highest", "average", "proof")},
            **(self.after(told) if self.before else {}),
        }
        self.same("certificate, ", told, {**dict.fromkeys(told, "?"), **again})
        self.nobody(self.say("unknown"), unknown(told, BOTH | CERTIFICATE))
        shown = (self.before[0][1] if self.before else told)["beacon"]
        self.compare.append(self.say(shown["source"] if shown["source"] in VALUES else "value", shown))
        forms = ("value", VALUES.get(beacon["source"], "[^|]+")), ("at", MOMENT)
        self.nobody("beacon", [name for name, form in forms if not re.fullmatch(form, beacon[name])])
        if not re.fullmatch(MOMENT, told["published_at"]) or told["published_at"] >= beacon["at"]:
            self.wrong.append(self.say("late"))
        self.checked.append(self.say("number", number))
    def after(self, told: Facts) -> Facts:
        """Hold a replacement against the draws before it, and give what its certificate must say of them."""
        pack, link, said, number = self.pack, self.pack["first"], told["replacements"][0], len(self.before)
        (first, decided), ever = self.before[0], set(link["seated"])
        value = sha256(f"{decided['beacon']['value']}|{link['kind']}|{number}")
        places = {one: sha256(f"{value}|{pack['draw']}|{one}") for one in map(",".join, pack["panels"])}
        targets = {(line["feature"], line["value"]): dict(line) for line in self.before[-1][0]["targets"]}
        for one in said["widened"]:
            line, bound = targets[one["feature"], one["value"]], one["bound"]
            self.same("widened, ", one, {"before": line[bound]})
            line[bound] = one["after"]
        again = {
            "targets": list(targets.values()), "household_rule": first["household_rule"],
            "draw": f"{first['draw'].rpartition('-')[0]}-{link['kind']}-{number}", "beacon": None,
            "panels": sorted(pack["panels"], key=lambda panel: places[",".join(panel)]),
            "panel_count": REPLACEMENT_PANELS,
            "first": {"before": [own_hash(one) for one, _ in self.before], "seated": sorted(ever),
                      "kind": link["kind"], "value": decided["beacon"]["value"], "number": number},
        }
        self.same("", pack, again)
        could = {*first["invited"], *(code for panel in first["panels"] for code in panel)}
        sat = {*pack["invited"], *first["invited"]}.union(*(one["panel"] for _, one in self.before))
        known, here = {*first["people"], *first["left_out"], *could}, {*pack["people"], *pack["left_out"]}
        self.nobody("stepped_down", {*said["stepped_down"]} - (ever - pack["invited"].keys()))
        self.nobody("seats", {pack["seats"]} - {*range(first["seats"] + 1)})
        self.nobody("first, kind", {link["kind"]} - {"replacement", "rotation"})
        self.nobody("first, seated", (sat - ever) | (ever & here) | (here - known) | (ever - could))
        left = pack["seats_drawn"], len(ever - pack["invited"].keys()), len(known - here - ever)
        self.checked += [self.say("after", first["draw"], number, *left)]
        replaced = {"kind": link["kind"], "number": number, "first_pack_sha256": own_hash(first),
                    "stay": sorted(pack["invited"]), "empty_seats": left[0] - len(said["stepped_down"])}
        beacon = {"value": value, "round": number, "source": said["rule"], "signature": ""}
        return {"beacon": {**told["beacon"], **beacon}, "replacements": [{**said, **replaced}]}
    def person(self, code: str, panel: Sequence[str] | None) -> None:
        pack, link = self.pack, self.pack["first"] or {"seated": []}
        outside = {*pack["invited"], *pack["left_out"], *link["seated"]}
        code = code if code in outside or code in pack["people"] else code.upper()
        inside = "yet" if panel is None else "in"
        key = inside if code in pack["people"] else "outside" if code in outside else "nowhere"
        told = self.say(key, code, self.turns[code], len(pack["panels"]), (panel or []).count(code))
        (self.last if key == "nowhere" else self.checked).append(told)
def check(
    pack: Facts, *, published: str | None = None, certificate: Facts | None = None,
    auditor: Facts | None = None, before: Sequence[Pair] = (), code: str = "", dutch: bool = False,
) -> Check:
    """Check everything that can be checked; without the published hash nobody notices a pack made anew."""
    report = Check(pack, before, dutch=dutch)
    typed = "".join((published or "").lower().split())
    try:
        reports = [Check(one, before[:at], dutch=dutch) for at, (one, _) in enumerate(before)]
        for each, told in zip([*reports, report], [*(one for _, one in before), certificate], strict=True):
            each.list_itself()
            each.chances()
            if told is not None:
                each.certificate(told)
            elif before:
                report.wrong.append(report.say("alone"))
        report.wrong += [f"{one.pack['draw']}: {line}" for one in reports for line in (*one.wrong, *one.last)]
        few = typed and not re.fullmatch("[0-9a-f]{20,}", typed)
        report.last += [report.say("few")] if few else []
        report.same("--", {"sha256": typed}, {"sha256": typed if few else own_hash(pack)[:len(typed)]})
        if auditor is not None:
            look = runpy.run_path(str(Path(__file__).with_name("draw_audit.py")))["audit"]
            look(report, auditor, canonical, own_hash, ratio, unknown)
        if code:
            report.person(code.strip(), None if certificate is None else certificate["panel"])
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError) as error:
        report.wrong.append(report.say("shape", repr(error)))
    return report
def tell_all(lines: Sequence[str]) -> None:
    """Print lines in which a file can hide nothing: no signs that steer a terminal or cannot be written."""
    text = "\n".join("".join(sign if sign.isprintable() else "?" for sign in line) for line in lines)
    print(text.encode(to := sys.stdout.encoding or "utf-8", errors="replace").decode(to))  # noqa: T201
def main(arguments: Sequence[str] | None = None) -> int:
    """Check a draw and say in plain sentences what fits and what does not."""
    parser = argparse.ArgumentParser(prog="draw-verify", description=__doc__)
    parser.add_argument("pack", metavar="LIST.json")
    for name in ("sha256", "certificate", "auditor", "code"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--before", nargs=2, action="append", default=[], metavar=("LIST", "CERTIFICATE"))
    chosen = parser.parse_args(arguments)
    typed = "".join((chosen.sha256 or "").split())
    spoken = filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG")))
    dutch = next(spoken, "").lower().startswith("nl")
    try:
        files = {name: read(path) for name in ("certificate", "auditor") if (path := getattr(chosen, name))}
        pack, before = read(chosen.pack), [[read(path) for path in pair] for pair in chosen.before]
        report = check(pack, before=before, dutch=dutch, published=typed, code=chosen.code or "", **files)
    except (OSError, ValueError, RecursionError) as error:
        key, about = ("file", error.filename) if isinstance(error, OSError) else ("shape", error)
        tell_all([WORDS[key][dutch].format(about)])
        return 2
    found = (("checked", report.checked), ("wrong", report.wrong[:20]))
    lines = [report.say(key, line) for key, some in found for line in some]
    compared = report.say("compared", len(typed)) + " " if typed else ""
    verdict = [report.say("bad")] if report.wrong else [] if report.last else [compared + report.say("good")]
    tell_all([*lines, *report.compare, report.say("never"), *verdict, *report.last])
    return 1 if report.wrong or report.last else 0
if __name__ == "__main__":
    sys.exit(main())

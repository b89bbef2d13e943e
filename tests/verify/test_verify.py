"""Whoever has an export and its seal can check it without this app, and nothing that was changed gets by."""

import copy
import hashlib
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from config import ROOT
from pb import verify
from pb.core import codes
from pb.core.canonical import canonical
from pb.core.errors import BadInput
from pb.evening.rules.chain import START, link_hash
from pb.evening.rules.seal import seal_code
from pb.people.rules import Role
from pb.store.engine import Store
from support.neighbourhood import NOW, settle
from support.rich_evening import STOOD, rich_evening

Export = dict[str, Any]
FAST, DRILL = 200, 2400
# Words to read, that no hash binds: the verifier says so itself.
NOT_UNDER_THE_SEAL = {"about", "title", "reason", "minority_view", "held_on", "id", "version"}


@pytest.fixture(scope="module")
def held(house: Flask, fresh_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Hold one evening on which everything happens, and give its export."""
    store = Store(fresh_database())
    before, house.extensions["store"] = house.extensions["store"], store
    hall = rich_evening(house, store, settle(store))
    answer = hall.staff(Role.AREA_MANAGER).raw("GET", f"{hall.path}/uitvoer.json")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    content: bytes = answer.data
    house.extensions["store"] = before
    store.engine.dispose()
    return content


def children_cpu_seconds() -> float:
    """Give the CPU time of all programs that were run and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.fixture
def export_file(held: bytes, tmp_path: Path) -> Path:
    """Give the export as a file."""
    path = tmp_path / "uitvoer.json"
    path.write_bytes(held)
    return path


@pytest.fixture
def export(export_file: Path) -> Export:
    """Give it as it is read."""
    return verify.read_export(export_file)


def seal_of(export: Export) -> str:
    return str(export["seals"]["end"])


def run(*arguments: str, script: bool = False) -> subprocess.CompletedProcess[str]:
    start = (
        [sys.executable, str(ROOT / "pb" / "verify.py")] if script else [sys.executable, "-m", "pb", "verify"]
    )
    return subprocess.run([*start, *arguments], cwd=ROOT, capture_output=True, text=True)


# -- the command ---------------------------------------------------------------------------------


def test_an_untouched_export_fits_its_seal_and_every_check_is_told(export_file: Path, export: Export) -> None:
    for script in (False, True):
        done = run(str(export_file), "--seal", seal_of(export).lower().replace("-", " "), script=script)
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"OK. It all fits the seal {seal_of(export)}." in done.stdout
        assert done.stdout.count("Seal of plan") == 3
        assert "3 decisions" in done.stdout
        assert "Not under the seal" in done.stdout


def test_the_whole_hash_does_instead_of_the_seal(export_file: Path, export: Export) -> None:
    head = export["head"]
    assert run(str(export_file), "--seal", head).returncode == 0
    assert run(str(export_file), "--seal", head[:-1] + ("0" if head[-1] != "0" else "1")).returncode == 1
    assert run(str(export_file), "--seal", head[:-1]).returncode == 2


def test_the_seal_of_a_plan_is_told_as_such_and_nothing_is_called_wrong(
    export_file: Path, export: Export, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first plan of the rich evening closed twice: its first seal was replaced by its second."""
    first, again = [one["seal"] for one in export["seals"]["plans"]][:2]
    hashes = {verify.seal_of(event["hash"]): event["hash"] for event in export["events"]}
    for typed, told in (
        (first, f"replaced by {again} (event"),
        (again, "plan 1, still valid"),
        (hashes[again], "still valid"),
    ):
        assert verify.main([str(export_file), "--seal", typed]) == 2
        said = capsys.readouterr().out
        assert told in said.splitlines()[-1]
        assert "needs the seal of the evening" in said
        assert "WRONG" not in said
        assert "DOES NOT FIT" not in said
    export["evening"]["budget_cents"] += 1  # and something else that does not fit is never hidden by it
    export_file.write_text(json.dumps(export))
    assert verify.main([str(export_file), "--seal", first]) == 1
    assert "WRONG. Do not trust this export." in capsys.readouterr().out


def test_a_changed_export_is_told_with_the_event_that_does_not_fit(export_file: Path, export: Export) -> None:
    seal = seal_of(export)
    place = next(place for place, event in enumerate(export["events"]) if event["kind"] == "scored")
    export["events"][place]["facts"]["score"] = 1
    export_file.write_text(json.dumps(export))
    done = run(str(export_file), "--seal", seal)
    assert done.returncode == 1
    assert f"Event {place + 1}: its hash does not fit" in done.stdout
    assert "OK" not in done.stdout


def test_what_stands_beside_the_known_parts_is_told_and_not_passed_over(
    export_file: Path, export: Export, capsys: pytest.CaptureFixture[str]
) -> None:
    for part in (export, export["evening"], export["agenda"][1], export["decisions"][0], export["seals"]):
        part["amount_cents"] = 999
        export_file.write_text(json.dumps(export))
        assert verify.main([str(export_file), "--seal", seal_of(export)]) == 2
        assert "does not know" in (said := capsys.readouterr().out)
        assert "amount_cents" in said
        del part["amount_cents"]


def test_what_of_a_plan_is_not_under_the_seal_is_named(export_file: Path, export: Export) -> None:
    said = run(str(export_file), "--seal", seal_of(export)).stdout
    loose = next(line for line in said.splitlines() if line.startswith("Not under the seal"))
    for word in ("titles", "numbers", "asks", "least amounts", "reasons", "minority views", "date"):
        assert word in loose


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"null", b"\xff\xfe", b"PK\x03\x04",
     b'{"format": "beslisavond-evening-1", "format": "x"}',
     b'{"format": "beslisavond-evening-2"}', b'{"format": 1.5}', b'{"format": NaN}', b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_export_is_not_checked(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    done = run(str(path), "--seal", "00000-00000")
    assert (done.returncode, done.stderr) == (2, "")
    assert "is not an export" in done.stdout


def test_wrong_arguments_end_with_2(export_file: Path) -> None:
    assert run().returncode == 2
    assert run(str(export_file)).returncode == 2
    assert run(str(export_file.with_name("weg.json")), "--seal", "00000-00000").returncode == 2
    for seal, why in (("", "ten characters"), ("ABC", "ten characters"), ("00000-00001", "typing mistake")):
        done = run(str(export_file), "--seal", seal)
        assert done.returncode == 2
        assert why in done.stdout


def test_the_verifier_imports_nothing_of_the_app_and_nothing_but_python() -> None:
    script = """
import sys
before = set(sys.modules)
sys.argv = ["pb", "verify", "--help"]
import runpy
try:
    runpy.run_module("pb", run_name="__main__")
except SystemExit:
    pass
loaded = {name for name in set(sys.modules) - before if name.split(".")[0] not in sys.stdlib_module_names}
print(sorted(loaded))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert (
        done.stdout.strip().splitlines()[-1] == "['pb', 'pb.__main__', 'pb.verify']"
        or done.stdout.strip().splitlines()[-1] == "['pb', 'pb.verify']"
    )
    assert len((ROOT / "pb" / "verify.py").read_text().splitlines()) <= 300


def test_fifty_thousand_events_cost_a_few_times_what_reading_them_costs(
    export: Export, tmp_path: Path
) -> None:
    events = export["events"]
    first = next(place for place, event in enumerate(events) if event["kind"] == "scored")
    template = events[first]
    for n in range(50_000 - len(events)):
        facts = template["facts"] | {"n": n, "op": f"{n:022}", "score": n % 5 + 1}
        events.insert(first, template | {"facts": facts})
    forge(export)
    path = tmp_path / "groot.json"
    path.write_text(json.dumps(export))
    spent = children_cpu_seconds()
    done = run(str(path), "--seal", seal_of(export))
    assert done.returncode == 0, done.stdout
    spent, began = children_cpu_seconds() - spent, time.process_time()
    for event in json.loads(path.read_text())["events"]:
        hashlib.sha256(canonical(event["facts"])).digest()
    bare = time.process_time() - began
    print(f"checked in {spent:.2f} CPU s, read in {bare:.2f}")
    assert spent < 4 * bare


# -- two who wrote the same, apart ---------------------------------------------------------------


@given(st.text("0123456789abcdef", min_size=64, max_size=64))
def test_the_verifier_and_the_app_write_the_same_seal(head: str) -> None:
    assert verify.seal_of(head) == seal_code(head)
    assert verify.read_seal(seal_code(head).replace("0", "o").replace("1", "l")) == seal_code(head)


@given(st.text(max_size=14))
def test_the_verifier_and_the_app_read_the_same_seals(typed: str) -> None:
    def app_reads() -> str | None:
        try:
            return codes.read_code(typed)
        except BadInput:
            return None

    def verifier_reads() -> str | None:
        try:
            return verify.read_seal(typed)
        except verify.Unreadable:
            return None

    assert app_reads() is None or verifier_reads() == app_reads()


@given(
    st.dictionaries(
        st.text(st.characters(codec="utf-8")), st.integers() | st.text(st.characters(codec="utf-8"))
    ),
    st.integers(1, 10**9),
)
def test_the_verifier_and_the_app_hash_the_same(facts: dict[str, Any], seq: int) -> None:
    at = NOW.isoformat(timespec="microseconds")
    event = {"seq": seq, "at": at, "kind": "scored", "facts": facts}
    assert verify.event_hash(START, event) == link_hash("", seq, NOW, "scored", canonical(facts).decode())


def test_positions_are_counted_as_the_panel_stood(export: Export) -> None:
    titles = {one["item"]: one["title"] for one in export["agenda"]}
    *_, (_event, counted) = verify.positions(export["events"])
    assert {titles[item]: counts for item, counts in counted.items()} == STOOD
    assert {one["plan"]: one["hist"] for one in export["decisions"]} == {
        one["plan"]: STOOD[one["title"]] for one in export["agenda"]
    }


def test_a_tap_that_was_overtaken_moves_nobody_and_the_floor_takes_a_figure_away() -> None:
    events: list[dict[str, Any]] = [
        {"kind": "scoring_opened", "facts": {"item": 1}},
        {"kind": "scored", "facts": {"item": 1, "seat": 1, "score": 5}},
        {"kind": "overtaken", "facts": {"item": 1, "seat": 1, "score": 1, "stands": 5}},
        {"kind": "scored", "facts": {"item": 1, "seat": 2, "score": 2}},
        {"kind": "paper_scored", "facts": {"item": 1, "seat": 3, "score": 3}},
        {"kind": "tablet_scored", "facts": {"item": 1, "seat": 4, "score": 4}},
        {"kind": "way", "facts": {"seat": 2, "way": "floor"}},
        {"kind": "floor_counted", "facts": {"item": 1, "counts": [9, 0, 0, 0, 0]}},
        {"kind": "floor_counted", "facts": {"item": 1, "counts": [2, 0, 0, 0, 0]}},
        {"kind": "scoring_closed", "facts": {"item": 1}},
        {"kind": "way", "facts": {"seat": 1, "way": "paper"}},
        {"kind": "decided", "facts": {}},
    ]
    ((_event, counted),) = verify.positions(events)
    assert counted == {1: [2, 0, 1, 1, 1]}


# -- tampering -----------------------------------------------------------------------------------


def forge(export: Export) -> None:
    """Do what a careful forger does: every hash and every seal of the file is made to fit again."""
    before = "0" * 64
    for seq, event in enumerate(export["events"], start=1):
        event["seq"] = seq
        event["hash"] = before = verify.event_hash(before, event)
    export["head"] = before
    items = [one["item"] for one in export["agenda"]]
    made = sorted(_sealing(export["events"]), key=lambda event: items.index(event["facts"]["item"]))
    export["seals"] = {
        "plans": [
            {"item": one["facts"]["item"], "seq": one["seq"], "seal": verify.seal_of(one["hash"])}
            for one in made
        ],
        "end": verify.seal_of(before),
    }
    computed = [place for place, event in enumerate(export["events"]) if event["kind"] == "divided"]
    if export["division"] and computed:
        export["division"]["inputs"]["chain_head"] = export["events"][computed[-1] - 1]["hash"]
        parts = {"inputs": export["division"]["inputs"], "result": export["division"]["result"]}
        digest = verify.sha256_of(parts)
        if digest != export["division"]["sha256"]:
            export["division"]["sha256"] = digest
            for event in export["events"][computed[-1] :]:
                if event["kind"] in ("divided", "agreed", "confirmed"):
                    event["facts"]["sha256"] = digest
            forge(export)


def _sealing(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Find the events that seal a plan: a closing, and paper that was typed after it."""
    found, closed = [], set()
    for event in events:
        kind, item = event["kind"], event["facts"].get("item")
        if kind == "scoring_closed":
            closed.add(item)
        elif kind in ("scoring_opened", "reopened"):
            closed.discard(item)
        if kind == "scoring_closed" or (kind.startswith("paper") and item in closed):
            found.append(event)
    return found


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List every place in a file that holds a value, and is under the seal."""
    if isinstance(node, dict):
        return [
            one
            for key, value in node.items()
            if _under_seal(path, key)
            for one in places(value, (*path, key))
        ]
    if isinstance(node, list):
        return [one for key, value in enumerate(node) for one in places(value, (*path, key))]
    return [path]


def _under_seal(path: tuple[Any, ...], key: str) -> bool:
    # Within the events, the rules and the division everything counts.
    return (
        path[:1] in (("events",), ("division",))
        or path[:2] == ("rules", "rules")
        or key not in NOT_UNDER_THE_SEAL
    )


def other(value: Any, dice: random.Random) -> Any:
    """Give something else that could stand there."""
    if isinstance(value, bool):
        return dice.choice([not value, int(value), None])
    if isinstance(value, int):
        return dice.choice([value + 1, value - 1, -value - 1, str(value), None])
    if isinstance(value, str):
        at = dice.randrange(len(value)) if value else 0
        letter = dice.choice([letter for letter in "0aZ1" if letter != value[at : at + 1]])
        return dice.choice(
            [value[:at] + letter + value[at + 1 :], value + " ", value[:-1] if value else "x", None]
        )
    return 0


def change_a_value(export: Export, dice: random.Random) -> str:
    path = dice.choice(places(export))
    node = export
    for key in path[:-1]:
        node = node[key]  # type: ignore[index]
    node[path[-1]] = other(node[path[-1]], dice)
    return "/".join(map(str, path))


def leave_an_event_out(export: Export, dice: random.Random) -> str:
    at = dice.randrange(len(export["events"]))
    del export["events"][at]
    return f"left out {at}"


def leave_an_event_out_and_renumber(export: Export, dice: random.Random) -> str:
    told = leave_an_event_out(export, dice)
    for seq, event in enumerate(export["events"], start=1):
        event["seq"] = seq
    return told


def swap_two_events(export: Export, dice: random.Random) -> str:
    one, two = dice.sample(range(len(export["events"])), 2)
    events = export["events"]
    events[one], events[two] = events[two], events[one]
    return f"swapped {one} and {two}"


def repeat_an_event(export: Export, dice: random.Random) -> str:
    at = dice.randrange(len(export["events"]))
    export["events"].insert(at, copy.deepcopy(export["events"][at]))
    return f"repeated {at}"


def cut_the_tail(export: Export, dice: random.Random) -> str:
    """Cut the end off, and make the rest of the file fit: a chain alone does not notice that."""
    keep = dice.randrange(1, len(export["events"]))
    export["events"] = export["events"][:keep]
    decided = {event["facts"]["plan"] for event in export["events"] if event["kind"] == "decided"}
    export["decisions"] = [one for one in export["decisions"] if one["plan"] in decided]
    export["division"] = None if keep < _place_of(export, "confirmed") else export["division"]
    # A division without its confirmation would show.
    while export["division"] is None and any(event["kind"] == "divided" for event in export["events"]):
        export["events"].pop()
    forge(export)
    return f"cut after {len(export['events'])}"


def add_at_the_end(export: Export, dice: random.Random) -> str:
    export["events"].append(copy.deepcopy(dice.choice(export["events"][:20])) | {"kind": "left"})
    forge(export)
    return "added"


def change_a_score_and_all_that_follows(export: Export, dice: random.Random) -> str:
    """Change where somebody stood, and with it every hash, count, decision and division of the file."""
    scored = [event for event in export["events"] if event["kind"] in verify.MOVES]
    one = dice.choice(scored)
    one["facts"]["score"] = other_score(one["facts"]["score"], dice)
    plans = {each["plan"]: each for each in export["agenda"]}
    inputs = {each["plan"]: each for each in export["division"]["inputs"]["plans"]}
    decisions = {each["plan"]: each for each in export["decisions"]}
    for event, counted in verify.positions(export["events"]):
        plan = plans[event["facts"]["plan"]]
        hist = counted[plan["item"]]
        event["facts"]["hist"] = decisions[plan["plan"]]["hist"] = hist
        inputs[str(plan["number"])]["hist"] = hist
    forge(export)
    return f"another score at {one['seq']}"


def change_a_moment(export: Export, dice: random.Random) -> str:
    one = dice.choice(export["events"])
    one["at"] = one["at"].replace("18:00:00.000000", f"18:00:00.{dice.randrange(1, 10**6):06}")
    forge(export)
    return f"another moment at {one['seq']}"


def other_score(score: int | None, dice: random.Random) -> int | None:
    return dice.choice([one for one in (1, 2, 3, 4, 5) if one != score])


def _place_of(export: Export, kind: str) -> int:
    kinds = [event["kind"] for event in export["events"]]
    return kinds.index(kind) + 1 if kind in kinds else len(kinds) + 1


Tamper = Callable[[Export, random.Random], str]
ROUGH: tuple[Tamper, ...] = (
    change_a_value, leave_an_event_out, leave_an_event_out_and_renumber, swap_two_events, repeat_an_event,
)  # fmt: skip
CAREFUL: tuple[Tamper, ...] = (
    cut_the_tail, add_at_the_end, change_a_score_and_all_that_follows, change_a_moment,
)  # fmt: skip


def tampered(
    export: Export, times: int, kinds: tuple[Tamper, ...] = ROUGH + CAREFUL
) -> list[tuple[str, Export]]:
    """Make so many forgeries, each another one; the kinds in turn."""
    text, dice = verify.canonical(export), random.Random(20)
    made: dict[str, str] = {text: ""}
    while len(made) <= times:
        for kind in kinds:
            forgery = json.loads(text)
            told = kind(forgery, dice)
            made.setdefault(verify.canonical(forgery), f"{kind.__name__}: {told}")
    return [(told, json.loads(forged)) for forged, told in made.items() if told]


def unnoticed(
    export: Export, times: int, seal: str | None, kinds: tuple[Tamper, ...] = ROUGH + CAREFUL
) -> list[str]:
    return [told for told, forgery in tampered(export, times, kinds) if not verify.check(forgery, seal).wrong]


def test_every_tampering_is_found(export: Export) -> None:
    assert not verify.check(export, seal_of(export)).wrong
    assert unnoticed(export, FAST, seal_of(export)) == []


@pytest.mark.drill
def test_thousands_of_tamperings_are_all_found(export: Export) -> None:
    assert unnoticed(export, DRILL, seal_of(export)) == []


def _event(export: Export, kind: str) -> dict[str, Any]:
    return next(event for event in reversed(export["events"]) if event["kind"] == kind)


def _first(export: Export, kind: str) -> dict[str, Any]:
    return next(event for event in export["events"] if event["kind"] == kind)


WRONG_AT_THE_SOURCE: dict[str, Callable[[Export], object]] = {
    "people stood as": lambda export: _event(export, "paper_scored")["facts"].update(score=3),
    "by their hash": lambda export: export["rules"]["rules"].update(cap=1),
    "It is another agenda": lambda export: export["agenda"][0].update(plan=99),
    "other figures or amounts": lambda export: export["agenda"][0].update(ask_cents=1),
    "lot_seed in the file": lambda export: export["evening"].update(lot_seed="1"),
    "The lot of the agenda": lambda export: export["evening"].update(agenda_seed="1"),
    "another decision|the decision in the file": lambda export: export["decisions"][0].update(way="majority"),
    "do not add up": lambda export: _event(export, "divided")["facts"].update(leftover_cents=1),
    "people changed are not those": lambda export: export["division"]["inputs"]["amendments"][0].update(
        amount=1
    ),
    "people changed are not those of": lambda export: export["division"]["inputs"].update(amendments=[]),
    "people changed are not": lambda export: _first(export, "amended")["facts"].update(amount_cents=1),
    "not what was computed or changed": lambda export: _move_a_euro(export["division"]["result"]["amounts"]),
    "not the one that was confirmed": lambda export: _event(export, "confirmed")["facts"].update(sha256="0"),
    "divided by other rules": lambda export: export["division"]["inputs"].update(rules_sha256="0"),
    "planned 2 times": lambda export: export["events"].append(copy.deepcopy(export["events"][0])),
    "not on the agenda so": lambda export: _event(export, "plan_shown")["facts"].update(plan=99),
}


def _move_a_euro(amounts: dict[str, int]) -> None:
    """Take a euro from a plan that people changed, and give it to the next: the sum stays right."""
    one, other = [plan for plan, cents in amounts.items() if cents][:2]
    amounts[one] -= 100
    amounts[other] += 100


@pytest.mark.parametrize("told", WRONG_AT_THE_SOURCE)
def test_a_chain_under_its_own_seal_is_still_counted_again(export: Export, told: str) -> None:
    """An installation that errs, or lies, and seals what it wrote itself."""
    WRONG_AT_THE_SOURCE[told](export)
    sha256 = _event(export, "confirmed")["facts"]["sha256"]
    forge(export)
    if sha256 == "0":
        _event(export, "confirmed")["facts"]["sha256"] = sha256
        forge(export)
    wrong = verify.check(export, seal_of(export)).wrong
    assert any(part in line for line in wrong for part in told.split("|")), wrong


def test_every_single_cut_is_found(export: Export) -> None:
    seal, text = seal_of(export), verify.canonical(export)
    for keep in range(len(export["events"])):
        cut = json.loads(text)
        cut["events"] = cut["events"][:keep]
        assert verify.check(cut, seal).wrong, keep


def test_the_drill_turns_red_when_the_seal_is_not_looked_at(export: Export) -> None:
    """A chain that fits itself is not enough: without the seal, cuts and careful forgeries pass."""
    missed = unnoticed(export, 40, None, CAREFUL)
    assert any(told.startswith("cut_the_tail") for told in missed)
    assert any(told.startswith("change_a_score") for told in missed)
    assert any(told.startswith("change_a_moment") for told in missed)


def test_a_file_of_another_shape_is_told_and_does_not_crash(export: Export) -> None:
    seal, text = seal_of(export), verify.canonical(export)
    for key in export:
        for instead in (None, [], {}, 0, "x", [None], [{}], {"x": 1}):
            other_shape = json.loads(text) | {key: instead}
            if key in ("about", "format") or other_shape == export:
                continue
            assert verify.check(other_shape, seal).wrong, (key, instead)


# -- what is in it -------------------------------------------------------------------------------


def test_an_export_names_no_person_and_gives_a_seat_only_a_number(export_file: Path, export: Export) -> None:
    text = export_file.read_text()
    for word in ("@", "Stoel", ".example", "moved_by", "account"):
        assert word not in text, word
    assert {key for event in export["events"] for key in event["facts"]} <= {
        "plans", "budget_cents", "lot_seed", "rules_sha256", "seat", "replaces", "item", "plan", "v",
        "present", "score", "op", "n", "stands", "to", "yes", "computed_yes", "way", "hist", "sha256",
        "total_cents", "leftover_cents", "reason", "changed", "counts", "why", "step", "number", "items",
        "seed", "in_favour", "against", "amount_cents", "shares",
    }  # fmt: skip
    assert "pseudonym" in export["about"]


def test_an_export_is_written_an_event_a_line(export_file: Path, export: Export) -> None:
    lines = [line for line in export_file.read_text().splitlines() if line.startswith('  {"seq":')]
    assert len(lines) == len(export["events"])

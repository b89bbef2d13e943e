"""Anybody with the published file comes to the same outcome, with Python and nothing else."""

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import ROOT
from pb.core.canonical import canonical, sha256_of
from pb.decide.rules import Ballots, DecideConfig, PlanAsk, Status, decide
from pb.decide.rules.panel_decides import follow_panel
from pb.divide.cases import run_case
from pb.divide.inputs import WorkedOut, published_inputs
from pb.divide.recompute import allocation_case, compute_again, read_published
from pb.divide.recompute.again import result_of
from pb.divide.recompute.command import main
from pb.divide.rules import (
    PRESETS,
    Amendment,
    Facts,
    Panel,
    ScoreStats,
    divide_with_amendments,
)
from pb.rounds.queries import FrozenVersion
from support.neighbourhood import NOW

SEED = "dobbelsteen 3-5-1-6-2"
Document = dict[str, Any]
Change = Callable[[Document], object]


def held(seed: int, preset: str, *, people: int = 12, plans: int = 6, amended: bool = False) -> Document:
    """Make up an evening by a seed, and publish it as the house does."""
    chance = random.Random(seed)
    seats = [str(seat) for seat in range(1, people + 1)]
    asks = tuple(
        PlanAsk(
            plan_id=str(number),
            order=number,
            request_cents=(ask := chance.choice([300_000, 950_000, 1_800_050, 2_750_000, 4_200_000])),
            min_cents=chance.choice([0, 0, ask // 2, min(ask, 3_000_000)]),
            submitters=frozenset(chance.sample(seats, chance.choice([0, 0, 1, 2]))),
        )
        for number in range(1, plans + 1)
    )
    scores = {
        plan.plan_id: {
            seat: chance.choice([1, 2, 3, 4, 4, 5])
            for seat in seats
            if seat not in plan.submitters and chance.random() < chance.choice([0.3, 0.9, 1.0])
        }
        for plan in asks
    }
    rules = {
        "version": "2026.1", "cap": 3_000_000, "pot": 7_500_000,
        "decide": {key: value for key, value in DecideConfig().to_json().items() if key != "lot_seed"},
        "divide": PRESETS[preset].to_json(),
    }  # fmt: skip
    config = DecideConfig(lot_seed=SEED)
    decisions = decide(asks, seats, {plan: Ballots(given) for plan, given in scores.items()}, config)
    yes = {
        plan: (outcome.status is Status.YES) != (chance.random() < 0.15)
        for plan, outcome in decisions.outcomes.items()
    }
    decisions = follow_panel(decisions, asks, config, yes)
    own = {plan.plan_id: plan.submitters for plan in asks}
    facts = Facts(
        stats={plan: ScoreStats.of(decisions.outcomes[plan]) for plan in decisions.ranking},
        proposals={
            seat: {
                plan: chance.randrange(0, 2_000_000, 100)
                for plan in decisions.ranking
                if seat not in own[plan] and chance.random() < 0.8
            }
            for seat in seats
        }
        if preset == "trimmed_mean_proposals"
        else None,
        panel=Panel(present=people, scores=scores),
    )
    budget = chance.choice([2_000_000, 7_500_000])
    changes = (
        [
            Amendment(plan, chance.choice([0, 300_000, 950_000]), "Kan in twee fasen.")
            for plan in decisions.ranking[:1]
        ]
        if amended
        else []
    )
    division = divide_with_amendments(
        decisions.ranking, asks, PRESETS[preset], changes,
        budget_cents=budget, cap_cents=3_000_000, facts=facts,
    )  # fmt: skip
    made = [one for one in changes if one.plan_id in division.amendments]
    version = FrozenVersion(1, 1, rules, sha256_of(rules), "", NOW)
    worked = WorkedOut(
        version, PRESETS[preset], 3_000_000, asks, decisions, yes, facts, division, {}
    )  # fmt: skip
    evening: Any = SimpleNamespace(
        lot_seed=SEED, budget_cents=budget, head="0" * 64,
        items=[
            SimpleNamespace(
                plan=SimpleNamespace(
                    number=int(plan.plan_id), ask_cents=plan.request_cents, least_cents=plan.min_cents
                )
            )
            for plan in asks
        ],
    )  # fmt: skip
    whole = {
        "inputs": published_inputs(evening, worked, made),
        "result": result_of(division, PRESETS[preset].rule),
    }
    found: Document = json.loads(canonical(whole))
    return found


def run(document: object, folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    file = folder / "uitslag.json"
    file.write_bytes(document if isinstance(document, bytes) else canonical(document))
    status = main([str(file)])
    told = capsys.readouterr()
    return status, told.out, told.err


# -- the same ------------------------------------------------------------------------------------


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(0, 10**9), preset=st.sampled_from(sorted(PRESETS)), amended=st.booleans())
def test_whatever_was_decided_comes_out_to_the_cent_again(seed: int, preset: str, amended: bool) -> None:
    document = held(seed, preset, amended=amended)
    again = compute_again(read_published(document))
    assert again.equal, (again.differs, [plan.differs for plan in again.plans])
    yes = [plan["plan"] for plan in document["inputs"]["plans"] if plan["yes"]]
    assert sorted(plan.plan_id for plan in again.plans if plan.place) == sorted(yes)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**9), preset=st.sampled_from(sorted(PRESETS)), amended=st.booleans())
def test_the_case_of_an_outcome_expects_what_the_rules_give(seed: int, preset: str, amended: bool) -> None:
    case = allocation_case(read_published(held(seed, preset, amended=amended)), "avond-1", "Avond")
    found: Any = run_case(json.loads(json.dumps(case)))
    expected: Any = json.loads(json.dumps(case))["runs"][0]["expected"]
    assert json.loads(json.dumps(found["runs"][0]["result"])) == expected


def test_it_runs_with_bare_python_and_no_settings_at_all(tmp_path: Path) -> None:
    file = tmp_path / "uitslag.json"
    file.write_bytes(canonical(held(3, "equal", amended=True)))
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); sys.argv = ['pb', 'recompute', {str(file)!r}]\n"
        "import runpy\n"
        "try:\n    runpy.run_module('pb', run_name='__main__')\n"
        "finally:\n    print(sorted({name.partition('.')[0] for name in sys.modules}"
        " & {'flask', 'sqlalchemy', 'click', 'config', 'jinja2'}))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script], env={}, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    *_, verdict, modules = done.stdout.splitlines()
    assert verdict.startswith("EQUAL. All 6 plans come out the same: EUR ")
    assert modules == "[]"


def test_it_tells_every_plan_and_the_hash_of_what_the_file_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = held(3, "equal")
    status, out, _ = run(document, tmp_path, capsys)
    assert status == 0
    assert [line.partition(":")[0] for line in out.splitlines()[:6]] == [f"Plan {n}" for n in range(1, 7)]
    assert f"Outcome: sha256 {sha256_of(document)}" in out
    assert f"Rules:   sha256 {document['inputs']['rules_sha256']}" in out
    # Saved in another form, it still says the same.
    status, again, _ = run(json.dumps(document, indent=4).encode("utf-8-sig"), tmp_path, capsys)
    assert (status, again) == (0, out)


# -- not the same --------------------------------------------------------------------------------


def _first(document: Document) -> str:
    first: str = document["inputs"]["ranking"][0]
    return first


def _move_a_cent(document: Document) -> None:
    document["result"]["amounts"][_first(document)] += 1


def _swap(document: Document) -> None:
    order = document["inputs"]["ranking"]
    order[0], order[1] = order[1], order[0]


def _plan(document: Document, plan_id: str) -> Document:
    return next(plan for plan in document["inputs"]["plans"] if plan["plan"] == plan_id)


CHANGES: dict[str, tuple[Change, str]] = {
    "an amount": (_move_a_cent, "DIFFERS (amounts): published is EUR"),
    "the order": (_swap, "DIFFERS: inputs.ranking"),
    "what is left": (lambda d: d["result"].update(leftover=1), "DIFFERS: result.leftover"),
    "the total": (lambda d: d["result"].update(total=True), "total"),
    "the rules": (lambda d: d["inputs"]["rules"].update(pot=1), "DIFFERS: inputs.rules_sha256"),
    "the cap": (lambda d: d["inputs"].update(cap=100_000), "DIFFERS: inputs.cap"),
    "the pot": (lambda d: d["inputs"].update(budget=d["inputs"]["budget"] - 5_000_000), "NOT EQUAL"),
    "a no": (lambda d: _plan(d, _first(d)).update(yes=False), "DIFFERS (place, amounts"),
    "what was asked": (lambda d: _plan(d, _first(d)).update(request=150_000, min=0), "NOT EQUAL"),
    "what the rule gave": (lambda d: d["result"]["computed"].update({_first(d): 1}), "DIFFERS (computed)"),
    "a status": (lambda d: d["result"]["status"].update({_first(d): "zero"}), "DIFFERS (status)"),
    "a key too much": (lambda d: d["result"].update(more={}), "DIFFERS: result.more"),
    "a key too few": (lambda d: d["result"].pop("level_cents"), "DIFFERS: result.level_cents"),
    "an amendment that cannot be": (
        lambda d: d["inputs"]["amendments"].append({"plan": _first(d), "amount": 10**9, "reason": "x"}),
        "above_limit",
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_is_changed_in_the_file_is_named(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = held(5, "equal")
    assert compute_again(read_published(document)).equal
    change, told = CHANGES[what]
    change(document)
    status, out, err = run(document, tmp_path, capsys)
    assert status == (2 if what == "the total" else 1), out
    assert told in out + err
    assert "EQUAL. All" not in out


# -- few people ----------------------------------------------------------------------------------


def hidden(document: Document, plan_id: str) -> Document:
    """Leave out the counts of a plan, as when fewer than five people scored it."""
    _plan(document, plan_id)["hist"] = None
    return document


def _few_scored_a_yes(document: Document) -> bool:
    return any(plan["hist"] is None and plan["yes"] for plan in document["inputs"]["plans"])


def test_too_few_scores_under_a_quorum_of_five_are_a_no_of_the_scores_and_a_last_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evenings = (held(seed, "equal") for seed in range(200))
    document = next(found for found in evenings if _few_scored_a_yes(found))
    status, out, _ = run(document, tmp_path, capsys)
    assert status == 0
    assert "Fewer than 5 scores, so the counts are not published. Decided: yes." in out
    last = document["inputs"]["ranking"]
    last.insert(0, last.pop())
    assert run(document, tmp_path, capsys)[0] == 1


def test_without_a_quorum_the_place_of_a_plan_without_counts_is_taken_as_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = held(5, "equal")
    document["inputs"]["rules"]["decide"]["quorum"] = None
    document["inputs"]["rules_sha256"] = sha256_of(document["inputs"]["rules"])
    status, out, _ = run(hidden(document, _first(document)), tmp_path, capsys)
    assert status == 0, out
    assert "Its place is taken as it was published." in out


def test_amounts_of_fewer_than_five_people_are_not_in_the_file_and_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for preset, key in (("trimmed_mean_proposals", "proposals"), ("mes", "panel")):
        document = held(5, preset)
        document["inputs"][key] = None
        status, out, err = run(document, tmp_path, capsys)
        assert (status, out) == (2, "")
        assert f"rule {preset} needs" in err


# -- not a file ----------------------------------------------------------------------------------


BAD: dict[str, tuple[bytes | Change, str]] = {
    "no JSON": (b"zomaar wat", "is not an outcome"),
    "not in UTF-8": (b"\xff\xfe{}", "is not an outcome"),
    "too deep": (b"[" * 100_000, "is not an outcome"),
    "something else": (b'{"format": "beslisavond-evening-1"}', "format: unknown field"),
    "a key twice": (b'{"inputs": {}, "inputs": {}}', "a key stands in it twice"),
    "a float": (lambda d: d["result"].update(total=1.5), "1.5 is no whole number"),
    "words for a number": (lambda d: d["inputs"].update(budget="veel"), "inputs.budget: wrong kind"),
    "six figures": (lambda d: _plan(d, "1").update(hist=[1] * 6), "hist (length)"),
    "a plan twice": (lambda d: d["inputs"]["plans"].append(d["inputs"]["plans"][0]), "given twice"),
    "an unknown plan": (lambda d: d["inputs"]["ranking"].append("99"), "unknown id: found 99"),
    "an unknown rule": (
        lambda d: d["inputs"]["rules"]["divide"].update(rule="eerlijk"),
        "inputs.rules.divide.rule: unknown word",
    ),
    "fewer people than scores": (lambda d: _plan(d, _first(d)).update(eligible=1), "eligible: out of bounds"),
    "half a character": (lambda d: d["inputs"].update(lot_seed="\ud800"), "recompute: "),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_outcome_is_refused_in_one_line(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change, told = BAD[what]
    content = change
    if not isinstance(change, bytes):
        document = held(5, "equal")
        change(document)
        content = json.dumps(document).encode()
    status, out, err = run(content, tmp_path, capsys)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert told in err


def test_a_file_that_is_not_there_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["/nergens/uitslag.json"]) == 2
    assert capsys.readouterr().err.count("\n") == 1

"""The command that runs cases: results on stdout, or one line that names the place and status 2."""

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pb.core.errors import BadInput
from pb.divide.cases import main, reading, run_case

EXAMPLES = int(os.environ.get("PB_EXAMPLES", "80"))

DIVIDE: dict[str, object] = {
    "id": "streets",
    "kind": "divide",
    "input": {
        "plans": [
            {"id": "a", "order": 1, "request": 1000, "min": 0, "theme": None, "submitters": []},
            {"id": "b", "order": 2, "request": 2000, "min": 500, "theme": "jeugd", "submitters": ["r1"]},
        ],
        "ranking": ["b", "a"],
        "budget": 2000,
        "cap": None,
    },
    "runs": [
        {"name": "as it is", "config": {"rule": "equal"}},
        {"name": "less", "config": {"rule": "equal", "override": {"budget": 900}}},
    ],
}
EVENING: dict[str, object] = {
    "id": "evening",
    "kind": "evening",
    "input": {
        "plans": [{"id": "a", "request": 1000}, {"id": "b", "request": 2000, "submitters": ["r0"]}],
        "present": ["r0", "r1", "r2"],
        "scores": {"a": {"r0": 5, "r1": 4, "zoe": 1}, "b": {"r1": 5, "r2": 2}},
        "abstentions": {"a": ["r2"]},
        "budget": 2500,
        "cap": 1500,
    },
    "runs": [{"name": "one", "config": {"decide": {}, "divide": {}}}],
}
LOG: dict[str, object] = {
    "id": "log",
    "kind": "score_log",
    "input": {"events": [{"seq": 1, "plan": "a", "person": "r1", "value": 3}]},
    "runs": [{"name": "all", "config": {"freeze_seq": None}}],
}
SELECT: dict[str, object] = {
    "id": "select",
    "kind": "select",
    "input": {"costs": {"a": 10, "b": 20}, "budget": 25, "ballots": [{"a": 1}, {"b": 3}]},
    "runs": [{"name": "shares", "config": {"rule": "mes", "completion": "add1"}}],
}


def changed(case: dict[str, object], path: str, value: object) -> dict[str, object]:
    """Put another value at a place; none takes the place away when the value is ``...``."""
    found = copy.deepcopy(case)
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    at: object = found
    for step in way:
        at = at[step]  # type: ignore[index]
    if value is ...:
        del at[last]  # type: ignore[attr-defined]
    else:
        at[last] = value  # type: ignore[index]
    return found


def told(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | bytes, *more: str) -> str:
    """Run the command on a wrong file: nothing on stdout, one line on stderr, status 2."""
    path = tmp_path / "case.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    assert main([*more, str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith(f"{path}: ")
    return err.removeprefix(f"{path}: ").strip()


WRONG: list[tuple[dict[str, object], str, object, str]] = [
    (DIVIDE, "input.budget", 75.5, "every run: input.budget: expected integer, found float"),
    (DIVIDE, "input.budget", -1, "every run: input.budget: must be from 0"),
    (DIVIDE, "input.budget", True, "every run: input.budget: expected integer, found boolean"),
    (DIVIDE, "input.budget", "100", "every run: input.budget: expected integer, found text"),
    (DIVIDE, "input.budget", ..., "every run: input.budget: is missing"),
    (DIVIDE, "input.cap", 1.0, "every run: input.cap: expected integer, found float"),
    (DIVIDE, "input.colour", 1, "every run: input.colour: unknown field"),
    (DIVIDE, "input.plans.1.request", ..., "every run: input.plans[1].request: is missing"),
    (DIVIDE, "input.plans.1.request", -5, "every run: input.plans[1].request: must be from 0"),
    (DIVIDE, "input.plans.1.request", 10**40, "every run: input.plans[1].request: must be from 0"),
    (
        DIVIDE,
        "input.plans.1.request",
        None,
        "every run: input.plans[1].request: expected",
    ),
    (DIVIDE, "input.plans.1.min", -5, "every run: input.plans[1].min: must be from 0"),
    (DIVIDE, "input.plans.1.id", "a", "every run: input.plans[1]: 'a' stands there twice"),
    (DIVIDE, "input.plans.1.id", "", "every run: input.plans[1].id: must be from 1"),
    (DIVIDE, "input.plans.1.id", 7, "every run: input.plans[1].id: expected text, found integer"),
    (DIVIDE, "input.plans.1.id", "\ud800", "every run: input.plans[1].id: expected text"),
    (DIVIDE, "input.plans.1.wish", 1, "every run: input.plans[1].wish: unknown field"),
    (DIVIDE, "input.plans", {}, "every run: input.plans: expected list, found record"),
    (DIVIDE, "input.ranking", ["b", "b"], "run 'as it is': ranking[1]: 'b' stands there twice"),
    (DIVIDE, "input.ranking", ["b", "z"], "run 'as it is': ranking: 'z' is not one of the plans"),
    (DIVIDE, "input.proposals", {"r1": {"z": 1}}, "every run: input.proposals.r1: 'z' is not one"),
    (DIVIDE, "input.proposals", {"r1": {"a": 0.5}}, "every run: input.proposals.r1.a: expected integer"),
    (
        DIVIDE,
        "input.score_stats",
        {"a": {"mean": 3.5}},
        "every run: input.score_stats.a.mean: expected",
    ),
    (DIVIDE, "input.score_stats", {"a": {"mean": "1/2"}}, "every run: input.score_stats.a.mean: must be"),
    (DIVIDE, "runs.0.config.rule", "by height", "run 'as it is': config.rule: unknown 'by height'"),
    (DIVIDE, "runs.0.config.rule", "mes", "run 'as it is': rule mes needs input.scores"),
    (DIVIDE, "runs.0.config.rule", "prop_score", "run 'as it is': rule prop_score needs input.score_stats"),
    (DIVIDE, "runs.0.config.rule", "per_euro", "run 'as it is': rule per_euro needs input.proposals"),
    (DIVIDE, "runs.0.config.unit", 0, "run 'as it is': config.unit: must be from 1"),
    (DIVIDE, "runs.0.config.guarantee", 0.5, "run 'as it is': config.guarantee: expected ratio, found float"),
    (DIVIDE, "runs.0.config.guarantee", "3/2", "run 'as it is': config.guarantee: must be from 0 to 1"),
    (DIVIDE, "runs.0.config.earmarks", {"jeugd": 1.5}, "run 'as it is': config.earmarks.jeugd: expected"),
    (DIVIDE, "runs.0.config.utility", [0, 1], "run 'as it is': config.utility (length): must be from 5"),
    (DIVIDE, "runs.1.config.override", {"budget": 0.5}, "run 'less': input.budget: expected integer"),
    (DIVIDE, "runs.1.config.override", [], "run 'less': config.override: expected record, found list"),
    (DIVIDE, "runs.0.config", [], "runs[0].config: expected record, found list"),
    (DIVIDE, "runs", {}, "runs: expected list, found record"),
    (DIVIDE, "kind", "quiz", "kind: unknown 'quiz'"),
    (DIVIDE, "id", ..., "id: is missing"),
    (DIVIDE, "note", "hi", "note: unknown field"),
    (EVENING, "input.scores.a.r0", 6, "every run: input.scores.a.r0: must be from 1 to 5, found 6"),
    (EVENING, "input.scores.a.r0", 4.0, "every run: input.scores.a.r0: expected integer, found float"),
    (EVENING, "input.scores.a.r0", True, "every run: input.scores.a.r0: expected integer, found boolean"),
    (EVENING, "input.scores.q", {}, "every run: input.scores: 'q' is not one of the plans"),
    (EVENING, "input.present", ["r0", "r0"], "every run: input.present[1]: 'r0' stands there twice"),
    (EVENING, "input.present", -1, "every run: input.present: must be from 0"),
    (EVENING, "input.present", 2.0, "every run: input.present: expected list of people"),
    (EVENING, "input.present", True, "every run: input.present: expected integer, found boolean"),
    (EVENING, "input.scores_packed", {}, "every run: input.scores_packed (beside scores): unknown field"),
    (EVENING, "runs.0.config.decide.threshold", 0.5, "run 'one': config.decide.threshold: expected ratio"),
    (EVENING, "runs.0.config.divide.colour", 1, "run 'one': config.divide.colour: unknown field"),
    (EVENING, "runs.0.config.override", {}, "run 'one': config.override: unknown field"),
    (EVENING, "runs.0.config.divide", ..., "run 'one': config.divide: is missing"),
    (LOG, "input.events.0.value", 9, "every run: input.events[0].value: must be from 1 to 5"),
    (LOG, "input.events.0.value", "later", "every run: input.events[0].value: expected integer, found text"),
    (LOG, "input.events.0.seq", 1.5, "every run: input.events[0].seq: expected integer, found float"),
    (LOG, "runs.0.config.freeze_seq", 1.5, "run 'all': config.freeze_seq: expected integer, found float"),
    (SELECT, "input.ballots.0", {"z": 1}, "every run: input.ballots[0]: 'z' is not one of the plans"),
    (SELECT, "input.ballots.0.a", -1, "every run: input.ballots[0].a: must be from 0"),
    (SELECT, "input.costs.a", 1.5, "every run: input.costs.a: expected integer, found float"),
    (SELECT, "runs.0.config.rule", "best", "run 'shares': config.rule: unknown 'best'"),
    (SELECT, "runs.0.config.increment", 0, "run 'shares': config.increment: must be from 1"),
    (SELECT, "input", {"pb_file": "x.pb"}, "every run: input.pb_file: say in which folder"),
]


@pytest.mark.parametrize(("case", "path", "value", "message"), WRONG)
def test_a_wrong_value_is_told_with_its_run_and_field(
    case: dict[str, object],
    path: str,
    value: object,
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert told(tmp_path, capsys, json.dumps(changed(case, path, value))).startswith(message)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not JSON (line 1, column 1)"),
        (b"plans", "is not JSON (line 1, column 1)"),
        (b'{"id": "a",}', "is not JSON (line 1"),
        (b"[]", "expected record, found list"),
        (b"7", "expected record, found integer"),
        (b"\xff\xfe{", "is not text in UTF-8"),
        (b"[" * 100_000, "is nested too deeply"),
        (b'{"id":' * 100_000, "is nested too deeply"),
        (b'{"id": ' + b"9" * 5000 + b"}", "id: expected a number, found a number that is too long"),
        (b'{"id": "a", "id": "b"}', "id: 'id' stands there twice"),
        (
            b'{"id":"a","kind":"decide","runs":[],"input":{"scores":{"p1":{"r1":1,"r1":5}}}}',
            "input.scores.p1.r1: 'r1' stands there twice",
        ),
    ],
)
def test_what_is_no_case_is_told_in_one_line(
    content: bytes, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(tmp_path, capsys, content).startswith(message)


def test_a_file_that_is_much_too_large_is_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(reading.MOST_BYTES + 1)
    assert main([str(path)]) == 2
    assert capsys.readouterr().err == f"{path}: is too large (more than 32 MB)\n"


def test_a_file_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "nowhere.json")]) == 2
    assert "cannot be read" in capsys.readouterr().err
    assert main([str(tmp_path)]) == 2


@pytest.mark.parametrize("path", ["../secret.pb", "/etc/passwd", "a/../../b.pb", "\0", ""])
def test_data_is_read_from_its_folder_and_nowhere_else(
    path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = changed(SELECT, "input", {"pb_file": path})
    message = told(tmp_path, capsys, json.dumps(case), "--data", str(tmp_path))
    assert message.startswith("every run: input.pb_file: expected a path inside the data folder")


def test_one_wrong_file_keeps_all_results_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    right, wrong = tmp_path / "right.json", tmp_path / "wrong.json"
    right.write_text(json.dumps(DIVIDE))
    wrong.write_text("{}")
    assert main([str(right), str(wrong)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"{wrong}: ")


def test_results_come_as_one_line_of_json_per_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = []
    for case in (DIVIDE, EVENING, LOG, SELECT):
        paths.append(str(tmp_path / f"{case['id']}.json"))
        Path(paths[-1]).write_text(json.dumps(case))
    assert main(paths) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["id"] for line in lines] == ["streets", "evening", "log", "select"]
    as_it_is, less = (run["result"] for run in lines[0]["runs"])
    assert as_it_is["amounts"] == {"b": 1000, "a": 1000}
    assert less["amounts"] == {"b": 500, "a": 400}
    assert lines[1]["runs"][0]["result"]["decide"]["plans"]["a"]["scorers"] == 2
    assert lines[2]["runs"][0]["result"] == {"scores": {"a": {"r1": 3}}, "abstentions": {}}


def test_no_file_at_all_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "FILES" in capsys.readouterr().err


def test_packed_scores_are_the_same_as_named_ones() -> None:
    packed = copy.deepcopy(EVENING)
    given = packed["input"]
    assert isinstance(given, dict)
    del given["scores"], given["abstentions"]
    given |= {"present": 3, "scores_packed": {"a": "54a", "b": "052"}}
    assert run_case(packed) == run_case(EVENING)
    for wrong in ("54", "54x", "546", 54):
        with pytest.raises(BadInput):
            run_case(changed(packed, "input.scores_packed.a", wrong))


PB = """META
key;value
budget;60
vote_type;{kind}
max_length;3
PROJECTS
project_id;cost;name
1;20;"A; garden"
2;20;Bench
3;40.0;Court
VOTES
voter_id;vote{points}
a;1,2{a}
b;3{b}
c;{c}
"""


@pytest.mark.parametrize(
    ("kind", "rows", "expected"),
    [
        ("approval", {"points": "", "a": "", "b": "", "c": "1"}, [{"1": 1, "2": 1}, {"3": 1}, {"1": 1}]),
        (
            "cumulative",
            {"points": ";points", "a": ";3,2", "b": ";5", "c": "2;5"},
            [{"1": 3, "2": 2}, {"3": 5}, {"2": 5}],
        ),
        (
            "ordinal",
            {"points": "", "a": "", "b": "", "c": "2,1"},
            [{"1": 3, "2": 2}, {"3": 3}, {"2": 3, "1": 2}],
        ),
    ],
)
def test_elections_are_read_from_pb_files(
    kind: str, rows: dict[str, str], expected: list[dict[str, int]], tmp_path: Path
) -> None:
    from pb.divide.cases.pabulib import read_election

    path = tmp_path / "small.pb"
    path.write_text(PB.format(kind=kind, **rows), encoding="utf-8")
    election = read_election(path)
    assert (election.budget, election.costs) == (60, {"1": 20, "2": 20, "3": 40})
    assert election.ballots == expected


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("VOTES", "VOICES"),
        lambda text: text.replace("budget;60", "budget;6.5"),
        lambda text: text.replace("budget;60\n", ""),
        lambda text: text.replace("2;20;Bench", "1;20;Bench"),
        lambda text: text.replace("2;20;Bench", "2;-20;Bench"),
        lambda text: text.replace("2;20;Bench", "2"),
        lambda text: text.replace("a;1,2", "a;1,9"),
        lambda text: text.replace("a;1,2", "a;1,1"),
        lambda text: text.replace("approval", "shouting"),
        lambda text: text.replace("project_id;cost", "project_id;price"),
        lambda text: "",
        lambda text: "\0" + text,
    ],
)
def test_a_wrong_pb_file_is_refused(spoil: Callable[[str], str], tmp_path: Path) -> None:
    text = PB.format(kind="approval", points="", a="", b="", c="1")
    (tmp_path / "wrong.pb").write_text(spoil(text), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        run_case(changed(SELECT, "input", {"pb_file": "wrong.pb"}), tmp_path)
    assert str(refused.value.facts["field"]).startswith("input.pb_file")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10**6) | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def _places(value: object, path: str = "") -> list[str]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [path] if path else []
    for key, item in inside:
        found += _places(item, f"{path}.{key}" if path else str(key))
    return found


@given(st.sampled_from([DIVIDE, EVENING, LOG, SELECT]), st.data())
@settings(max_examples=EXAMPLES * 3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_anything_anywhere_is_run_or_refused_and_nothing_else(
    case: dict[str, object], data: st.DataObject
) -> None:
    spoiled = changed(case, data.draw(st.sampled_from(_places(case))), data.draw(JSON))
    try:
        json.dumps(run_case(spoiled), allow_nan=False).encode()
    except BadInput:
        return

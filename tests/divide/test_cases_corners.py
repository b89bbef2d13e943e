"""Cases of our own for corners that nobody visits, and what becomes of any case that somebody spoils."""

import contextlib
import copy
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pb.decide.rules import Criterion, Missing
from pb.decide.rules import Rule as DecideRule
from pb.divide.cases import main, run_case
from pb.divide.rules import (
    Completion,
    Fit,
    MinPolicy,
    OnNoFit,
    Rule,
    ScoreWeight,
    SelectRule,
    Status,
    UtilityMode,
)

EXAMPLES = int(os.environ.get("PB_EXAMPLES", "60"))
CORNERS = sorted(Path(__file__).with_name("cases").glob("*.json"))
BESIDE = Path(__file__).resolve().parents[3] / "shared" / "cases" / "allocation"
# Small ones, which are soon run; the reference cases as well, where they are.
SPOILED = [
    each for each in [*CORNERS, *sorted(BESIDE.glob("*.json"))]
    if each.stat().st_size < 60_000 and b'"pb_file"' not in each.read_bytes()
]  # fmt: skip


@pytest.mark.parametrize("path", CORNERS, ids=lambda path: path.stem)
def test_every_run_gives_what_is_expected_to_the_letter(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    found = run_case(case)
    for run, result in zip(case["runs"], found["runs"], strict=True):  # type: ignore[call-overload]
        assert result["name"] == run["name"]
        assert json.dumps(result["result"], sort_keys=True) == json.dumps(run["expected"], sort_keys=True)


def _settings_in(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            for each in item if isinstance(item, list) else [item]:
                yield key, json.dumps(each)
            yield from _settings_in(item)


def test_the_corners_visit_every_word_of_the_format() -> None:
    used, statuses = set(), set()
    for path in CORNERS:
        for run in json.loads(path.read_text(encoding="utf-8"))["runs"]:
            used |= set(_settings_in(run["config"]))
            found = json.dumps(run["expected"])
            statuses |= {status for status in Status if f'"{status.value}"' in found}
    words = {
        "rule": [*Rule, *DecideRule, *SelectRule], "missing": Missing, "rank": Criterion, "fit": Fit,
        "min_policy": MinPolicy, "on_no_fit": OnNoFit, "score_weight": ScoreWeight,
        "utility_mode": UtilityMode, "completion": Completion,
    }  # fmt: skip
    wanted = {(key, json.dumps(word.value)) for key, known in words.items() for word in known}
    for key in ("strict", "exclude_submitters", "rest_offer", "partial", "earmark_spill",
                "exclude_own_proposal", "count_abstain", "per_cost"):  # fmt: skip
        wanted |= {(key, "false")}
    assert wanted - used == set()
    assert set(Status) - statuses == set()


# -- spoiled cases --------------------------------------------------------------------------------

ODD = st.sampled_from([
    None, True, False, -1, 0, 1, 5, 6, 10**15, 10**15 + 1, 10**400, -(10**400), 0.5, 1e308, "", "a", "1/2",
    "1/0", "3.5", "abstain", "\ud800", "\n\x1b[31m", "\u202e", "p1", "r0", "mes", [], {}, [[]], [None],
    {"": 1}, [1, 2, 3, 4, 5], ["r0", "r0"], {"p1": 1}, {"p1": {"r0": 9}}, [1.5], {"jeugd": 0.5},
])  # fmt: skip


def _places(value: object, way: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [way] if way else []
    for key, item in inside:
        if key != "expected":
            found += _places(item, (*way, key))
    return found


def _spoil(case: object, draw: st.DrawFn) -> None:
    """Put, take, add or repeat something somewhere."""
    places = _places(case)
    if not places:
        return
    *way, last = draw(st.sampled_from(places))
    at = case
    for step in way:
        at = at[step]  # type: ignore[index]
    what = draw(st.sampled_from(["put", "put", "put", "take", "add", "twin"]))
    if what == "put":
        at[last] = copy.deepcopy(draw(ODD))  # type: ignore[index]
    elif what == "take":
        del at[last]  # type: ignore[attr-defined]
    elif what == "add" and isinstance(at, dict):
        at[draw(st.sampled_from(["x", "", "rule", "\n", "cap", "override"]))] = copy.deepcopy(draw(ODD))
    elif what == "twin" and isinstance(at, list):
        at.append(copy.deepcopy(at[last]))  # type: ignore[call-overload]


def _as_bytes(text: str, draw: st.DrawFn) -> bytes:
    """Write it, most of the time as it should be."""
    written = text.encode("utf-8", "surrogatepass")
    place = draw(st.integers(0, len(written)))
    return draw(
        st.sampled_from(
            [
                written, written, written, written,
                written[:place],
                written[:place] + bytes([draw(st.integers(0, 255))]) + written[place + 1 :],
                written[:-1] + b', "runs": []}',
                written.replace(b"0", b"NaN", 1),
                text.encode("utf-16", "surrogatepass"),
                b"\xef\xbb\xbf" + written,
            ]
        )
    )  # fmt: skip


@st.composite
def spoiled_files(draw: st.DrawFn) -> bytes:
    """Take a good case, and spoil it: values, keys, or the bytes themselves."""
    case = json.loads(draw(st.sampled_from(SPOILED)).read_text(encoding="utf-8"))
    runs = draw(st.lists(st.sampled_from(case["runs"]), min_size=1, max_size=2))
    case["runs"] = copy.deepcopy([{key: run[key] for key in ("name", "config")} for run in runs])
    for _ in range(draw(st.integers(1, 3))):
        _spoil(case, draw)
    return _as_bytes(json.dumps(case, ensure_ascii=draw(st.booleans())), draw)


def run_command(arguments: list[str]) -> tuple[int, str, str]:
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(arguments)
    told = []
    for each in (out, err):
        each.flush()
        told.append(each.buffer.getvalue().decode())  # type: ignore[attr-defined]
    return status, told[0], told[1]


@given(spoiled_files())
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_spoiled_case_is_run_or_told_in_one_line_and_never_half(
    tmp_path_factory: pytest.TempPathFactory, found: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "spoiled.json"
    path.write_bytes(found)
    status, out, err = run_command([str(path)])
    if status == 0:
        assert err == ""
        assert out.endswith("\n")
        assert set(json.loads(out)) == {"id", "runs"}
        return
    assert status == 2
    assert out == ""
    assert err.startswith(f"{path}: ")
    assert err.endswith("\n")
    assert err.count("\n") == 1
    assert err[:-1].isprintable()
    assert "Traceback" not in err


def test_what_is_no_number_is_told_at_its_place(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    for spoilt, place, name in (
        ('{"id": "a", "runs": [{"config": {"threshold": NaN}}]}', "runs[0].config.threshold", "NaN"),
        ('{"title": [1, -Infinity]}', "title[1]", "-Infinity"),
        ('{"budget": ' + "1" * 401 + "}", "budget", "a number that is too long"),
    ):
        path.write_text(spoilt)
        assert run_command([str(path)]) == (2, "", f"{path}: {place}: expected a number, found {name}\n")
    path.write_text('{"id": "a", "kind": "decide", "runs": [], "input": ' + "1" * 400 + "}")
    assert run_command([str(path)])[2] == f"{path}: input: expected record, found integer\n"


def test_a_file_with_a_byte_order_mark_is_read_and_one_with_too_many_values_is_not(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(b"\xef\xbb\xbf" + CORNERS[-1].read_bytes())
    assert run_command([str(path)])[0] == 0
    path.write_bytes(b"[" + b"0," * 3_000_001 + b"0]")
    assert run_command([str(path)]) == (2, "", f"{path}: is too large (more than 3,000,000 values)\n")


def test_results_are_written_in_utf_8_whatever_the_terminal_can_show(tmp_path: Path) -> None:
    case = json.loads(CORNERS[-1].read_text(encoding="utf-8"))
    case["id"] = "wijk-é-\u05d0"
    path = tmp_path / "wijk.json"
    path.write_text(json.dumps(case), encoding="utf-8")
    command = "import sys; from pb.divide.cases import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", command, str(path)],
        capture_output=True, cwd=Path(__file__).parents[2], check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout.decode("utf-8"))["id"] == case["id"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "closed.json"
    path.write_text("{}")
    path.chmod(0)
    assert run_command([str(path)]) == (2, "", f"{path}: cannot be read (Permission denied)\n")


def test_a_folder_and_a_file_that_is_not_there_are_told(tmp_path: Path) -> None:
    assert run_command([str(tmp_path)]) == (2, "", f"{tmp_path}: cannot be read (Is a directory)\n")
    path = tmp_path / "nowhere.json"
    assert run_command([str(path)]) == (2, "", f"{path}: cannot be read (No such file or directory)\n")
    long = tmp_path / ("x" * 300)
    assert run_command([str(long)])[0] == 2


def test_a_wild_amendment_and_a_score_of_somebody_absent_are_data(tmp_path: Path) -> None:
    plans = [{"id": "p1", "request": 100}]
    amendments = [
        {"plan": "p1", "amount": -(10**12), "reason": "x"},
        {"plan": "p7", "amount": 5, "reason": "x"},
    ]
    given_input = {"plans": plans, "ranking": ["p1"], "budget": 100, "amendments": amendments}
    case = {"id": "a", "kind": "amend", "input": given_input, "runs": [{"name": "n", "config": {}}]}
    result = run_case(case)["runs"][0]["result"]  # type: ignore[index]
    assert [each["code"] for each in result["rejected"]] == ["invalid_amount", "not_decided"]
    room = {"plans": plans, "present": ["r1"], "scores": {"p1": {"r1": 5, "ghost": 1}}}
    case = {"id": "a", "kind": "decide", "input": room, "runs": [{"name": "n", "config": {}}]}
    assert run_case(case)["runs"][0]["result"]["plans"]["p1"]["hist"] == [0, 0, 0, 0, 1]  # type: ignore[index]

"""The reference cases beside the project, to the letter."""

import json
from pathlib import Path

import pytest

from pb.divide.cases import run_case
from pb.divide.cases.reading import parse, read_bytes

BESIDE = Path(__file__).resolve().parents[3] / "shared"
CASES = sorted((BESIDE / "cases" / "allocation").glob("*.json"))
DATA = BESIDE / "data"


@pytest.mark.skipif(not CASES, reason=f"no reference cases in {BESIDE / 'cases' / 'allocation'}")
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_run_gives_what_is_expected_to_the_letter(path: Path) -> None:
    case = parse(read_bytes(path))
    assert isinstance(case, dict)
    found = run_case(case, DATA)
    assert found["id"] == case["id"]
    for run, result in zip(case["runs"], found["runs"], strict=True):  # type: ignore[call-overload]
        assert result["name"] == run["name"]
        assert json.dumps(result["result"], sort_keys=True) == json.dumps(run["expected"], sort_keys=True)


@pytest.mark.skipif(bool(CASES), reason="the reference cases are there")
def test_reference_cases_are_absent() -> None:
    pytest.skip(f"no reference cases in {BESIDE / 'cases' / 'allocation'}: nothing was compared")

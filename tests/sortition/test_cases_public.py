"""The data sets beside the project: the chances they expect, and panels that fit."""

import csv
import json
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from pb.sortition.lottery.command import main

DATA = Path(__file__).resolve().parents[3] / "shared" / "cases" / "draw"
EXPECTED = json.loads((DATA / "expected.json").read_text()) if (DATA / "expected.json").is_file() else {}
# Addresses are made of these columns; where none are named, there is no rule for addresses.
HOMES = {
    "sf_sample_22": ("primary_address1", "primary_zip"), "cases/huishouden": ("adres",),
    "panelot_example_small_20": (), "cases/nulkans": (), "cases/pariteit": (),
}  # fmt: skip
THERE = [name for name in sorted(EXPECTED) if (DATA / name.split(" ")[0] / "people.csv").is_file()]
FITS = [name for name in THERE if EXPECTED[name].get("whole_panel_exists", True)]

LONG = {"wijk_1000_150_f7", "wijk_5000_40_f7"}


def asked(name: str) -> list[str]:
    """Give the options of a data set; its name may end with how many invited people are fixed."""
    folder, _, more = name.partition(" + ")
    invited = int(more.split(" ")[0]) if more else 0
    options = [
        "--people", str(DATA / folder / "people.csv"), "--features", str(DATA / folder / "features.csv"),
        "--seats", str(EXPECTED[name]["k"] + invited),
    ]  # fmt: skip
    for column in HOMES.get(folder, ("adres",)):
        options += ["--household", column]
    if invited:
        options += ["--invited", str(DATA / folder / "invited.csv"), "--mode", "fixed"]
    return options


@pytest.mark.skipif(not THERE, reason=f"no data sets in {DATA}")
@pytest.mark.parametrize("name", FITS)
def test_the_chances_are_the_expected_ones(name: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["draw-chances", *asked(name)]) == 0
    found, expected = json.loads(capfdbinary.readouterr().out), EXPECTED[name]
    lowest = expected.get("best_lowest_chance_among_those_who_can_be_drawn", expected["best_lowest_chance"])
    assert found["lowest"] == pytest.approx(lowest, abs=1e-6)
    assert found["highest"] == pytest.approx(expected["lowest_possible_highest_chance_given_that"], abs=1e-6)
    assert found["without_chance"] == expected.get("people_with_zero_chance", [])
    if not found["without_chance"]:
        assert Fraction(found["lowest_fraction"]) == Fraction(expected["as_fraction"])
    assert found["seats_drawn"] == expected["k"]
    assert Fraction(found["bound_fraction"]) <= Fraction(found["lowest_fraction"]) * Fraction(1001, 1000)
    assert found["binding"]["sentence"].endswith((" %.", "."))


@pytest.mark.skipif(not THERE, reason=f"no data sets in {DATA}")
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.drill) if name in LONG else name for name in FITS]
)
def test_every_panel_fits_and_nobody_is_a_turn_off(name: str, tmp_path: Path) -> None:
    pack = tmp_path / "pack.json"
    assert main(["draw", *asked(name), "--out", str(pack)]) == 0
    found = json.loads(pack.read_text())
    folder = DATA / name.split(" ")[0]
    people = read(folder / "people.csv")
    ids = next(column for column in people[0] if column.endswith("id"))
    by_id = {one[ids]: one for one in people}
    invited = read(folder / "invited.csv") if "invited" in name else []
    targets = read(folder / "features.csv")
    features = {target["feature"] for target in targets}
    lowest, highest = Fraction(found["lowest"]) * 1000, Fraction(found["highest"]) * 1000
    turns = Counter(one for panel in found["panels"] for one in panel)
    some = [turns[one] for one in found["chances"] if one not in found["without_chance"]]
    assert min(some) >= lowest // 1 - 1
    assert max(some) <= -(-highest // 1) + 1
    assert len({tuple(panel) for panel in found["panels"]}) == len(found["panels"]) == 1000
    for panel in found["panels"]:
        seated = [*(by_id[one] for one in panel), *invited]
        assert len(set(panel)) == EXPECTED[name]["k"]
        homes = ["|".join(one[column] for column in HOMES.get(folder.name, ())) for one in seated]
        assert not HOMES.get(folder.name) or len(set(homes)) == len(homes)
        reached = Counter((feature, one[feature]) for one in seated for feature in features)
        for target in targets:
            count = reached[target["feature"], target["value"]]
            assert int(target["min"]) <= count <= int(target["max"])


@pytest.mark.skipif(not THERE, reason=f"no data sets in {DATA}")
def test_targets_that_cannot_be_met_are_refused(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["draw-chances", *asked("cases/pariteit")]) == 2
    assert "geen heel panel" in capfdbinary.readouterr().err.decode()
    folder = DATA / "wijk_200_150_f7"
    options = ["--people", str(folder / "people.csv"), "--features", str(folder / "features.csv")]
    assert main(["draw-chances", *options, "--seats", "150"]) == 2
    told = capfdbinary.readouterr().err.decode()
    for words in ("16-29 (25 voor 30", "basis/vmbo/mbo1 (17 voor 33", "Nederlands en andere (16 voor 19"):
        assert words in told


@pytest.mark.skipif(bool(THERE), reason="the data sets are there")
def test_data_sets_are_absent() -> None:
    pytest.skip(f"no data sets in {DATA}: nothing was compared")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

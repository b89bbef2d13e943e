"""What is published of a draw: the same bytes every time, and whoever changes one is noticed."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from config import ROOT
from pb.core.canonical import canonical, sha256_of
from pb.draw_verify import main as verify
from pb.draw_verify import number_from
from pb.sortition.lottery.command import main
from pb.sortition.lottery.drawing import Drawn, freeze, seat_invited
from pb.sortition.rules.beacon import Beacon, first_round_after, number_from_beacon, quicknet_round
from pb.sortition.rules.certificate import certificate
from pb.sortition.rules.invited import Mode, Seated
from pb.sortition.rules.pack import Terms, count_turns
from pb.sortition.rules.pool import Person, Pool
from pb.sortition.rules.refusals import LotteryBeaconMissing, LotteryPublishedTooLate
from support.lots import homes_of_two, one_without_chance, pool_of, write_files

ROUND = quicknet_round(40_000_000)
BEFORE = ROUND.at - timedelta(hours=2)
VALUE = "5c5b9b2c" * 8

Facts = dict[str, Any]


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def invited_draw() -> Drawn:
    """Two invited people, one of whom shares an address with two applicants."""
    whole = homes_of_two()
    guests = [Person("u1", ("man",), "h3"), Person("u2", ("vrouw",), "elsewhere")]
    seated = seat_invited(Pool(whole.features, whole.targets, whole.people, 12), guests, Mode.FIXED)
    wide = Pool(
        whole.features, pool_of([], {"geslacht": {"vrouw": (4, 8), "man": (4, 8)}}, 1).targets, (), 12
    )
    pool = Pool(whole.features, wide.targets, whole.people, 12)
    seated = seat_invited(pool, guests, Mode.FIXED)
    return freeze(
        pool, seated, Terms(panels=60, mode="fixed", household=True, beacon=ROUND, draw="wijk 2026")
    )


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    return invited_draw()


@pytest.fixture
def files(drawn: Drawn, tmp_path: Path) -> dict[str, Path]:
    """Write the pack, the pack for auditors and the certificate."""
    features = json.loads(drawn.frozen.auditor)["people"]
    told = certificate(
        drawn.frozen.facts, ROUND, VALUE, published_at=BEFORE,
        features={one: each["features"] for one, each in features.items()},
    )  # fmt: skip
    found = {}
    for name, content in (
        ("pack", drawn.frozen.public),
        ("auditor", drawn.frozen.auditor),
        ("certificate", told),
    ):
        found[name] = tmp_path / f"{name}.json"
        found[name].write_bytes(content)
    return found


def checked(files: dict[str, Path], sha256: str | None = None) -> int:
    more = [] if sha256 is None else ["--sha256", sha256]
    return verify(
        [
            str(files["pack"]),
            "--certificate",
            str(files["certificate"]),
            "--auditor",
            str(files["auditor"]),
            *more,
        ]
    )


def change(path: Path, edit: Callable[[Facts], None], *, hash_again: bool) -> None:
    facts = json.loads(path.read_bytes())
    edit(facts)
    if hash_again:
        facts.pop("sha256")
        facts["sha256"] = sha256_of(facts)
    path.write_bytes(canonical(facts) + b"\n")


def test_an_honest_draw_is_found_honest(
    files: dict[str, Path], drawn: Drawn, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(files, drawn.frozen.sha256) == 0
    told = capsys.readouterr().out
    assert "DOES NOT FIT" not in told
    assert told.strip().endswith("OK. It all fits.")
    # Whoever puts in another value has a certificate too; so it is told, to be compared with the world.
    assert f"Round {ROUND.round} of drand gave {VALUE}. Compare that at a site of drand" in told


def swap_a_person(pack: Facts) -> None:
    panel = pack["panels"][3]
    other = next(one for one in pack["people"] if one not in panel)
    pack["panels"][3] = sorted([*panel[1:], other])


def exchange_panels(pack: Facts) -> None:
    pack["panels"][0], pack["panels"][1] = pack["panels"][1], pack["panels"][0]


def change_a_target(pack: Facts) -> None:
    pack["targets"][0]["most"] += 1


def drop_a_person(pack: Facts) -> None:
    one = pack["panels"][0][0]
    for name in ("people", "chances", "promised"):
        del pack[name][one]


def round_a_chance(pack: Facts) -> None:
    one = next(iter(pack["chances"]))
    pack["chances"][one] = str(Fraction(pack["chances"][one]) + Fraction(1, 60))


def announce_later(pack: Facts) -> None:
    pack["beacon"]["round"] += 1


TAMPERINGS = [swap_a_person, exchange_panels, change_a_target, drop_a_person, round_a_chance, announce_later]


@pytest.mark.parametrize("edit", TAMPERINGS)
@pytest.mark.parametrize("hash_again", [False, True])
def test_a_changed_pack_is_noticed_also_when_its_own_hash_was_made_again(
    files: dict[str, Path], drawn: Drawn, edit: Callable[[Facts], None], hash_again: bool
) -> None:
    change(files["pack"], edit, hash_again=hash_again)
    assert checked(files, drawn.frozen.sha256) == 1
    if edit not in (exchange_panels, change_a_target) or not hash_again:
        # Without the hash that was published, and without other files, the pack alone betrays it.
        assert verify([str(files["pack"])]) == 1


def seat_a_friend(pack: Facts) -> None:
    """Put one person in every panel, and count the chances again; what was promised stays as it was."""
    friend = min(pack["people"])
    home = pack["people"][friend]["home"]
    mates = {code for code, one in pack["people"].items() if one["home"] == home} - {friend}
    for number, panel in enumerate(pack["panels"]):
        goes = next((code for code in panel if code in mates), panel[0])
        if friend not in panel:
            pack["panels"][number] = sorted([friend, *(code for code in panel if code != goes)])
    turns = Counter(code for panel in pack["panels"] for code in panel)
    pack["chances"] = {code: str(Fraction(turns[code], len(pack["panels"]))) for code in pack["people"]}


def tell_of_the_turns(pack: Facts) -> None:
    turns = Counter(code for panel in pack["panels"] for code in panel)
    promised = {code: Fraction(chance) for code, chance in pack["promised"].items()}
    pack["turns"] = count_turns(turns, promised, len(pack["panels"]))


def hash_of(path: Path) -> str:
    return str(json.loads(path.read_bytes())["sha256"])


def test_a_list_with_one_friend_in_every_panel_is_not_what_was_promised(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    change(files["pack"], seat_a_friend, hash_again=True)
    assert verify([str(files["pack"])]) == 1
    told = capsys.readouterr().out
    assert told.count("DOES NOT FIT: turns") == 1
    # When the list itself tells of the turns, it still takes the features to see whether that is fair.
    change(files["pack"], tell_of_the_turns, hash_again=True)
    assert verify([str(files["pack"])]) == 1
    told = capsys.readouterr().out
    assert "DOES NOT FIT" not in told
    assert told.splitlines()[-1].startswith("But ")
    change(
        files["auditor"], lambda auditor: auditor.update(pack_sha256=hash_of(files["pack"])), hash_again=True
    )
    assert verify([str(files["pack"]), "--auditor", str(files["auditor"])]) == 1
    assert "targets: ('geslacht'" in capsys.readouterr().out
    # A list that calls itself a replacement has the first draw with it, or it is none.
    change(files["pack"], lambda pack: pack.update(mode="replacement"), hash_again=True)
    assert verify([str(files["pack"])]) == 1
    assert "--before" in capsys.readouterr().out


def test_like_people_get_the_same_chance_whatever_the_list_tells_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two people exchange turns: every panel still meets every target, and the list itself tells of it."""
    pool = one_without_chance()
    drawn = freeze(pool, Seated(pool, (), ()), Terms(panels=40))
    pack, auditor = json.loads(drawn.frozen.public), json.loads(drawn.frozen.auditor)
    told = auditor["people"]
    one, other = next(
        (a, b) for a in pack["people"] for b in pack["people"]
        if a < b and told[a]["features"] == told[b]["features"] and pack["promised"][a] != "0"
    )  # fmt: skip
    pack["panels"] = [
        sorted(one if code == other else code for code in panel) if one not in panel else panel
        for panel in pack["panels"]
    ]
    turns = Counter(code for panel in pack["panels"] for code in panel)
    pack["chances"] = {code: str(Fraction(turns[code], 40)) for code in pack["people"]}
    tell_of_the_turns(pack)
    files = {name: tmp_path / name for name in ("pack", "auditor")}
    for promised in (None, {one: "1/2", other: "1/1000"}):
        pack["promised"].update(promised or {})
        for name, facts in (("pack", pack), ("auditor", auditor)):
            facts.pop("sha256", None)
            if name == "auditor":
                facts["pack_sha256"] = pack["sha256"]
            facts["sha256"] = sha256_of(facts)
            files[name].write_bytes(canonical(facts))
        assert verify([str(files["pack"])]) == 1
        assert ("DOES NOT FIT" in capsys.readouterr().out) == bool(promised)
        assert verify([str(files["pack"]), "--auditor", str(files["auditor"])]) == 1
        assert "DOES NOT FIT: alike" in capsys.readouterr().out


def test_the_lowest_chance_is_told_as_counted_and_as_promised(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    pack = json.loads(files["pack"].read_bytes())
    turns = Counter(code for panel in pack["panels"] for code in panel)
    fewest = min(turns[code] for code in pack["people"])
    assert verify([str(files["pack"])]) == 0
    told = capsys.readouterr().out
    assert f"Lowest chance {fewest}/60; promised {pack['lowest']}. In no panel: 0." in told
    # Somebody who promises less than was possible leaves the proof out, or gives the proof of something else.
    change(files["pack"], lambda pack: pack.update(proof=None), hash_again=True)
    assert verify([str(files["pack"])]) == 1
    change(files["pack"], lambda pack: pack.update(proof={"limit": "1/2", "weights": []}), hash_again=True)
    assert verify([str(files["pack"])]) == 1
    assert "DOES NOT FIT: chances: proof" in capsys.readouterr().out


@pytest.mark.parametrize(
    "written", ["1e9999999999", "0.5", " 1/2", "1_0/20", "١/٢", "1/0", "1/2\n", "9" * 401, 1, None]
)
@pytest.mark.parametrize("name", ["lowest", "promised"])
def test_a_chance_that_is_no_plain_fraction_is_told_at_once(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str], name: str, written: object
) -> None:
    def write(pack: Facts) -> None:
        pack[name] = written if name == "lowest" else dict.fromkeys(pack[name], written)

    change(files["pack"], write, hash_again=True)
    assert verify([str(files["pack"])]) == 1
    told = capsys.readouterr().out
    assert "DOES NOT FIT: lowest" in told if name == "lowest" else "of another shape" in told


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_code_cannot_steer_the_terminal_nor_stop_the_check(files: dict[str, Path], encoding: str) -> None:
    pack = json.loads(files["pack"].read_bytes())
    pack["panels"][0][0] = "\x1b[2J\r\u202eé"
    files["pack"].write_text(json.dumps(pack))
    command = [sys.executable, str(ROOT / "pb" / "draw_verify.py"), str(files["pack"])]
    found = subprocess.run(
        command, capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": encoding}
    )
    assert (found.returncode, found.stderr) == (1, b"")
    told = found.stdout.decode(encoding)
    accent = "é" if encoding == "utf-8" else "?"
    assert f"panel 0, people: ?[2J??{accent}" in told
    assert not [sign for sign in told if not sign.isprintable() and sign not in "\r\n"]


def another_value(told: Facts) -> None:
    told["beacon"]["value"] = "00" * 32


def published_late(told: Facts) -> None:
    told["published_at"] = told["beacon"]["at"]


def another_number(told: Facts) -> None:
    told["number"] = (told["number"] + 1) % 60


def another_panel(told: Facts) -> None:
    told["panel"] = [*told["panel"][:-1], "p99"]


@pytest.mark.parametrize("edit", [another_value, published_late, another_number, another_panel])
def test_a_changed_certificate_is_noticed(files: dict[str, Path], edit: Callable[[Facts], None]) -> None:
    change(files["certificate"], edit, hash_again=True)
    assert checked(files) == 1


def other_features(auditor: Facts) -> None:
    one = next(iter(auditor["people"].values()))
    one["features"]["geslacht"] = "man" if one["features"]["geslacht"] == "vrouw" else "vrouw"


def note_more(auditor: Facts) -> None:
    auditor["people"][min(auditor["people"])]["zz"] = 1


def test_the_pack_for_auditors_has_no_room_for_more(files: dict[str, Path]) -> None:
    change(files["auditor"], note_more, hash_again=True)
    assert checked(files) == 1


def test_changed_features_do_not_fit_their_seals(files: dict[str, Path]) -> None:
    change(files["auditor"], other_features, hash_again=True)
    assert checked(files) == 1


def test_whoever_asks_for_a_code_that_is_not_there_hears_that_last(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [str(files["pack"]), "--certificate", str(files["certificate"])]
    pack, certificate = (json.loads(files[name].read_bytes()) for name in ("pack", "certificate"))
    mine, fixed = certificate["panel"][0], certificate["invited"][0]
    times = sum(mine in panel for panel in pack["panels"])
    assert verify([*command, "--code", f" {mine} "]) == 0
    assert (
        f"Code {mine} is in {times} of 60 panels; in the panel that was drawn: 1." in capsys.readouterr().out
    )
    assert verify([*command[:1], "--code", mine]) == 0
    assert f"Code {mine} is in {times} of 60 panels. The number is not known yet" in capsys.readouterr().out
    assert verify([*command, "--code", fixed]) == 0
    assert verify([*command, "--code", "p99"]) == 1
    told = capsys.readouterr().out
    assert "all fits" not in told.splitlines()[-1]
    assert told.splitlines()[-1].startswith("Code P99 is not in this list.")
    # In the language of the terminal.
    monkeypatch.setenv("LANG", "nl_NL.UTF-8")
    monkeypatch.setenv("LC_ALL", "")
    assert verify([*command, "--code", "p99"]) == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("Code P99 staat niet in deze lijst.")
    assert verify(command) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("Het klopt allemaal.")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    assert verify(command) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("OK. It all fits.")


def choose_a_beacon_afterwards(pack: Facts, told: Facts) -> None:
    pack["beacon"] = None


def write_the_value_in_capitals(_pack: Facts, told: Facts) -> None:
    """Nobody who compares it sees a difference; the number is another."""
    told["beacon"]["value"] = told["beacon"]["value"].upper()
    told["number"], told["counter"] = number_from(told["beacon"]["value"], told["draw"], 60)
    told["panel"] = _pack["panels"][told["number"]]


def write_a_moment_oddly(_pack: Facts, told: Facts) -> None:
    told["published_at"] = "2026-W47-7T20:00:00+00:00"


def promise_next_to_nothing(pack: Facts, told: Facts) -> None:
    one = min(pack["people"])
    pack["promised"][one] = pack["lowest"] = told["lowest"] = "1/1000000"


def hide_half_a_sign(pack: Facts, _told: Facts) -> None:
    pack["seed"]["text"] = "\ud800"


def slip_something_in(_pack: Facts, told: Facts) -> None:
    told["note"] = "all is well"


def search_for_a_hash(pack: Facts, _told: Facts) -> None:
    """Whatever means nothing leaves room to search for a list with the same first characters."""
    pack["zz"] = 1


def search_under_a_code(pack: Facts, _told: Facts) -> None:
    pack["people"][min(pack["people"])]["nonce"] = 1


def search_in_the_beacon(pack: Facts, told: Facts) -> None:
    pack["beacon"]["zz"] = told["beacon"]["zz"] = 1


def count_true_as_one(pack: Facts, _told: Facts) -> None:
    pack["turns"]["people_off"] = False


def write_a_huge_number(pack: Facts, _told: Facts) -> None:
    pack["seats"] = 10**400


@pytest.mark.parametrize(
    "edit",
    [choose_a_beacon_afterwards, write_the_value_in_capitals, write_a_moment_oddly, promise_next_to_nothing,
     hide_half_a_sign, slip_something_in, count_true_as_one, write_a_huge_number,
     search_for_a_hash, search_under_a_code, search_in_the_beacon],
)  # fmt: skip
def test_what_is_false_is_found_also_when_every_hash_was_made_again(
    files: dict[str, Path], edit: Callable[[Facts, Facts], None]
) -> None:
    pack, told = (json.loads(files[name].read_bytes()) for name in ("pack", "certificate"))
    edit(pack, told)
    pack.pop("sha256")
    text = json.dumps(pack, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    pack["sha256"] = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    told["pack_sha256"] = pack["sha256"]
    told.pop("sha256")
    told["sha256"] = sha256_of(told)
    for name, facts in (("pack", pack), ("certificate", told)):
        files[name].write_text(json.dumps(facts))
    assert verify([str(files["pack"]), "--certificate", str(files["certificate"])]) == 1


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"format":"beislisavond-draw-1"}', b"\xff"])
def test_something_else_than_a_pack_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "pack.json").write_bytes(content)
    assert verify([str(tmp_path / "pack.json")]) == 2
    (tmp_path / "pack.json").write_bytes(b'{"format":"beslisavond-draw-1","sha256":"x"}')
    assert verify([str(tmp_path / "pack.json")]) == 1


def test_the_verifier_is_one_file_that_needs_nothing(files: dict[str, Path], tmp_path: Path) -> None:
    alone = tmp_path / "alone" / "draw_verify.py"
    alone.parent.mkdir()
    alone.write_bytes((ROOT / "pb" / "draw_verify.py").read_bytes())
    command = [sys.executable, "-I", "-S", str(alone), str(files["pack"])]
    command += ["--certificate", str(files["certificate"])]
    assert subprocess.run(command, cwd=alone.parent).returncode == 0
    # Auditors put one more beside it.
    command += ["--auditor", str(files["auditor"])]
    without = subprocess.run(command, cwd=alone.parent, capture_output=True, text=True)
    assert without.returncode == 2
    assert "draw_audit.py" in without.stdout
    (alone.parent / "draw_audit.py").write_bytes((ROOT / "pb" / "draw_audit.py").read_bytes())
    assert subprocess.run(command, cwd=alone.parent).returncode == 0


def test_the_number_is_one_line_of_arithmetic_and_every_panel_has_the_same_chance() -> None:
    counts = [0] * 7
    for turn in range(3500):
        found = number_from_beacon(f"{turn:064x}", "draw", 7)
        assert (found.number, found.counter) == number_from(f"{turn:064x}", "draw", 7)
        counts[found.number] += 1
    assert max(counts) - min(counts) < 150
    with pytest.raises(LotteryBeaconMissing):
        number_from_beacon("", "draw", 7)


def test_a_list_that_is_published_too_late_gets_no_certificate(drawn: Drawn) -> None:
    with pytest.raises(LotteryPublishedTooLate):
        certificate(drawn.frozen.facts, ROUND, VALUE, published_at=ROUND.at)


def test_the_round_that_is_announced_comes_after_the_moment() -> None:
    moment = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
    found = first_round_after(moment)
    assert moment < found.at <= moment + timedelta(seconds=6)
    assert quicknet_round(found.round) == found
    assert isinstance(found, Beacon)


def test_whoever_shares_an_address_with_an_invited_person_is_left_out(drawn: Drawn) -> None:
    assert drawn.frozen.facts["left_out"] == ["p06", "p07"]
    assert drawn.frozen.facts["seats_drawn"] == 10


def test_features_are_in_the_pack_for_auditors_only(drawn: Drawn) -> None:
    people = json.loads(drawn.frozen.public)["people"]
    assert all(set(one) == {"seal", "home"} for one in people.values())
    secret = freeze(
        one_without_chance(), Seated(one_without_chance(), (), ()), Terms(panels=10, salt_key="a secret")
    )
    known = freeze(one_without_chance(), Seated(one_without_chance(), (), ()), Terms(panels=10))
    assert secret.frozen.facts["people"] != known.frozen.facts["people"]
    assert b"a secret" not in secret.frozen.public + secret.frozen.auditor


def test_the_same_draw_gives_the_same_bytes_in_any_process_order_and_thread(tmp_path: Path) -> None:
    pool = homes_of_two()
    found = set()
    for number, (hash_seed, order) in enumerate((("0", 1), ("1", -1), ("random", -1))):
        folder = tmp_path / str(number)
        options = write_files(folder, pool, order=order, separator=";,"[number % 2])
        out = folder / "pack.json"
        command = [sys.executable, "-m", "pb", "draw", *options, "--seed", "nov 22", "--out", str(out)]
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        subprocess.run([*command, "--panels", "200"], check=True, cwd=ROOT, env=environment)
        found.add(out.read_bytes())
    terms = Terms(panels=200, seed="nov 22", household=True)
    with ThreadPoolExecutor(4) as threads:
        found |= {
            one.frozen.public
            for one in threads.map(lambda _: freeze(pool, Seated(pool, (), ()), terms), range(6))
        }
    assert len(found) == 1
    other = freeze(pool, Seated(pool, (), ()), Terms(panels=200, seed="nov 23", household=True))
    assert other.frozen.public not in found


def test_a_draw_is_checked_by_the_command(tmp_path: Path) -> None:
    options = write_files(tmp_path, homes_of_two())
    pack, auditor = tmp_path / "pack.json", tmp_path / "auditor.json"
    assert main(["draw", *options, "--panels", "40", "--out", str(pack), "--auditor", str(auditor)]) == 0
    assert verify([str(pack), "--auditor", str(auditor)]) == 0

"""A draw for empty seats stands on the first draw: whoever makes one up, or bends it, is found."""

import hashlib
import json
from pathlib import Path

import pytest

from pb.core.canonical import canonical
from pb.draw_verify import check, main
from pb.sortition.queries.draws import auditor_bytes
from pb.store.engine import Store
from support.bent import BENDINGS, Pair, copy, told_again
from support.followed import call_reserve, drawn_panel, empty, files_of, replace
from support.neighbourhood import Neighbourhood


@pytest.fixture
def chain(store: Store, place: Neighbourhood) -> list[Pair]:
    """A first draw, a replacement of two, a reserve, and a rotation with one more empty seat."""
    first = drawn_panel(store, place).draw_id
    empty(store, place, 2, 5)
    second = replace(store, place)
    empty(store, place, 3)
    call_reserve(store, place, 3)
    empty(store, place, 1)
    third = replace(store, place, newcomers=2)
    return [files_of(store, draw_id) for draw_id in (first, second, third)]


def test_every_replacement_is_checked_from_the_first_draw_on(
    store: Store, place: Neighbourhood, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("LC_ALL", "C")
    held = drawn_panel(store, place)
    empty(store, place, 2, 5)
    ids = [held.draw_id, replace(store, place)]
    chain = [files_of(store, draw_id) for draw_id in ids]
    (pack, told), (first, decided) = chain[1], chain[0]
    value = hashlib.sha256(f"{decided['beacon']['value']}|replacement|1".encode()).hexdigest()
    assert told["beacon"]["value"] == value
    assert pack["first"]["before"] == [first["sha256"]]
    with store.reading() as session:
        auditor = json.loads(auditor_bytes(session, draw_id=ids[1]) or b"")
    report = check(pack, certificate=told, auditor=auditor, before=chain[:1])
    assert (report.wrong, report.last) == ([], [])
    paths = []
    for name, facts in zip(("l2", "b2", "l1", "b1"), (pack, told, first, decided), strict=True):
        (tmp_path / name).write_bytes(canonical(facts))
        paths.append(str(tmp_path / name))
    whole = [paths[0], "--certificate", paths[1], "--before", paths[2], paths[3]]
    gone = (set(pack["first"]["seated"]) - set(pack["invited"])).pop()
    assert main([*whole, "--code", gone]) == 0
    said = capsys.readouterr().out
    assert "It follows from panel-" in said
    assert (
        "Seats to fill: 2. Gave up a seat until now: 2. Of that list, left without ever having a seat: 0."
        in said
    )
    # The first twenty signs of the hash are enough; fewer say nothing, others say that it is another list.
    sha256 = pack["sha256"]
    other = "0" if sha256[0] != "0" else "1"
    for typed, ends, words in (
        (f"{sha256[:4].upper()} {sha256[4:20]}", 0, "Vergeleken: de eerste 20 van de 64 tekens"),
        (sha256[:19], 1, "typ minstens de eerste twintig tekens"),
        (other + sha256[1:20], 1, "Vertrouw deze loting niet"),
    ):
        monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
        assert main([*whole, "--sha256", typed]) == ends
        said = capsys.readouterr().out
        assert words in said
        assert ("Vertrouw" in said) == ("Vertrouw" in words)
        assert "het stond niet in de nieuwsbrief" in said
        assert f"Ronde {decided['beacon']['round']} van drand gaf {decided['beacon']['value']}" in said
    assert main([str(tmp_path / "none")]) == 2
    assert "is niet te lezen" in capsys.readouterr().out
    monkeypatch.setenv("LC_ALL", "C")
    for less in (whole[:1], whole[:3], [paths[0], *whole[3:]], [paths[2], *whole[3:]]):
        assert main(less) == 1
        assert "--before" in capsys.readouterr().out


def test_a_chain_with_a_reserve_and_a_rotation_holds_and_a_bent_one_does_not(chain: list[Pair]) -> None:
    for at, (pack, told) in enumerate(chain):
        report = check(pack, certificate=told, before=chain[:at])
        assert report.wrong == []
    (pack, told) = chain[2]
    assert told["replacements"][0]["kind"] == "rotation"
    # Without the one between, or in another order, it does not.
    assert check(pack, certificate=told, before=chain[:1]).wrong
    assert check(pack, certificate=told, before=[chain[1], chain[0]]).wrong
    # Somebody who can make every hash again bends it; making it again without a change is no bending.
    same = copy(chain)
    told_again(same, 2)
    assert same == copy(chain)
    for bend in BENDINGS:
        bent = copy(chain)
        bend(bent)
        pack, told = bent[2]
        report = check(pack, certificate=told, before=[(one, each) for one, each in bent[:2]])
        assert report.wrong, bend.__name__

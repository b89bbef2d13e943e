"""What the commands say of files and numbers that cannot be."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pb.sortition.lottery.command import main
from pb.sortition.lottery.sentences import sentences_of
from pb.sortition.lottery.solver import SolverFailed
from pb.sortition.rules.refusals import (
    LotteryBeaconMissing,
    LotteryConfirmedUnknown,
    LotteryPublishedTooLate,
    LotteryReplacementFails,
)
from support.lots import homes_of_two, pool_of, write_files

PEOPLE = "id,adres,geslacht\n1,a,vrouw\n2,b,man\n3,c,vrouw\n4,d,man\n"
FEATURES = "feature,value,min,max\ngeslacht,vrouw,1,2\ngeslacht,man,0,2\n"

Say = Callable[..., str]


@pytest.fixture
def say(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Say:
    """Run a draw that must be refused, and give what was said."""

    def run(
        people: str | bytes = PEOPLE, features: str | bytes = FEATURES, *options: str, seats: str = "2"
    ) -> str:
        for name, content in (("people.csv", people), ("features.csv", features)):
            raw = content if isinstance(content, bytes) else content.encode()
            (tmp_path / name).write_bytes(raw)
        out = tmp_path / "pack.json"
        out.unlink(missing_ok=True)
        given = ["--people", str(tmp_path / "people.csv"), "--features", str(tmp_path / "features.csv")]
        given += ["--panels", "8"]
        status = main(["draw", *given, "--seats", seats, *options, "--out", str(out)])
        told = capfdbinary.readouterr().err.decode()
        assert status == (2 if not out.exists() else 0)
        assert list(tmp_path.glob(".*")) == []
        assert "Traceback" not in told
        return told.strip()

    return run


def test_files_that_can_be_read_are_read(say: Say) -> None:
    """Semicolons, commas, tabs, byte order marks, Windows-1252, and columns that nobody asked about."""
    alike = "Let op: Van de 8 panels"
    for people in (PEOPLE, PEOPLE.replace(",", ";"), PEOPLE.replace(",", "\t"), "\ufeff" + PEOPLE):
        assert say(people, "\ufeff" + FEATURES.replace(",", ";")).startswith(alike)
    assert say("id,naam,geslacht\n1,Jörg,vrouw\n2,Zoë,man\n".encode("cp1252")).startswith(alike)
    assert say(PEOPLE, "category,name,min,max\ngeslacht,vrouw,1,2\ngeslacht,man,0,2\n").startswith(alike)
    assert say(PEOPLE, FEATURES + "geslacht,x,0,0\n").startswith(alike)


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ("", "Bestand is leeg: verwacht een kopregel met id, geslacht"),
        ("id,geslacht\n", "Er zijn nog geen aanmeldingen."),
        ("id,sekse\n1,vrouw\n", "De kolom geslacht ontbreekt. Gevonden: id, sekse."),
        ("naam,geslacht\n1,vrouw\n", "De kolom id ontbreekt."),
        ("id,geslacht\n1,vrouw\n2,vrow\n3,man\n", "Rij 3, kolom geslacht: 'vrow' staat niet in de doelen van geslacht. Bedoelde u 'vrouw'?"),  # noqa: E501
        ("id,geslacht\n1,vrouw\n2,\n3,man\n", "Rij 3, kolom geslacht: Bij geslacht is niets ingevuld."),
        ("id,geslacht\n1,vrouw\n1,vrouw\n3,man\n", "Nummer 1 staat twee keer, met dezelfde gegevens (rij 2 en 3)."),  # noqa: E501
        ("id,geslacht\n1,vrouw\n1,man\n3,man\n", "Nummer 1 staat twee keer, met andere gegevens (rij 2 en 3)."),  # noqa: E501
        ("id,geslacht\n,vrouw\n1,man\n3,man\n", "Rij 2, kolom id: Hier ontbreekt het nummer"),
        ("id,geslacht\n1,vrouw\n", "2 plaatsen, 1 aanmelding: 1 te weinig."),
        ("id,geslacht\n1,man\n2,man\n", "vrouw (0 voor 1, 1 te weinig)"),
        ("id,geslacht\n1,vrouw,x\n2,man\n", "Rij 2: Deze rij heeft 3 vakken"),
        ('id,geslacht\n1,"vrouw\n2,man\n', "Rij 2"),
        (b"PK\x03\x04 no list", "ingepakt bestand (zip)"),
    ],
)  # fmt: skip
def test_a_list_of_people_that_is_wrong_is_told_with_its_row(
    say: Say, people: str | bytes, words: str
) -> None:
    assert words in say(people)


@pytest.mark.parametrize(
    ("features", "words"),
    [
        ("", "Bestand is leeg: verwacht een kopregel met feature, value, min, max"),
        ("feature,value,min,max\n", "Onder de kop staan geen doelen."),
        ("feature,value,min\ngeslacht,vrouw,1\n", "De kolom max ontbreekt."),
        ("feature,value,min,max\ngeslacht,vrouw,-3,2\ngeslacht,man,0,2\n", "Rij 2, kolom min: Minimum -3 kan niet."),  # noqa: E501
        ("feature,value,min,max\ngeslacht,vrouw,een,2\n", "Rij 2, kolom min: Minimum 'een' is geen heel getal."),  # noqa: E501
        ("feature,value,min,max\ngeslacht,vrouw,1,4.5\n", "Rij 2, kolom max: Maximum '4.5' is geen heel getal."),  # noqa: E501
        ("feature,value,min,max\ngeslacht,vrouw,1,\n", "Rij 2, kolom max: Dit vak is leeg."),
        ("feature,value,min,max\ngeslacht,vrouw,3,2\n", "het minimum (3) hoger dan het maximum (2)"),
        (FEATURES + "geslacht,vrouw,0,1\n", "'vrouw' staat twee keer (rij 2 en 4)."),
        ("feature,value,min,max\ngeslacht,vrouw,0,1\ngeslacht,man,0,0\n", "De maxima van geslacht zijn samen 1, en er zijn 2 plaatsen."),  # noqa: E501
        ("feature,value,min,max\ngeslacht,vrouw,2,2\ngeslacht,man,1,2\n", "De minima van geslacht zijn samen 3, en er zijn 2 plaatsen."),  # noqa: E501
        ("feature,value,min,max,max_flex\ngeslacht,vrouw,1,2,1\ngeslacht,man,0,2,2\n", "speelruimte"),
    ],
)  # fmt: skip
def test_targets_that_are_wrong_are_told_with_their_row(say: Say, features: str, words: str) -> None:
    assert words in say(PEOPLE, features)


def test_addresses_are_told_apart_from_people(say: Say) -> None:
    same = PEOPLE.replace(",b,", ",a,").replace(",c,", ",A ,")
    assert "Met hoogstens een per adres zijn er 2 adressen voor 3 plaatsen." in say(
        same, FEATURES, "--household", "adres", seats="3"
    )
    blank = PEOPLE.replace(",b,", ",,").replace(",d,", ", ,")
    told = say(blank, FEATURES, "--household", "adres")
    assert "2 aanmeldingen zonder adres (rij 3, 5, kolom adres): vul in of zet de regel uit." in told
    assert "De kolom adress ontbreekt." in say(PEOPLE, FEATURES, "--household", "adress")
    assert "Bedoelde u 'adres'?" in say(PEOPLE, FEATURES, "--household", "adress")


def test_numbers_on_the_command_line_are_whole_and_sensible(say: Say) -> None:
    for seats in ("0", "-1", "x", "2.0", "٣", "1" * 30):
        assert "Het aantal plaatsen is een heel getal" in say(PEOPLE, FEATURES, seats=seats)
    assert "Het aantal panels" in say(PEOPLE, FEATURES, "--panels", "0")
    assert "niet goed over te typen" in say(PEOPLE, FEATURES, "--seed", " é ")


def test_with_the_letters_that_were_sent_it_says_how_many_more(say: Say) -> None:
    features = "feature,value,min,max\ngeslacht,vrouw,3,4\ngeslacht,man,0,2\n"
    few = say(PEOPLE, features, "--letters", "100", seats="4")
    assert "vrouw (2 voor 3, 1 te weinig)." in few
    # Two answers say nothing about the next hundred letters; five do.
    people = "id,geslacht\n" + "".join(f"{one},{'vrouw' if one < 5 else 'man'}\n" for one in range(9))
    features = "feature,value,min,max\ngeslacht,vrouw,6,7\ngeslacht,man,0,2\n"
    assert "vrouw (5 voor 6, 1 te weinig) ongeveer 20 brieven meer." in say(
        people, features, "--letters", "100", seats="7"
    )


def test_every_sentence_of_the_draw_can_be_said() -> None:
    change = {"feature": "a", "value": "b", "bound": "most", "before": 1, "after": 2}
    for broken, words in (
        (LotteryPublishedTooLate(round=7), "Ongeldig: lijst gepubliceerd na ronde 7."),
        (LotteryBeaconMissing(round=7), "neem nooit zelf een getal"),
        (LotteryConfirmedUnknown(ids=("x", "y")), "x, y"),
        (LotteryReplacementFails(places=2, people=9, values=(), changes=(change,)), "a b maximum 1 → 2."),
        (SolverFailed(what="x"), "Verruim een doel"),
    ):
        (told,) = sentences_of(broken)
        assert words in told
        assert "facts" not in told


def test_jointly_impossible_targets_name_the_smallest_change_and_who_loses(say: Say) -> None:
    people = "id,a,b\n" + "".join(
        f"{number},{'ja' if number < 5 else 'nee'},{'x' if number < 5 else 'y'}\n" for number in range(10)
    )
    features = "feature,value,min,max\na,ja,3,4\na,nee,0,4\nb,x,0,2\nb,y,0,4\n"
    told = say(people, features, seats="4")
    assert "De doelen gaan niet samen" in told
    assert "a ja minimum 3 → 2" in told
    assert "ja verliest dan 1 vaste plaats." in told


def test_invited_people_are_counted_against_the_targets(say: Say, tmp_path: Path) -> None:
    invited = tmp_path / "invited.csv"
    given = ("--invited", str(invited), "--mode")
    invited.write_text("id,adres,geslacht\nu1,z,vrouw\nu2,y,vrouw\nu3,x,vrouw\n")
    assert "3 genodigden in vrouw, hoogstens 2: verander quotum of lijst." in say(
        PEOPLE, FEATURES, *given, "fixed", seats="4"
    )
    assert "Er valt niets te loten: 3 genodigden, 3 plaatsen." in say(
        PEOPLE, FEATURES, *given, "fixed", seats="3"
    )
    invited.write_text("id,adres,geslacht\nu1,z,vrouw\nu2,y,vrouw\n")
    told = say(PEOPLE, FEATURES, *given, "fixed", seats="3")
    assert "vrouw vol: 2 aanmelders hebben dan geen kans. Doorgaan?" in told
    invited.write_text("id,adres,geslacht\n1,z,vrouw\n")
    assert "Dit staat in beide lijsten" in say(PEOPLE, FEATURES, *given, "fixed", seats="3")
    assert "fixed (zij hebben een plaats) of nominated" in say(PEOPLE, FEATURES, "--invited", str(invited))
    assert "geen lijst van genodigden" in say(PEOPLE, FEATURES, "--mode", "fixed")


def test_nominated_people_are_drawn_too_and_keep_their_share(tmp_path: Path) -> None:
    options = write_files(tmp_path, homes_of_two())
    rows = "".join(f"u{number},z{number},{('man', 'vrouw')[number % 2]}\n" for number in range(12))
    (tmp_path / "invited.csv").write_text("id,adres,geslacht\n" + rows)
    out = tmp_path / "pack.json"
    more = ["--invited", str(tmp_path / "invited.csv"), "--mode", "nominated", "--panels", "50"]
    assert main(["draw", *options, *more, "--out", str(out)]) == 0
    pack = json.loads(out.read_text())
    assert pack["seats_drawn"] == 20
    assert {sum(one.startswith("u") for one in panel) for panel in pack["panels"]} == {4}


def test_a_file_that_is_not_there_or_cannot_be_written_is_told(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    options = write_files(tmp_path, pool_of([("a",)] * 3, {"f": {"a": (1, 1)}}, 1))
    missing = ["--people", str(tmp_path / "no.csv"), *options[2:]]
    assert main(["draw-chances", *missing]) == 2
    assert "no.csv is niet te openen" in capfdbinary.readouterr().err.decode()
    assert main(["draw", *options, "--panels", "3", "--out", str(tmp_path / "no" / "pack.json")]) == 2
    assert "is niet te openen" in capfdbinary.readouterr().err.decode()

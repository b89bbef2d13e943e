"""While the panel decides, console and screen tell what was decided, how, and where the evening is."""

import pytest

from pb.decide.actions import record_decision
from pb.decide.rules.panel_decides import Way
from pb.people.rules import Role
from support.neighbourhood import NOW
from support.room import Hall
from support.visitor import Visitor


@pytest.fixture
def deciding(hall: Hall) -> Hall:
    hall.bring_to("decide")
    return hall


def decided(hall: Hall, position: int, *, yes: bool, way: Way) -> None:
    with hall.store.writing() as session:
        record_decision(
            session, evening_id=hall.evening_id, position=position, yes=yes, way=way, reason="Na praten.",
            minority_view="Te duur.", who=hall.place.who(Role.FACILITATOR), now=NOW,
        )  # fmt: skip


def test_the_agenda_marks_the_plan_at_hand_and_says_what_was_decided(deciding: Hall) -> None:
    host, path = deciding.staff(), f"{deciding.path}/console"

    def agenda() -> list[tuple[bool, list[str], bool]]:
        lines = host.get(path).all(".agenda li")
        return [
            ("aria-current" in one.attributes, [tag.text() for tag in one.css(".tag")], bool(one.css("a")))
            for one in lines
        ]

    assert agenda() == [(True, [], True), (False, [], True)]
    decided(deciding, 1, yes=False, way=Way.MAJORITY)
    assert agenda() == [(False, ["nee"], False), (True, [], True)]
    decided(deciding, 2, yes=True, way=Way.RULE)
    assert agenda() == [(False, ["nee"], False), (False, ["ja"], False)]
    deciding.divide()
    assert agenda() == [(False, ["nee"], False), (False, ["ja"], False)]


def test_the_room_reads_how_it_was_decided_where_that_is_not_what_the_scores_say(deciding: Hall) -> None:
    room, screen = Visitor(deciding.app), deciding.screen_path()
    decided(deciding, 1, yes=False, way=Way.MAJORITY)
    assert room.get(screen).one(".latest .how").text() == "anders dan de cijfers, met meerderheid"
    decided(deciding, 1, yes=False, way=Way.CONSENSUS)
    assert room.get(screen).one(".latest .how").text() == "anders dan de cijfers"
    decided(deciding, 1, yes=True, way=Way.RULE)
    assert not room.get(screen).all(".latest .how")
    decided(deciding, 2, yes=True, way=Way.MAJORITY)
    assert [one.text() for one in room.get(screen).all(".how")] == ["(met meerderheid)"]
    deciding.divide()
    assert [one.text() for one in room.get(screen).all(".how")] == ["met meerderheid"]
    deciding.confirm()
    assert [one.text() for one in room.get(screen).all(".outcome .how")] == ["met meerderheid"]


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"yes": "nee", "way": "majority"}, {"reason", "minority_view"}),
        ({"yes": "nee", "way": "rule"}, {"way", "reason"}),
        ({"yes": "nee"}, {"way", "reason"}),
        ({"yes": "nee", "way": "majority", "no_minority_view": "y"}, {"reason"}),
        ({"yes": "ja", "way": "majority"}, {"minority_view"}),
    ],
)
def test_all_that_a_decision_misses_is_said_at_once(
    deciding: Hall, typed: dict[str, str], wrong: set[str]
) -> None:
    host = deciding.staff()
    values = host.get(f"{deciding.path}/console").values("form.other")
    sent = {"csrf_token": values["csrf_token"], "seen": values["seen"]} | typed
    page = host.post(f"{deciding.path}/beslis/1", sent, status=422)
    names = ("yes", "way", "reason", "minority_view")
    assert {name for name in names if page.all(f"#{name}-fout")} == wrong

"""Somebody who may have a seat already is noticed, and people decide."""

import pytest

from pb.panel.rules.people_file import Likeness
from pb.panel.rules.repeats import PersonHasSeat, Sitting, check_new, find_repeats
from support.panel import somebody

SEATED = (Sitting(4, "José de Proef", "jose@post.example"), Sitting(9, "", ""))


@pytest.mark.parametrize(
    ("name", "email", "found", "leave_out"),
    [
        ("Heel Anders", "jose@post.example", Likeness.EMAIL, True),
        ("JOSE DE PROEF", "", Likeness.NAME, True),
        ("jose deproef", "ander@post.example", Likeness.NAME, False),
        ("Iemand Nieuw", "nieuw@post.example", None, None),
        ("Iemand Nieuw", "", None, None),
    ],
)
def test_a_repeat_of_a_seat_is_known_by_mailbox_or_name(
    name: str, email: str, found: Likeness | None, leave_out: bool | None
) -> None:
    repeats = find_repeats([somebody(2, name=name, email=email)], SEATED)
    expected = [] if found is None else [(2, found, 4, None, leave_out)]
    assert [(r.row, r.likeness, r.of_seat, r.of_row, r.leave_out) for r in repeats] == expected


def test_a_repeat_within_a_list_points_at_the_first_row() -> None:
    people = [somebody(row, name="Proef", email="") for row in (2, 3, 7)]
    assert [(r.row, r.of_row) for r in find_repeats(people, ())] == [(3, 2), (7, 2)]


def test_a_drawn_seat_without_a_name_is_nobodys_repeat() -> None:
    assert find_repeats([somebody(2, name="Proef", email="")], [Sitting(9, "", "")]) == ()


def test_a_person_with_a_seat_is_refused_with_its_number() -> None:
    with pytest.raises(PersonHasSeat) as refused:
        check_new(somebody(0, name="jose de proef", email=""), SEATED)
    assert refused.value.facts == {"number": 4, "likeness": "name"}

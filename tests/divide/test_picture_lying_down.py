"""The picture of a division where glasses have no room for words; an outcome that a whole room can read."""

from flask import Flask

from pb.store.engine import Store
from support.neighbourhood import Neighbourhood
from support.room import open_hall
from support.visitor import Visitor


def test_the_picture_lies_down_with_names_and_amounts_and_the_outcome_has_no_picture(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    hall = open_hall(app, store, place, moment="divide")
    host, room, screen = hall.staff(), Visitor(hall.app), hall.screen_path()
    console = host.get(f"{hall.path}/console")
    rows = console.all(".vessel-rows li")
    assert sorted(row.css_first("b").text() for row in rows) == ["1", "2"]
    assert "Moestuin op het plein" in "".join(row.text() for row in rows)
    assert "€\u00a010.000 van €\u00a010.000" in rows[0].text()
    for row in rows:
        widths = [float((one.attributes["width"] or "").rstrip("%")) for one in row.css("svg rect")]
        assert widths
        assert all(0 <= width <= 100 for width in widths)
    assert room.get(screen).all(".vessels")
    assert not room.get(screen).all(".vessel-rows")
    hall.confirm()
    outcome = room.get(screen)
    assert not outcome.all(".vessels, .year")
    assert outcome.all(".outcome .names li, .outcome .pot, .outcome .seal")

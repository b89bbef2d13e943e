"""An evening of two plans and six seats, at the moment that a test asks for."""

import pytest
from flask import Flask
from support.neighbourhood import Neighbourhood
from support.room import Hall, Phone, open_hall

from pb.store.engine import Store


@pytest.fixture
def hall(app: Flask, store: Store, place: Neighbourhood) -> Hall:
    """Give an evening that is prepared; its doors are still shut."""
    return open_hall(app, store, place)


@pytest.fixture
def open_room(hall: Hall) -> Hall:
    """Give an evening whose first plan is open for scores; seats 1 to 5 are in, nobody gave a score."""
    hall.press()
    hall.come_in(1, 2, 3, 4, 5)
    hall.press(2)
    return hall


@pytest.fixture
def phone(open_room: Hall) -> Phone:
    """Give the phone of seat 1, with the first plan open."""
    return Phone(open_room, 1)

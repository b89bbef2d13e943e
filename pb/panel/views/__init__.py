"""The panel room: seats, lists of people, draws, cards."""

from pb.panel.views import cards, choosing, draws, lists, seats
from pb.panel.views.blueprint import views

__all__ = ["cards", "choosing", "draws", "lists", "seats", "views"]

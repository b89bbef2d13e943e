"""The evening's pages: planning, console, door, screen, card and phone."""

from pb.evening.views import card, console, door, phone, planning, screen  # noqa: F401
from pb.evening.views.base import views

__all__ = ["views"]

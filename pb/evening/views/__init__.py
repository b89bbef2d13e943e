"""The evening's pages: planning, console, door, screen, card and phone."""

from pb.evening.views import (  # noqa: F401
    card,
    console,
    door,
    dossier,
    floor,
    live,
    lot,
    offline,
    paper,
    phone,
    planning,
    practice,
    reopening,
    runsheet,
    screen,
    stickers,
    tablet,
    takeover,
    today,
)
from pb.evening.views.base import views

__all__ = ["views"]

"""What the evening's pages share."""

from typing import Any

from flask import Blueprint, current_app, url_for
from sqlalchemy.orm import Session

from config import Settings
from pb.evening.panes import Surface, pane_for
from pb.evening.queries import EveningFacts
from pb.evening.rules.screen_key import screen_key
from pb.people.rules import Role
from pb.web.pages import page

views = Blueprint("evening", __name__)
HOSTS = (Role.FACILITATOR, Role.AREA_MANAGER)


def settings() -> Settings:
    """Give the settings of the running app."""
    kept: Settings = current_app.config["PB"]
    return kept


def screen_path(evening_id: int) -> str:
    """Give the path of the big screen."""
    key = screen_key(settings().card_key.encode(), evening_id)
    return url_for("evening.screen_page", evening_id=evening_id, key=key)


def show(
    session: Session,
    evening: EveningFacts,
    surface: Surface,
    template: str,
    seat_id: int | None = None,
    **facts: Any,
) -> str:
    """Show what belongs on a surface now: the evening's own page, or what a later room hung there."""
    hung = pane_for(evening.stage, surface)
    inner = None
    if hung is not None:
        inner, pane = hung
        more = pane(session, evening, seat_id)
        if hidden := more.keys() & facts.keys():
            raise ValueError(f"a pane hides what the page itself knows: {sorted(hidden)}")
        facts |= more
    return page(template, evening=evening, inner=inner, **facts)

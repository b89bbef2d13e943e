"""The panel room's own corner of the app."""

from flask import Blueprint, current_app

from config import Settings
from pb.panel.rules.alike import group_alike
from pb.panel.rules.contact import shown_phone

views = Blueprint("panel", __name__)
views.add_app_template_filter(shown_phone, "shown_phone")
views.add_app_template_global(group_alike, "group_alike")


def settings() -> Settings:
    """Give the settings of the running app."""
    held: Settings = current_app.config["PB"]
    return held


def card_key() -> bytes:
    """Give the key that cards are made from."""
    return settings().card_key.encode()


def whole(text: str | None) -> int:
    """Read a number that our own page sent, or 0."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0

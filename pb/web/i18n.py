"""Language: Dutch first, English complete; euros and dates as people read them."""

from datetime import date, datetime
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime
from flask import Blueprint, Flask, current_app, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_babel import Babel, get_locale

from pb.core.dates import AMSTERDAM
from pb.core.money import euros
from pb.web.addresses import own_path
from pb.web.doors import public

LANGUAGES = {"nl": "Nederlands", "en": "English"}
COOKIE = "language"
COOKIE_LIVES_SECONDS = 365 * 24 * 3600
views = Blueprint("language", __name__)


def speak(app: Flask) -> None:
    """Give the app its languages and its ways to write euros and dates."""
    app.config["BABEL_DEFAULT_LOCALE"] = "nl"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Europe/Amsterdam"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=chosen_language)
    app.jinja_env.filters["euros"] = euros
    app.jinja_env.filters["day"] = long_day
    app.jinja_env.filters["moment"] = moment
    app.jinja_env.globals["languages"] = LANGUAGES
    app.jinja_env.globals["language"] = language
    app.register_blueprint(views)


def chosen_language() -> str:
    """Choose the language: what the visitor picked, else what the browser asks, else Dutch."""
    picked = session.get("language", request.cookies.get(COOKIE))
    if picked in LANGUAGES:
        return str(picked)
    return request.accept_languages.best_match(list(LANGUAGES), "nl") or "nl"


def language() -> Locale:
    """Give the language of this page."""
    return get_locale() or Locale("nl")


def long_day(day: date) -> str:
    """Write a date out: zaterdag 22 november 2026."""
    pattern: Any = "EEEE d MMMM y"
    return format_date(day, pattern, locale=language())


def moment(at: datetime) -> str:
    """Write a moment as Dutch clocks show it."""
    return format_datetime(at, "d MMMM y, HH:mm", tzinfo=AMSTERDAM, locale=language())


@views.get("/taal/<code>")
@public("everyone chooses a language")
def choose(code: str) -> ResponseReturnValue:
    """Keep the language that the visitor picked, and go back."""
    back = redirect(own_path(request.args.get("next"), "/"))
    if code in LANGUAGES:
        session["language"] = code
        # A cookie of its own, so that on a shared computer nothing else is kept longer for it.
        back.set_cookie(
            COOKIE, code, max_age=COOKIE_LIVES_SECONDS, httponly=True, samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )  # fmt: skip
    return back

"""Doors: every endpoint says who may come in, or the app does not start."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from pb.core.errors import Broken, NotFound
from pb.web.transaction import reading

View = TypeVar("View", bound=Callable[..., Any])
AreaOf = Callable[[Session, Mapping[str, Any]], int | None]
Check = Callable[[Session, Mapping[str, Any]], None]
MOST_ID = 2**63 - 1


class NotYours(Broken):
    """Refuse somebody who is logged in but has no role for this."""

    code = "core.not-yours"
    status = 403


@dataclass(frozen=True)
class Door:
    """Who may enter: everyone, whoever is logged in, staff with a role in an area, or by a check.

    ``area_of`` finds the area that the address belongs to; None means that it does not exist.
    """

    kind: str
    why: str = ""
    roles: frozenset[str] = frozenset()
    area_of: AreaOf | None = None
    check: Check | None = None


def public(why: str) -> Callable[[View], View]:
    """Let everyone in, and say why that is right."""
    return _hang(Door("public", why=why))


def logged_in(why: str) -> Callable[[View], View]:
    """Let whoever is logged in come in; the view shows only what is theirs."""
    return _hang(Door("logged in", why=why))


def staff(*roles: str, area_of: AreaOf | None = None) -> Callable[[View], View]:
    """Let in whoever has one of these roles in the area of this address, or in every area.

    Without ``area_of`` the role may be held in any area.
    """
    return _hang(Door("staff", roles=frozenset(roles), area_of=area_of))


def checked(why: str, check: Check) -> Callable[[View], View]:
    """Let in whoever passes a check that a room makes: a card, a key, an own plan."""
    return _hang(Door("checked", why=why, check=check))


def door_of(app: Flask, endpoint: str) -> Door | None:
    """Find the door that hangs before an endpoint."""
    return getattr(app.view_functions[endpoint], "door", None)


def guard(app: Flask) -> None:
    """Refuse to start with an endpoint without a door; check the door at every request."""
    open_ends = sorted(name for name in app.view_functions if door_of(app, name) is None)
    if open_ends:
        raise RuntimeError(f"these endpoints do not say who may enter: {', '.join(open_ends)}")

    app.jinja_env.globals["opens"] = opens

    @app.before_request
    def enter() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None
        # The access log writes the rule of an address, never the address: it may hold a secret.
        request.environ["pb.rule"] = request.url_rule.rule if request.url_rule else "-"
        door = door_of(app, request.endpoint)
        arguments = request.view_args or {}
        # No row has such a number, and not every database can be asked for one.
        too_big = any(isinstance(value, int) and value > MOST_ID for value in arguments.values())
        if door is None or too_big:
            raise NotFound()
        return _try(door, arguments)


def may(role: str, area_id: int | None = None) -> bool:
    """Say whether the visitor has a role in an area (None: in any area)."""
    if not current_user.is_authenticated:
        return False
    held: frozenset[tuple[str, int | None]] = current_user.roles
    return any(
        name == role and (area_id is None or place is None or place == area_id) for name, place in held
    )


def opens(endpoint: str, area_id: int) -> bool:
    """Say whether the visitor may enter a page of staff in an area, so that no link leads to a refusal."""
    door = door_of(current_app, endpoint)
    return door is not None and any(may(role, area_id) for role in door.roles)


def _hang(door: Door) -> Callable[[View], View]:
    def hang(view: View) -> View:
        view.door = door  # type: ignore[attr-defined]
        return view

    return hang


def _try(door: Door, arguments: Mapping[str, Any]) -> ResponseReturnValue | None:
    if door.kind == "public":
        return None
    if door.kind == "checked" and door.check is not None:
        with reading() as session:
            door.check(session, arguments)
        return None
    if not current_user.is_authenticated:
        return to_login()
    if door.kind == "logged in":
        return None
    area_id = None
    if door.area_of is not None:
        with reading() as session:
            area_id = door.area_of(session, arguments)
        if area_id is None:
            raise NotFound()
    if not any(may(role, area_id) for role in door.roles):
        # Whoever does not work in this area learns nothing, not even that it exists.
        raise NotYours() if area_id is None or _works_in(area_id) else NotFound()
    return None


def _works_in(area_id: int) -> bool:
    return any(place is None or place == area_id for _role, place in current_user.roles)


def _came_from() -> str:
    """Give the page of our own that a form was on, so that its maker comes back there after logging in."""
    page = urlsplit(request.referrer or "")
    return page.path + (f"?{page.query}" if page.query else "") if page.netloc == request.host else ""


def to_login() -> ResponseReturnValue:
    """Send somebody to the login page, and back to this page afterwards."""
    path = request.full_path.rstrip("?") if request.method == "GET" else _came_from()
    return redirect(url_for("people.login", next=path or None))

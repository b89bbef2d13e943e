"""What lets a phone's page work without a network: its service worker, and the number of its scripts."""

import hashlib
from functools import cache

from flask import Response, send_from_directory
from flask.typing import ResponseReturnValue

from config import ROOT
from pb.evening.rules.score import DeviceReplaced
from pb.evening.rules.seats import NoSeatHere
from pb.evening.views.base import views
from pb.web.doors import public
from pb.web.errors import wants_json
from pb.web.pages import page
from pb.web.say import say

_PARTS = (
    "js/phone.js", "js/queue.js", "js/own.js", "js/speak.js", "js/live.js", "phone.css", "own.css", "sw.js",
)  # fmt: skip


@views.get("/avond/sw.js")
@public("a script; the address decides which pages it may help")
def service_worker() -> ResponseReturnValue:
    """Give the service worker, from an address above every phone page."""
    response: Response = send_from_directory(ROOT / "static", "sw.js", mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Service-Worker-Allowed"] = "/avond/"
    return response


@cache
def build() -> str:
    """Name the scripts that a phone runs now, so that it notices when the site has newer ones."""
    whole = b"".join((ROOT / "static" / part).read_bytes() for part in _PARTS)
    return hashlib.sha256(whole).hexdigest()[:10]


@views.errorhandler(NoSeatHere)
@views.errorhandler(DeviceReplaced)
def without_seat(error: NoSeatHere | DeviceReplaced) -> ResponseReturnValue:
    """Send somebody whose phone has no seat here, or no longer, back to the card."""
    if wants_json():
        return {"code": error.code, "text": say(error)}, error.status
    return page("evening/no_seat.html", error=error, sentence=say(error)), error.status

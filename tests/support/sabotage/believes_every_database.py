"""What a phone saw before is not looked at."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pb.evening.views import phone
from pb.store.together import Together

_take = phone.take_positions


def _believe(session: Any, taps: Sequence[Any]) -> Any:
    return _take(session, [replace(tap, seen=None) for tap in taps])


phone.writes = Together(_believe)

from wsgi import app  # noqa: E402, F401

"""The same tap sent again is a new one: no answer is remembered."""

from typing import Any

from pb.evening.actions import scoring


class Forgetful(dict[str, Any]):
    """Keep nothing."""

    def __setitem__(self, _name: str, _value: Any) -> None:
        """Forget it at once."""


scoring._answered = lambda _session, _ops: Forgetful()

from wsgi import app  # noqa: E402, F401

"""Rules that were broken: errors that carry facts and a code, never sentences."""

from typing import ClassVar


class Broken(Exception):
    """Stop an action because a rule of the house was broken.

    A subclass names its ``code`` as ``room.what-happened``; the sentence for a person stands in
    ``templates/<room>/broken/<what-happened>.html`` and reads ``facts``. Facts hold no personal data.
    ``status`` is the HTTP status of the page that explains it.
    """

    code: ClassVar[str] = "core.broken"
    status: ClassVar[int] = 409

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code)
        self.facts = facts

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.code}({facts})"


class NotFound(Broken):
    """Say that something does not exist, or not for this visitor: both look the same."""

    code = "core.not-found"
    status = 404


class TryAgainSoon(Broken):
    """Say that the database is busy or full; nothing was stored, the same may be sent again."""

    code = "core.try-again-soon"
    status = 503


class BadInput(Broken):
    """Refuse a value that a person typed or a file holds; the sentence stands at that place."""

    code = "core.bad-input"
    status = 422

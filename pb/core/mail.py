"""What a mail says, before anybody is chosen to get it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Letter:
    """A mail, written by the page that asked for the action and posted within its transaction."""

    subject: str
    body: str

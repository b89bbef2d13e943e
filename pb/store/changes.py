"""Say after a commit what changed, so that whoever listens looks again, on this server and on others."""

from collections.abc import Callable

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Session

CHANNEL = "pb_changes"
_TELL = sa.text("SELECT pg_notify(:channel, :topic)")

Listener = Callable[[str], None]


def mark(session: Session, topic: str) -> None:
    """Remember that this transaction changes something that others look at."""
    session.info.setdefault("changed", set()).add(topic)


def marked(session: Session) -> frozenset[str]:
    """Give what this transaction changed."""
    return frozenset(session.info.get("changed", ()))


def tell_other_servers(session: Session) -> None:
    """Let PostgreSQL pass on what changed, once it is committed; with SQLite there are no other servers."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for topic in sorted(marked(session)):
        session.execute(_TELL, {"channel": CHANNEL, "topic": topic})


class Follower:
    """Hear from PostgreSQL what any server changed. Raises: psycopg.Error when it cannot be reached."""

    def __init__(self, url: sa.URL) -> None:
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = psycopg.connect(plain, autocommit=True)
        self._connection.execute(f"LISTEN {CHANNEL}")

    def fileno(self) -> int:
        """Give the descriptor that becomes readable when there is something to hear."""
        return self._connection.fileno()

    def topics(self) -> list[str]:
        """Give what changed since the last time, without waiting."""
        return [heard.payload for heard in self._connection.notifies(timeout=0)]

    def close(self) -> None:
        """Stop listening."""
        self._connection.close()

"""Nothing waits for the disk."""

from typing import Any

import sqlalchemy as sa

from wsgi import app


def _hurry(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")


_store = app.extensions["store"]
sa.event.listen(_store.engine, "connect", _hurry)
_store.engine.dispose()

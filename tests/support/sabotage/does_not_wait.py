"""A busy database is not waited for."""

from pb.store import engine, together

engine.BUSY_TIMEOUT_MS = together.BUSY_TIMEOUT_MS = 200

from wsgi import app  # noqa: E402, F401

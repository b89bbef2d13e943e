"""How a view reaches the database: read, or write in the one transaction of its request."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from flask import current_app
from sqlalchemy.orm import Session

from pb.store.engine import Store
from pb.web import after


def store() -> Store:
    """Give the store of the running app."""
    kept: Store = current_app.extensions["store"]
    return kept


def reading() -> AbstractContextManager[Session]:
    """Open a snapshot to read from."""
    return store().reading()


@contextmanager
def writing() -> Iterator[Session]:
    """Open the transaction of this request; what was asked for after it runs once it is stored."""
    with store().writing() as session:
        yield session
    after.run()

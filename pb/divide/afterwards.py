"""What later rooms do once an outcome is confirmed: they hang their task here, this room knows none.

A task runs in the transaction of the confirmation, so that it happens exactly when the outcome stands.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

Task = Callable[[Session, int, datetime], None]
_tasks: list[Task] = []


def when_confirmed(task: Task) -> Task:
    """Let a task run at every confirmation, with the session, the evening's id and the time."""
    _tasks.append(task)
    return task


def run(session: Session, *, evening_id: int, now: datetime) -> None:
    """Do what later rooms do now that this evening's outcome stands."""
    for task in _tasks:
        task(session, evening_id, now)

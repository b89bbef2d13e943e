"""What must happen only once a change is stored, such as handing mail to the mail server."""

from collections.abc import Callable

from flask import g


def commit(task: Callable[[], None]) -> None:
    """Ask for a task to run after this request's transaction is stored."""
    if "after_commit" not in g:
        g.after_commit = []
    g.after_commit.append(task)


def run() -> None:
    """Run what was asked for, once."""
    tasks: list[Callable[[], None]] = g.pop("after_commit", [])
    for task in tasks:
        task()

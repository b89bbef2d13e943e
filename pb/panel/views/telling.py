"""Telling a page how far the reading of a list is, while it is read.

The answer is one line of JSON at a time: ``part`` of the list that was read, and at the end ``go``, where to
go on, or ``main``, the middle of the page again with what is wrong, or ``said``, a sentence. No second
request has to ask how far things are, so it does not matter which process answers.
"""

import json
from collections.abc import Callable, Generator, Iterator
from fractions import Fraction

from flask import Response, current_app, request, stream_with_context
from sqlalchemy.exc import SQLAlchemyError

from pb.core.errors import Broken, TryAgainSoon
from pb.core.sheet import FileRefused, Source
from pb.panel.rules.address_file import AddressFile
from pb.web.say import say

LINES = "application/x-ndjson"


def wants_steps() -> bool:
    """Say whether the request comes from our script, which shows a bar."""
    return request.accept_mimetypes.best == LINES


def tell_steps(
    steps: Generator[Fraction, None, AddressFile],
    *,
    keep: Callable[[Source], str],
    refuse: Callable[[FileRefused], str],
) -> Response:
    """Answer with how far the reading is, and then what became of it.

    Shape: ``keep`` stores the list and gives where to go on; ``refuse`` gives the page again.
    """
    answer = Response(stream_with_context(_lines(steps, keep, refuse)), mimetype=LINES)
    # A proxy that saves up an answer would show no bar.
    answer.headers["X-Accel-Buffering"] = "no"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _lines(
    steps: Generator[Fraction, None, AddressFile],
    keep: Callable[[Source], str],
    refuse: Callable[[FileRefused], str],
) -> Iterator[str]:
    try:
        # Only what there is to know of the file stays: its addresses take more room than the file itself.
        source = (yield from _parts(steps)).source
        yield _line(go=keep(source))
    except FileRefused as refused:
        yield _line(main=refuse(refused))
    except Broken as broken:
        yield _line(said=say(broken))
    except SQLAlchemyError as error:
        # The answer has begun, so nobody else can say this; and only what it was: its text holds addresses.
        current_app.logger.error("database: %s", type(error).__name__)
        yield _line(said=say(TryAgainSoon()))


def _parts(steps: Generator[Fraction, None, AddressFile]) -> Generator[str, None, AddressFile]:
    while True:
        try:
            part = next(steps)
        except StopIteration as end:
            file: AddressFile = end.value
            return file
        yield _line(part=round(float(part), 3))


def _line(**fact: object) -> str:
    return json.dumps(fact) + "\n"

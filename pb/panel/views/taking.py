"""Taking in a list that is checked and shown before anything is done with it, whatever the list is of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from pb.core.sheet import FileRefused, Source
from pb.panel import actions
from pb.panel.forms import ChooseForm, ListForm, RepeatForm, say_at
from pb.panel.rules.keeping import FileKind, ListKnown
from pb.panel.views.blueprint import whole
from pb.people.login import my_name_for_the_journal
from pb.rounds.queries import RoundFacts
from pb.web.clock import now
from pb.web.forms import HiddenField
from pb.web.pages import page
from pb.web.transaction import writing


class ListFile(Protocol):
    """A list that was read."""

    @property
    def source(self) -> Source: ...


@dataclass(frozen=True, slots=True)
class Taking:
    """What a list is of: how it is read, the page that asks for it, and the page that shows it.

    Shape: ``read`` gets the content and a ``file_name``; ``confirm`` is an endpoint with round and hash.
    """

    kind: FileKind
    read: Callable[..., ListFile]
    template: str
    confirm: str
    facts: dict[str, Any] = field(default_factory=dict)


def take_list(facts: RoundFacts, taking: Taking) -> ResponseReturnValue:
    """Ask for a list, check all of it, keep it, and go on to where it is shown."""
    form = ListForm()
    shown = {"form": form, "round": facts, **taking.facts}
    if not form.validate_on_submit():
        return page(taking.template, **shown), 422 if form.is_submitted() else 200
    content, file_name = read_upload(form)
    try:
        file = taking.read(content, file_name=file_name)
        with writing() as session:
            actions.keep_upload(
                session,
                round_id=facts.id,
                kind=taking.kind,
                source=file.source,
                content=content,
                who=my_name_for_the_journal(),
                now=now(),
            )
    except FileRefused as refused:
        return page(taking.template, **shown, refused=refused), refused.status
    except ListKnown as known:
        say_at(form.file, known)
        return page(taking.template, **shown), known.status
    return redirect(url_for(taking.confirm, round_id=facts.id, file_sha256=file.source.sha256))


def read_upload(form: ListForm | ChooseForm | RepeatForm) -> tuple[bytes, str]:
    """Give what was uploaded, and the name that it was given elsewhere."""
    uploaded: FileStorage = form.file.data
    with uploaded.stream:
        return uploaded.read(), uploaded.filename or ""


def seen_then(seen: HiddenField, there: int) -> int:
    """Give how many somebody saw when looking for who stands there twice; from now on it is ``there``."""
    then = whole(seen.data)
    seen.raw_data, seen.data = None, str(there)
    return then

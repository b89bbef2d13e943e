"""The page on which a draw of addresses is held, whatever the drawn addresses get."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from flask import redirect
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pb.core.errors import Broken
from pb.panel import queries
from pb.panel.forms import DrawForm, say_at
from pb.panel.rules.address import Address
from pb.panel.rules.address_choice import Selection
from pb.panel.rules.address_file import AddressFile
from pb.panel.rules.areas import count_per_area
from pb.panel.rules.draw import DrawCountWrong, DrawPoolTooSmall
from pb.panel.rules.keeping import PanelChanged, PanelFull, SeedUsed, UploadGone
from pb.panel.views.choosing import ask_opt_outs_again
from pb.panel.views.waiting import find_waiting
from pb.people.login import my_name_for_the_journal
from pb.rounds.queries import RoundFacts, round_facts
from pb.web.clock import now
from pb.web.pages import page
from pb.web.transaction import reading, writing


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a draw is for: its template with facts of its own, what to give, and where to look afterwards.

    Shape: ``give`` draws, given the session and the terms of the draw, and answers with the draw's id.
    ``tell`` gives facts that follow from the addresses of the list.
    """

    template: str
    give: Callable[..., int]
    drawn_at: Callable[[int], str]
    facts: dict[str, Any] = field(default_factory=dict)
    tell: Callable[[Iterable[Address]], dict[str, Any]] = lambda _addresses: {}


def hold(round_id: int, file_sha256: str, form: DrawForm, purpose: Purpose) -> ResponseReturnValue:
    """Show the hash of the addresses before anyone throws dice; then draw."""
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        earlier = queries.draws(session, round_id=round_id)
        held = [draw for draw in earlier if draw.file_sha256 == file_sha256]
        try:
            waiting = find_waiting(session, round_id=round_id, file_sha256=file_sha256)
        except UploadGone:
            if not held:
                raise
            # Pressed twice, or came back: the draw was held.
            return redirect(purpose.drawn_at(held[0].id))
    if waiting.opt_outs_are_gone:
        return ask_opt_outs_again(round_id, file_sha256)
    file = waiting.read()
    selection = waiting.select(file)
    most = selection.steps.tickets
    capped = not form.is_submitted() and (form.wanted.data or 0) > most
    if capped:
        form.wanted.data = most
    show = partial(
        _before_draw, facts, form, purpose, earlier=earlier[0].published if earlier else "", capped=capped
    )
    if not form.validate_on_submit():
        return show(file, selection, status=422 if form.is_submitted() else 200)
    try:
        with writing() as session:
            draw_id = _draw(session, round_id, form, purpose, file, selection)
    except (DrawCountWrong, DrawPoolTooSmall, PanelFull) as wrong:
        return show(file, selection, wrong_count=wrong, status=wrong.status)
    except SeedUsed as used:
        say_at(form.seed, used)
        return show(file, selection, status=used.status)
    except PanelChanged as changed:
        with reading() as session:
            waiting = find_waiting(session, round_id=round_id, file_sha256=file_sha256)
        if waiting.opt_outs_are_gone:
            return ask_opt_outs_again(round_id, file_sha256)
        file = waiting.read()
        return show(file, waiting.select(file), changed=changed, status=changed.status)
    return redirect(purpose.drawn_at(draw_id))


def _draw(
    session: Session, round_id: int, form: DrawForm, purpose: Purpose, file: AddressFile, selection: Selection
) -> int:
    return purpose.give(
        session,
        round_id=round_id,
        file=file,
        selection=selection,
        wanted=form.wanted.data,
        seed=form.seed.data or "",
        pool_sha256=form.pool_sha256.data or "",
        who=my_name_for_the_journal(),
        now=now(),
    )


def _before_draw(
    facts: RoundFacts,
    form: DrawForm,
    purpose: Purpose,
    file: AddressFile,
    selection: Selection,
    *,
    earlier: str,
    capped: bool,
    status: int,
    wrong_count: Broken | None = None,
    changed: Broken | None = None,
) -> ResponseReturnValue:
    if wrong_count is not None:
        say_at(form.wanted, wrong_count)
    form.pool_sha256.raw_data = None
    form.pool_sha256.data = selection.sha256
    return page(
        purpose.template,
        round=facts,
        form=form,
        # What a page got stays in memory until Python tidies up, and a city is a hundred megabytes.
        file=replace(file, addresses=()),
        selection=replace(selection, addresses=()),
        counts=count_per_area(selection.tickets),
        forgotten=selection.forgets(earlier),
        changed=changed,
        capped=capped,
        **purpose.facts,
        **purpose.tell(file.addresses),
    ), status

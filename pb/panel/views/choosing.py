"""Choose who of a list of addresses takes part, and count the letters that are needed."""

from dataclasses import replace
from fractions import Fraction
from functools import partial

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from pb.core.sheet import FileRefused
from pb.panel import actions
from pb.panel.forms import ChooseForm, LettersForm
from pb.panel.rules.address_choice import Choice, NeighbourhoodMissing, check_neighbourhoods
from pb.panel.rules.address_file import AddressFile
from pb.panel.rules.address_opt_out import OptOuts, read_opt_outs
from pb.panel.rules.address_sieve import Uses
from pb.panel.rules.areas import count_per_area, count_per_neighbourhood
from pb.panel.rules.keeping import FileKind
from pb.panel.rules.letters_needed import (
    RESPONSE_DEFAULT,
    Group,
    LettersNeeded,
    PercentageWrong,
    letters_needed,
    read_percentage,
    share_seats,
)
from pb.panel.views.blueprint import views, whole
from pb.panel.views.taking import read_upload
from pb.panel.views.waiting import WaitingList, find_waiting
from pb.people.login import my_name_for_the_journal
from pb.people.rules import Role
from pb.rounds.queries import RoundFacts, area_of_round, round_facts
from pb.web.clock import now
from pb.web.doors import staff
from pb.web.forms import Choice as Option
from pb.web.pages import page
from pb.web.say import say
from pb.web.transaction import reading, writing

# A form may hold a thousand answers; no municipality has so many neighbourhoods.
NEIGHBOURHOODS_MOST = 600
RESPONSES_MOST = 40
# Letters where the round asks something of people; that page goes on to seats at once where it asks nothing.
DRAW_PAGE = "inviting.draw_letters"


@views.route(
    "/werk/ronde/<int:round_id>/panel/adressen/<string(length=64):file_sha256>/kies",
    methods=["GET", "POST"],
)
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def choose_addresses(round_id: int, file_sha256: str) -> ResponseReturnValue:
    """Choose who takes part: by use, status, neighbourhood, and who asked for no letter."""
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        waiting = find_waiting(session, round_id=round_id, file_sha256=file_sha256)
    file = waiting.read()
    form = _choose_form(waiting.kept.choice, file)
    names = list(count_per_neighbourhood(file.addresses))
    show = partial(_choose_page, facts, form, file, waiting)
    if not form.is_submitted():
        return show(_ticked(waiting.kept.choice, names), status=200)
    ticked = set(request.form.getlist("buurt"))
    if not form.validate():
        return show(ticked, status=422)
    try:
        choice = _choice_of(form, waiting.kept.choice, names, ticked)
        check_neighbourhoods(waiting.read(choice), choice)
        opt_outs, content = _uploaded_opt_outs(form)
    except FileRefused as refused:
        return show(ticked, refused=refused, status=refused.status)
    except NeighbourhoodMissing as missing:
        return show(ticked, missing=missing, status=missing.status)
    who = my_name_for_the_journal()
    if opt_outs is not None:
        choice = replace(choice, opt_outs_sha256=opt_outs.source.sha256)
    with writing() as session:
        if opt_outs is not None:
            actions.keep_upload(
                session,
                round_id=round_id,
                kind=FileKind.OPT_OUTS,
                source=opt_outs.source,
                content=content,
                who=who,
                now=now(),
            )
        actions.keep_choice(
            session, round_id=round_id, file_sha256=file_sha256, choice=choice, who=who, now=now()
        )
    return redirect(url_for(DRAW_PAGE, round_id=round_id, file_sha256=file_sha256))


@views.get("/werk/ronde/<int:round_id>/panel/adressen/<string(length=64):file_sha256>/brieven")
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def letters(round_id: int, file_sha256: str) -> ResponseReturnValue:
    """Count how many letters are needed; nothing is stored."""
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        waiting = find_waiting(session, round_id=round_id, file_sha256=file_sha256)
    if waiting.opt_outs_are_gone:
        return ask_opt_outs_again(round_id, file_sha256)
    tickets = waiting.select(waiting.read()).tickets
    counts = count_per_area(tickets)
    addresses = counts.areas
    # With seats only, a page that knows them sent somebody here.
    asked = "respons" in request.args
    form = LettersForm(request.args if asked else MultiDict())
    if not asked:
        form.response.data = RESPONSE_DEFAULT
        form.seats.data = whole(request.args.get("stoelen")) or None
    valid = asked and form.validate()
    typed, wrong = _typed_responses(addresses)
    counted = None
    if valid and not wrong and addresses:
        counted = _count(form, addresses, typed)
    return page(
        "panel/letters.html",
        round=facts,
        file_sha256=file_sha256,
        form=form,
        counted=counted,
        pool_size=len(tickets),
        by_postcode=counts.by_postcode,
        addresses=addresses if 1 < len(addresses) <= RESPONSES_MOST else {},
        wrong=wrong,
        typed=request.args,
    ), 422 if asked and (wrong or not valid) else 200


def ask_opt_outs_again(round_id: int, file_sha256: str) -> ResponseReturnValue:
    """Go back to the choice when the list of who wants no letter was thrown away."""
    flash(_("De lijst met afmeldingen is na een dag weggegooid. Kies haar opnieuw, of ga verder zonder."))
    return redirect(url_for("panel.choose_addresses", round_id=round_id, file_sha256=file_sha256))


def _choose_form(choice: Choice, file: AddressFile) -> ChooseForm:
    form = ChooseForm(uses=choice.uses.value, status="in-use" if choice.in_use_only else "any")
    seen = file.aside.seen
    if seen.other_uses is None or seen.blank_uses is None:
        del form.uses
    else:
        other, blank = seen.other_uses, seen.blank_uses
        form.uses.choices = [
            Option(Uses.HOMES.value, _("Alleen woningen (gebruiksdoel met woonfunctie)")),
            Option(
                Uses.HOMES_AND_BLANK.value,
                ngettext(
                    "Ook %(num)s adres zonder gebruiksdoel, vaak een woonboot of woonwagen",
                    "Ook %(num)s adressen zonder gebruiksdoel, vaak woonboten en woonwagens",
                    blank,
                ),
            ),
            Option(
                Uses.EVERYTHING.value,
                ngettext(
                    "Alles, ook %(num)s winkel, kantoor of ander gebouw",
                    "Alles, ook %(num)s winkels, kantoren en andere gebouwen",
                    other,
                ),
            ),
        ]
    if seen.not_in_use is None:
        del form.status
    else:
        form.status.choices = [
            Option("in-use", _("Nee, alleen adressen die in gebruik zijn")),
            Option(
                "any",
                ngettext(
                    "Ja, ook %(num)s adres dat is ingetrokken of nog niet af is",
                    "Ja, ook %(num)s adressen die zijn ingetrokken of nog niet af zijn",
                    seen.not_in_use,
                ),
            ),
        ]
    return form


def _choice_of(form: ChooseForm, before: Choice, names: list[str], ticked: set[str]) -> Choice:
    neighbourhoods = before.neighbourhoods
    if 1 < len(names) <= NEIGHBOURHOODS_MOST:
        if ticked.isdisjoint(names):
            raise NeighbourhoodMissing()
        neighbourhoods = None if ticked >= set(names) else tuple(name for name in names if name in ticked)
    return Choice(
        uses=Uses(form.uses.data) if "uses" in form else before.uses,
        in_use_only=form.status.data == "in-use" if "status" in form else before.in_use_only,
        neighbourhoods=neighbourhoods,
        opt_outs_sha256="" if form.forget_opt_outs.data else before.opt_outs_sha256,
    )


def _ticked(choice: Choice, names: list[str]) -> set[str]:
    return set(names if choice.neighbourhoods is None else choice.neighbourhoods)


def _uploaded_opt_outs(form: ChooseForm) -> tuple[OptOuts | None, bytes]:
    if not form.file.data:
        return None, b""
    content, file_name = read_upload(form)
    return read_opt_outs(content, file_name=file_name), content


def _choose_page(
    facts: RoundFacts,
    form: ChooseForm,
    file: AddressFile,
    waiting: WaitingList,
    ticked: set[str],
    *,
    status: int,
    refused: FileRefused | None = None,
    missing: NeighbourhoodMissing | None = None,
) -> ResponseReturnValue:
    counts = count_per_neighbourhood(file.addresses)
    return page(
        "panel/choose_addresses.html",
        round=facts,
        form=form,
        file=replace(file, addresses=()),
        neighbourhoods=counts if 1 < len(counts) <= NEIGHBOURHOODS_MOST else {},
        too_many=len(counts) > NEIGHBOURHOODS_MOST,
        ticked=ticked,
        opt_outs_name=waiting.kept_opt_outs.file_name if waiting.kept_opt_outs else "",
        refused=refused,
        missing=missing,
    ), status


def _typed_responses(addresses: dict[str, int]) -> tuple[dict[str, Fraction], dict[int, str]]:
    """Read what was typed per neighbourhood: the fractions, and by place what is wrong with the others."""
    typed: dict[str, Fraction] = {}
    wrong: dict[int, str] = {}
    for place, name in enumerate(addresses, start=1):
        if (text := request.args.get(f"respons-{place}", "").strip()) and len(addresses) <= RESPONSES_MOST:
            try:
                typed[name] = read_percentage(text)
            except PercentageWrong as error:
                wrong[place] = say(error)
    return typed, wrong


def _count(form: LettersForm, addresses: dict[str, int], typed: dict[str, Fraction]) -> LettersNeeded:
    whole = share_seats(form.seats.data, addresses, typed, otherwise=form.response.data)
    groups = []
    if form.group_seats.data:
        share, response = form.group_share.data, form.group_response.data
        groups = [Group(_("de zeldzaamste groep"), share, form.group_seats.data, response)]
    return letters_needed(whole, groups)

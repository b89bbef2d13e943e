"""Import a list of people: check all of it, show it, and only then give seats."""

from flask import Response, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from pb.core.errors import NotFound
from pb.panel import actions, queries
from pb.panel.forms import ImportForm
from pb.panel.rules.keeping import FileKind
from pb.panel.rules.people_file import PeopleFile, read_people
from pb.panel.rules.repeats import find_repeats
from pb.panel.views.blueprint import card_key, views, whole
from pb.panel.views.taking import Taking, seen_then, take_list
from pb.people.login import my_name_for_the_journal
from pb.people.rules import Role
from pb.rounds.queries import area_of_round, round_facts
from pb.web.clock import now
from pb.web.doors import staff
from pb.web.pages import page
from pb.web.transaction import reading, writing

ROWS_SHOWN = 8
# As Dutch spreadsheets save a list: a byte order mark, semicolons, CR LF. Nobody in it exists.
EXAMPLES = {
    FileKind.PEOPLE: (
        "naam;e-mail;telefoon;herkomst",
        "Voorbeeld Een;een@voorbeeld.example;06 00000001;netwerk",
        "Voorbeeld Twéé;;;ambassadeur",
        "Voorbeeld Drie;drie@voorbeeld.example;;ervaring",
    ),
    FileKind.ADDRESSES: (
        "straat;huisnummer;huisletter;toevoeging;postcode;plaats;buurt;gebruiksdoel;status",
        "Voorbeeldstraat;1;;;1234 AB;Voorbeeldstad;Noord;woonfunctie;Naamgeving uitgegeven",
        "Voorbeeldstraat;3;A;;1234 AB;Voorbeeldstad;Noord;woonfunctie;Naamgeving uitgegeven",
        "Voorbeeldplein;12;;bis;1234 AC;Voorbeeldstad;Zuid;woonfunctie;Naamgeving uitgegeven",
    ),
}
EXAMPLE_NAMES = {FileKind.PEOPLE: "voorbeeld-mensen.csv", FileKind.ADDRESSES: "voorbeeld-adressen.csv"}


@views.get("/werk/panel/<name>")
@staff(Role.AREA_MANAGER)
def example(name: str) -> Response:
    """Give a list to fill in, as spreadsheets save it."""
    kinds = [kind for kind, known in EXAMPLE_NAMES.items() if known == name]
    if not kinds:
        raise NotFound()
    answer = make_response("\ufeff" + "".join(f"{row}\r\n" for row in EXAMPLES[kinds[0]]))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@views.route("/werk/ronde/<int:round_id>/panel/lijst", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def upload_people(round_id: int) -> ResponseReturnValue:
    """Take in a list of people, and check all of it."""
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
    return take_list(
        facts, Taking(FileKind.PEOPLE, read_people, "panel/upload_people.html", "panel.confirm_people")
    )


@views.route(
    "/werk/ronde/<int:round_id>/panel/lijst/<string(length=64):file_sha256>", methods=["GET", "POST"]
)
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def confirm_people(round_id: int, file_sha256: str) -> ResponseReturnValue:
    """Show a checked list, and give its people a seat after a yes."""
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        if queries.imported_at(session, round_id=round_id, kind=FileKind.PEOPLE, file_sha256=file_sha256):
            return _seats_given(round_id, None)
        kept = queries.upload(
            session, round_id=round_id, kind=FileKind.PEOPLE, file_sha256=file_sha256, now=now()
        )
        sitting = queries.sitting(session, round_id=round_id)
        highest = queries.highest_number(session, round_id=round_id)
    file = read_people(kept.content, file_name=kept.file_name)
    form = ImportForm(highest_seen=str(highest))
    seen = seen_then(form.highest_seen, highest)
    if form.validate_on_submit() and seen == highest:
        with writing() as session:
            given = actions.import_people(
                session,
                round_id=round_id,
                file=file,
                left_out_rows={whole(row) for row in request.form.getlist("leave_out")},
                highest_seen=seen,
                card_key=card_key(),
                who=my_name_for_the_journal(),
                now=now(),
            )
        return _seats_given(round_id, given)
    panel_changed = form.is_submitted() and seen != highest
    return page(
        "panel/confirm_people.html",
        round=facts,
        form=form,
        file=file,
        rows=file.people[:ROWS_SHOWN],
        odd_letters=_odd_letters(file),
        repeats=find_repeats(file.people, sitting),
        panel_changed=panel_changed,
    ), 409 if panel_changed else (422 if form.is_submitted() else 200)


def _odd_letters(file: PeopleFile) -> list[str]:
    """Give names from which people see whether the letters were guessed right."""
    return [person.name for person in file.people if not person.name.isascii()][:5]


def _seats_given(round_id: int, given: int | None) -> ResponseReturnValue:
    if given is None:
        flash(_("Deze lijst was al ingelezen. Er is niets dubbel gedaan."))
    else:
        flash(
            ngettext(
                "De lijst is ingelezen: er is %(num)s stoel bij.",
                "De lijst is ingelezen: er zijn %(num)s stoelen bij.",
                given,
            )
        )
    return redirect(url_for("panel.seats", round_id=round_id))

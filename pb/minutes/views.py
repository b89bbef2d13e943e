"""The minutes: to read, to print, to check."""

from datetime import datetime

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pb.divide.afterwards import when_confirmed
from pb.evening.queries import area_of_evening, evening_facts
from pb.evening.queries.seals import seals
from pb.evening.views.base import HOSTS, settings
from pb.minutes.document import document
from pb.minutes.export import export_head, export_lines
from pb.minutes.queries import minutes
from pb.minutes.rules import check_settled
from pb.people.actions import post
from pb.people.login import my_name_for_the_journal
from pb.people.queries import staff_emails
from pb.people.rules import Role
from pb.rounds.queries import round_facts
from pb.store import journal
from pb.web.clock import now
from pb.web.doors import may, staff
from pb.web.mail import write_mail
from pb.web.pages import page
from pb.web.pdf import set_pdf
from pb.web.transaction import reading, store, writing

views = Blueprint("minutes", __name__)
READERS = (Role.FACILITATOR, Role.AREA_MANAGER, Role.OFFICER)
# Not the facilitator, who knows the names at the seats and must see counts only.
EXPORTERS = (Role.AREA_MANAGER, Role.RESEARCHER)
# Two mailboxes that the municipality's own administrators cannot both change unseen.
KEEP_THE_SEAL = (Role.FACILITATOR, Role.AREA_MANAGER)


@views.get("/avond/<int:evening_id>/verslag")
@staff(*READERS, area_of=area_of_evening)
def minutes_page(evening_id: int) -> ResponseReturnValue:
    """Show what happened so far, or the minutes once they stand."""
    with reading() as session:
        facts = minutes(session, evening_id=evening_id)
    return page(
        "minutes/minutes.html",
        facts=facts,
        evening=facts.evening,
        round=facts.round,
        paper=document(facts),
        may_lead=any(may(role, facts.round.area_id) for role in HOSTS),
        may_export=any(may(role, facts.round.area_id) for role in EXPORTERS),
    )


@views.get("/avond/<int:evening_id>/verslag.pdf")
@staff(*READERS, area_of=area_of_evening)
def minutes_pdf(evening_id: int) -> ResponseReturnValue:
    """Give the minutes on paper; never of amounts that are not what was recorded."""
    with reading() as session:
        facts = minutes(session, evening_id=evening_id)
    check_settled(stage=facts.evening.stage, practice=facts.evening.practice)
    if facts.differs:
        raise facts.differs.error
    return _download(set_pdf(document(facts)), "application/pdf", f"verslag-avond-{evening_id}.pdf")


@views.get("/avond/<int:evening_id>/uitvoer.json")
@staff(*EXPORTERS, area_of=area_of_evening)
def export_json(evening_id: int) -> ResponseReturnValue:
    """Give everything that happened, so that anyone can check it against the seal; who took it is noted."""
    with writing() as session:
        head = export_head(session, evening_id=evening_id)
        last_seq = evening_facts(session, evening_id=evening_id).seq
        journal.note(
            session, at=now(), who=my_name_for_the_journal(), what="export taken",
            subject=f"evening {evening_id}",
        )  # fmt: skip
    lines = export_lines(store().reading, evening_id=evening_id, head=head, last_seq=last_seq)
    return _download(lines, "application/json", f"uitvoer-avond-{evening_id}.json")


@when_confirmed
def mail_the_seal(session: Session, evening_id: int, now: datetime) -> None:
    """Put the seal of the end in two mailboxes, outside the database."""
    evening = evening_facts(session, evening_id=evening_id)
    if evening.practice:
        return
    area_id = round_facts(session, round_id=evening.round_id).area_id
    letter = write_mail(
        "minutes/mail/seal.txt",
        evening=evening,
        seal=seals(session, evening_id=evening_id).end,
        minutes=settings().base_url + url_for("minutes.minutes_page", evening_id=evening_id),
    )
    for address in staff_emails(session, roles=KEEP_THE_SEAL, area_id=area_id):
        post(session, to_email=address, subject=letter.subject, body=letter.body, now=now)


def _download(content: object, kind: str, name: str) -> Response:
    response = Response(content, content_type=kind)  # type: ignore[arg-type]
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

"""The dossier: what the panel reads at home, film first; one address for everybody who got it."""

import hmac
from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.evening import queries
from pb.evening.dossier import dossier_paper
from pb.evening.queries import EveningFacts
from pb.evening.rules.dossier_key import dossier_key
from pb.evening.views.base import HOSTS, settings, views
from pb.rounds.queries import RoundFacts, round_facts
from pb.web.doors import checked, staff
from pb.web.pages import page
from pb.web.pdf import set_pdf
from pb.web.transaction import reading


def _has_key(_session: Session, arguments: Mapping[str, Any]) -> None:
    key = _key(arguments["evening_id"])
    if not hmac.compare_digest(key.encode(), arguments["key"].encode()):
        raise NotFound()


@views.get("/avond/<int:evening_id>/dossier")
@staff(*HOSTS, area_of=queries.area_of_evening)
def dossier_desk(evening_id: int) -> ResponseReturnValue:
    """Show the address to send to the panel."""
    evening, round_ = _read(evening_id)
    return page(
        "evening/dossier_desk.html",
        evening=evening,
        round=round_,
        key=_key(evening_id),
        address=dossier_address(evening_id),
    )


@views.get("/avond/<int:evening_id>/dossier/<key>")
@checked("whoever has the address of the dossier", _has_key)
def dossier_page(evening_id: int, key: str) -> ResponseReturnValue:
    """Show the plans of an evening, film first."""
    evening, round_ = _read(evening_id)
    return _unlisted(make_response(page("evening/dossier.html", evening=evening, round=round_, key=key)))


@views.get("/avond/<int:evening_id>/dossier/<key>/boekje.pdf")
@checked("whoever has the address of the dossier", _has_key)
def dossier_pdf(evening_id: int, key: str) -> ResponseReturnValue:
    """Give the dossier on paper."""
    evening, round_ = _read(evening_id)
    made = set_pdf(dossier_paper(evening, round_, address=dossier_address(evening_id)))
    response = Response(made, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="avondboekje-{evening_id}.pdf"'
    return _unlisted(response)


def dossier_address(evening_id: int) -> str:
    """Give the whole address of the dossier, to send and to print."""
    return settings().base_url + url_for("evening.dossier_page", evening_id=evening_id, key=_key(evening_id))


def _key(evening_id: int) -> str:
    return dossier_key(settings().card_key.encode(), evening_id)


def _read(evening_id: int) -> tuple[EveningFacts, RoundFacts]:
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        return evening, round_facts(session, round_id=evening.round_id)


def _unlisted(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex"
    return response

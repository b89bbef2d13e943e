"""What the pages of letters, network and answers all tell first: what is asked, and how far it is."""

from typing import Any

from sqlalchemy.orm import Session

from pb.inviting import queries
from pb.inviting.rules.places import count_places
from pb.panel.rules.origins import Origin
from pb.rounds.queries import round_facts
from pb.web.clock import today


def standing(session: Session, round_id: int) -> dict[str, Any]:
    """Give the round, what it asks or None, whether people can answer, and places beside who says yes."""
    appeal = queries.appeal_or_none(session, round_id=round_id)
    all_yes = queries.counts(session, round_id=round_id).yes
    letters_yes = queries.counts(session, round_id=round_id, origin=Origin.LOT).yes
    return {
        "round": round_facts(session, round_id=round_id),
        "appeal": appeal,
        "is_open": appeal is not None and appeal.takes_answers_on(today()),
        "tally": count_places(appeal, letters_yes=letters_yes, network_yes=all_yes - letters_yes)
        if appeal
        else None,
    }

"""People who were invited and what they said, made up; written straight into the tables."""

from collections.abc import Sequence
from datetime import date, datetime

from pb.core.lot import lot_key
from pb.inviting import tables
from pb.inviting.rules.codes import (
    invitation_code,
    invitation_lookup,
    own_code,
    own_lookup,
    pool_code,
)
from pb.panel.rules.origins import Origin
from pb.store.engine import Store
from support.neighbourhood import NOW, Neighbourhood
from support.panel import KEY

GENDERS = ("vrouw", "man")
HOMES = ("huur", "koop")


def ask(
    store: Store, place: Neighbourhood, *, seats: int = 8, mode: str = "fixed", network_seats: int = 0,
    close: date = date(2027, 3, 1),
) -> None:  # fmt: skip
    """Write what the round asks: two features, with targets of half the seats each, two of leeway."""
    with store.writing() as session:
        session.add(
            tables.Appeal(
                round_id=place.round_id, seats=seats, mode=mode, network_seats=network_seats,
                asks="Kijk met elkaar naar plannen uit de wijk, en verdeel de pot.",
                meets="Dinsdag 6 april, 19.00 tot 21.30 uur, Buurthuis de Voorbeeld.",
                takes="Eén avond van tweeënhalf uur.", allowance_cents=2500,
                childcare="Er is oppas in het buurthuis.", phone="010 123 45 67",
                email="panel@gemeente.example", answers_close_on=close, delete_on=date(2027, 7, 1),
                made_at=NOW,
            )
        )  # fmt: skip
        for number, (name, values) in enumerate((("geslacht", GENDERS), ("woning", HOMES)), start=1):
            feature = tables.Feature(
                round_id=place.round_id, place=number, name=name, question=f"Wat is je {name}?",
                why="Zodat het panel op de wijk lijkt.", source="Voorbeeldcijfers 2025",
            )  # fmt: skip
            session.add(feature)
            session.flush()
            half = seats // 2
            session.add_all(
                tables.FeatureValue(
                    feature_id=feature.id, place=at, name=value, people=1000,
                    least=max(0, half - 2), most=half + 2,
                )
                for at, value in enumerate(values, start=1)
            )  # fmt: skip


def invite_yes(
    store: Store, place: Neighbourhood, count: int, *, origin: Origin = Origin.LOT, key: bytes = KEY,
    said: str = "yes", seed: str = "jaja", now: datetime = NOW,
) -> list[int]:  # fmt: skip
    """Invite this many people, each at an address of their own, who all answer; give the answers' ids."""
    made = []
    with store.writing() as session:
        features = session.query(tables.Feature).filter_by(round_id=place.round_id).order_by("place").all()
        values = {
            feature.id: session.query(tables.FeatureValue).filter_by(feature_id=feature.id).all()
            for feature in features
        }
        for number in range(count):
            invitation = tables.Invitation(
                round_id=place.round_id, origin=origin.value, code_hmac=f"new {seed} {origin} {number}",
                made_at=now, sent_at=now,
            )  # fmt: skip
            session.add(invitation)
            session.flush()
            code = invitation_code(key, invitation.id, 1)
            invitation.code_hmac = invitation_lookup(key, code)
            session.add(
                tables.InvitationPerson(
                    invitation_id=invitation.id,
                    name="" if origin is Origin.LOT else f"Voorbeeld {number + 1}",
                    address="" if origin is not Origin.LOT else f"Voorbeeldstraat {number + 1}, 1234 AB Stad",
                    address_key=f"{seed} {number}" if origin is Origin.LOT else None,
                )
            )  # fmt: skip
            answer = tables.Answer(
                round_id=place.round_id, invitation_id=invitation.id, said=said,
                code=f"n{number}{origin}{seed}"[:16],
                own_hmac=f"new {seed} {origin} {number}", channel="page", said_at=now,
            )  # fmt: skip
            session.add(answer)
            session.flush()
            answer.code = pool_code(key, answer.id)
            answer.own_hmac = own_lookup(key, own_code(key, answer.id))
            if said == "yes":
                session.add(
                    tables.AnswerPerson(
                        answer_id=answer.id, name=f"Voorbeeld {origin} {number + 1}",
                        email=f"{origin}{seed}{number + 1}@post.example", phone=f"06123{number:05d}",
                    )
                )  # fmt: skip
                for feature in features:
                    choices = values[feature.id]
                    at = int(lot_key(f"{seed} {feature.name}", str(number)), 16) % (len(choices) + 1)
                    # One in as many as there are values would rather not say, but not more than one in ten.
                    value = choices[at % len(choices)] if number % 10 else None
                    session.add(
                        tables.AnswerFeature(
                            answer_id=answer.id, feature_id=feature.id, value_id=value.id if value else None
                        )
                    )
            made.append(answer.id)
    return made


def codes_of(invitation_ids: Sequence[int], *, key: bytes = KEY) -> list[str]:
    """Give the codes on these letters."""
    return [invitation_code(key, invitation_id, 1) for invitation_id in invitation_ids]

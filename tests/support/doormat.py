"""Letters on the doormat that nobody answered yet, and the questions to answer; made up."""

from dataclasses import dataclass

from pb.inviting import tables
from pb.inviting.rules.codes import invitation_code, invitation_lookup
from pb.panel.rules.origins import Origin
from pb.store.engine import Store
from support.neighbourhood import NOW, Neighbourhood
from support.panel import KEY


@dataclass(frozen=True)
class FoundLetter:
    """A letter in somebody's hands."""

    id: int
    code: str


def send_letter(
    store: Store, place: Neighbourhood, *, key: bytes = KEY, origin: Origin = Origin.LOT, name: str = "",
    phone: str = "", number: int = 1, gone: bool = False,
) -> FoundLetter:  # fmt: skip
    """Send a letter to an address, or to somebody of the network."""
    with store.writing() as session:
        row = tables.Invitation(
            round_id=place.round_id, origin=origin.value, code_hmac=f"new letter {origin} {number}",
            made_at=NOW, sent_at=NOW, gone_at=NOW if gone else None,
        )  # fmt: skip
        session.add(row)
        session.flush()
        code = invitation_code(key, row.id, 1)
        row.code_hmac = invitation_lookup(key, code)
        session.add(
            tables.InvitationPerson(
                invitation_id=row.id, name=name, phone=phone,
                address="" if name else f"Voorbeeldstraat {number}, 1234 AB Stad",
            )
        )  # fmt: skip
        return FoundLetter(row.id, code)


def features_asked(store: Store, place: Neighbourhood) -> dict[str, tuple[int, dict[str, int]]]:
    """Give per feature its id and the ids of its values, by name."""
    with store.reading() as session:
        found = session.query(tables.Feature).filter_by(round_id=place.round_id).order_by("place")
        return {
            row.name: (
                row.id,
                {v.name: v.id for v in session.query(tables.FeatureValue).filter_by(feature_id=row.id)},
            )
            for row in found
        }

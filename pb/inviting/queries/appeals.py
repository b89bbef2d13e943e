"""Read what a round asks, with its features and targets."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.inviting import tables
from pb.inviting.rules.appeal import Appeal, Feature, Mode, Value


def appeal(session: Session, *, round_id: int) -> Appeal:
    """Give what a round asks. Raises: NotFound, as long as nothing was written."""
    found = appeal_or_none(session, round_id=round_id)
    if found is None:
        raise NotFound()
    return found


def appeal_or_none(session: Session, *, round_id: int) -> Appeal | None:
    """Give what a round asks, or None as long as nothing was written."""
    row = session.get(tables.Appeal, round_id)
    if row is None:
        return None
    return Appeal(
        round_id=row.round_id, seats=row.seats, mode=Mode(row.mode), network_seats=row.network_seats,
        one_per_address=row.one_per_address, least_age=row.least_age, asks=row.asks, meets=row.meets,
        takes=row.takes, allowance_cents=row.allowance_cents, childcare=row.childcare, phone=row.phone,
        email=row.email, answers_close_on=row.answers_close_on, delete_on=row.delete_on, version=row.version,
        frozen_at=row.frozen_at, deleted_at=row.deleted_at, features=_features(session, round_id),
    )  # fmt: skip


def _features(session: Session, round_id: int) -> tuple[Feature, ...]:
    asked = sa.select(tables.Feature).where(tables.Feature.round_id == round_id)
    features = list(session.scalars(asked.order_by(tables.Feature.place, tables.Feature.id)))
    values: dict[int, list[Value]] = {feature.id: [] for feature in features}
    for row in session.scalars(
        sa.select(tables.FeatureValue)
        .where(tables.FeatureValue.feature_id.in_(values))
        .order_by(tables.FeatureValue.place, tables.FeatureValue.id)
    ):
        values[row.feature_id].append(Value(row.id, row.name, row.people, row.least, row.most))
    return tuple(
        Feature(row.id, row.name, row.question, row.why, row.source, tuple(values[row.id]))
        for row in features
    )

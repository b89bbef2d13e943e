"""Add, change and take away the features that a round asks for, with their targets."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.inviting import queries
from pb.inviting.rules.appeal import Feature as FeatureFacts
from pb.inviting.rules.asking import AppealFrozen
from pb.inviting.rules.asking_features import (
    FEATURES_MOST,
    FeatureAnswered,
    FeatureChanged,
    FeaturesFull,
    FeatureTwice,
    NewFeature,
    NewValue,
    ValueChosen,
    check_feature,
    new_of,
    seen_mark,
)
from pb.inviting.tables import AnswerFeature, Appeal, Feature, FeatureValue
from pb.panel.actions.filling import hold_round
from pb.store import journal
from pb.store.journal import Actor


def add_feature(session: Session, *, round_id: int, new: NewFeature, who: Actor, now: datetime) -> int:
    """Add a feature at the end; give its id.

    Raises: NotFound without an appeal, AppealFrozen, FeaturesFull, FeatureTwice, what check_feature raises.
    """
    appeal = _open_appeal(session, round_id)
    features = queries.appeal(session, round_id=round_id).features
    if len(features) >= FEATURES_MOST:
        raise FeaturesFull(most=FEATURES_MOST)
    _refuse_twice(features, new.name, None)
    check_feature(new, appeal.seats)
    last = session.scalar(sa.select(sa.func.max(Feature.place)).where(Feature.round_id == round_id)) or 0
    row = Feature(
        round_id=round_id, place=last + 1, name=new.name, question=new.question, why=new.why,
        source=new.source,
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add_all(_rows(row.id, new.values))
    _note(session, "feature added", round_id, row.id, who, now)
    return row.id


def change_feature(
    session: Session, *, round_id: int, feature_id: int, seen: str, new: NewFeature, who: Actor, now: datetime
) -> None:
    """Change a feature, its answers and targets; ``seen`` marks what was looked at.

    Answers that people chose keep their name and stay.
    Raises: NotFound, AppealFrozen, FeatureChanged, FeatureTwice, ValueChosen, what check_feature raises.
    """
    appeal = _open_appeal(session, round_id)
    features = queries.appeal(session, round_id=round_id).features
    before = next((new_of(one) for one in features if one.id == feature_id), None)
    if before is None:
        raise NotFound()
    if seen_mark(before) != seen:
        raise FeatureChanged()
    _refuse_twice(features, new.name, feature_id)
    check_feature(new, appeal.seats)
    if new == before:
        return
    row = session.get_one(Feature, feature_id)
    row.name, row.question, row.why, row.source = new.name, new.question, new.why, new.source
    _write_values(session, feature_id, before.values, new.values)
    _note(session, "feature changed", round_id, feature_id, who, now)


def remove_feature(session: Session, *, round_id: int, feature_id: int, who: Actor, now: datetime) -> None:
    """Take a feature away that nobody answered. Raises: NotFound, AppealFrozen, FeatureAnswered."""
    _open_appeal(session, round_id)
    row = session.get(Feature, feature_id)
    if row is None or row.round_id != round_id:
        raise NotFound()
    people = answered(session, feature_ids=[feature_id])[feature_id]
    if people:
        raise FeatureAnswered(name=row.name, people=people)
    session.execute(sa.delete(FeatureValue).where(FeatureValue.feature_id == feature_id))
    session.delete(row)
    _note(session, "feature removed", round_id, feature_id, who, now)


def answered(session: Session, *, feature_ids: Sequence[int]) -> dict[int, int]:
    """Count who answered each feature, also who would rather not say."""
    rows = session.execute(
        sa.select(AnswerFeature.feature_id, sa.func.count())
        .where(AnswerFeature.feature_id.in_(feature_ids))
        .group_by(AnswerFeature.feature_id)
    )
    counted = {int(feature_id): int(count) for feature_id, count in rows}
    return {feature_id: counted.get(feature_id, 0) for feature_id in feature_ids}


def chosen(session: Session, *, feature_id: int) -> Mapping[int, int]:
    """Count who chose each answer of a feature, by the id of the answer; none that nobody chose."""
    rows = session.execute(
        sa.select(AnswerFeature.value_id, sa.func.count())
        .where(AnswerFeature.feature_id == feature_id, AnswerFeature.value_id.is_not(None))
        .group_by(AnswerFeature.value_id)
    )
    return {int(value_id): count for value_id, count in rows if value_id is not None}


def _open_appeal(session: Session, round_id: int) -> Appeal:
    hold_round(session, round_id)
    row = session.get(Appeal, round_id)
    if row is None:
        raise NotFound()
    if row.frozen_at is not None:
        raise AppealFrozen()
    return row


def _refuse_twice(features: Sequence[FeatureFacts], name: str, own_id: int | None) -> None:
    if any(one.name.casefold() == name.casefold() and one.id != own_id for one in features):
        raise FeatureTwice(name=name)


def _write_values(
    session: Session, feature_id: int, before: Sequence[NewValue], after: Sequence[NewValue]
) -> None:
    """Keep the rows of answers with the same name; a name may only change where nobody chose it."""
    by_id = {value.id: value for value in before}
    if any(value.id is not None and value.id not in by_id for value in after):
        raise FeatureChanged()
    kept = {value.id for value in after if value.id is not None and by_id[value.id].name == value.name}
    people = chosen(session, feature_id=feature_id)
    for value in before:
        if value.id is not None and value.id not in kept and value.id in people:
            raise ValueChosen(value=value.name, people=people[value.id])
    gone = [value.id for value in before if value.id not in kept]
    session.execute(sa.delete(FeatureValue).where(FeatureValue.id.in_(gone)))
    for place, value in enumerate(after, start=1):
        if value.id in kept:
            row = session.get_one(FeatureValue, value.id)
            row.place, row.people, row.least, row.most = place, value.people, value.least, value.most
        else:
            session.add(_row(feature_id, place, value))
    session.flush()


def _rows(feature_id: int, values: Sequence[NewValue]) -> list[FeatureValue]:
    return [_row(feature_id, place, value) for place, value in enumerate(values, start=1)]


def _row(feature_id: int, place: int, value: NewValue) -> FeatureValue:
    return FeatureValue(
        feature_id=feature_id, place=place, name=value.name, people=value.people, least=value.least,
        most=value.most,
    )  # fmt: skip


def _note(session: Session, what: str, round_id: int, feature_id: int, who: Actor, now: datetime) -> None:
    session.flush()
    journal.note(session, at=now, who=who, what=what, subject=f"appeal {round_id}", feature_id=feature_id)

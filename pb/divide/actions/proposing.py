"""Start dividing when everything is decided: ask everybody's own division first, or compute at once."""

from datetime import datetime

from sqlalchemy.orm import Session

from pb.decide.queries import recorded
from pb.decide.rules.panel_decides import NotAllDecided
from pb.divide.actions.computing import compute
from pb.divide.queries import asks_own_divisions, division_exists, own_divisions
from pb.divide.rules.own import NobodyDivided
from pb.evening.actions.events import hold
from pb.evening.actions.moving import move_to, tell
from pb.evening.queries import evening_facts
from pb.evening.rules.steps import Stage
from pb.store import journal
from pb.store.journal import Actor


def propose(session: Session, *, evening_id: int, who: Actor, now: datetime, close_own: bool = False) -> None:
    """Go to dividing, or with ``close_own`` stop taking own divisions and compute from them.

    Where the frozen rule asks what people would give, dividing begins without amounts. Pressing twice is
    one press. Raises: NotAllDecided, MovedMeanwhile when the evening is not at deciding, NobodyDivided.
    """
    hold(session, evening_id)
    evening = evening_facts(session, evening_id=evening_id)
    if evening.stage is Stage.DONE or division_exists(session, evening_id=evening_id):
        return
    if evening.stage is Stage.DIVIDE:
        if not close_own:
            return
        if not own_divisions(session, evening_id=evening_id):
            raise NobodyDivided()
        _show(session, evening_id, who, now)
        return
    decided = recorded(session, evening_id=evening_id)
    if len(decided) < len(evening.items):
        raise NotAllDecided()
    move_to(session, evening_id=evening_id, from_stage=Stage.DECIDE, to_stage=Stage.DIVIDE, who=who, now=now)
    anything = any(one.yes for one in decided.values())
    if anything and asks_own_divisions(session, rule_set_id=evening.rule_set_id):
        tell(session, evening_id=evening_id, kind="own_opened", who=who, now=now)
        journal.note(session, at=now, who=who, what="own divisions opened", subject=f"evening {evening_id}")
        return
    _show(session, evening_id, who, now)


def _show(session: Session, evening_id: int, who: Actor, now: datetime) -> None:
    record = compute(session, evening_id=evening_id, who=who, now=now)
    journal.note(
        session,
        at=now,
        who=who,
        what="division computed",
        subject=f"evening {evening_id}",
        sha256=record.sha256,
        total_cents=record.total_cents,
        leftover_cents=record.leftover_cents,
    )

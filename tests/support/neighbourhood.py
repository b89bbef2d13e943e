"""A made-up neighbourhood: an area, staff with every role, a round. Nobody in it exists."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.people import actions as people
from pb.people.rules import Role
from pb.rounds import actions as rounds
from pb.rounds.rules import Call, Majority, Preset
from pb.store.base import Table
from pb.store.engine import Store
from pb.store.journal import Actor, account
from support.today import NOW as NOW
from support.today import real_today, today

PASSWORD = "een lang wachtwoord"


@dataclass(frozen=True)
class Neighbourhood:
    """Ids of what was made."""

    area_id: int
    other_area_id: int
    round_id: int
    staff: dict[Role, int]

    def who(self, role: Role) -> Actor:
        """Name a member of staff as the journal does."""
        return account(self.staff[role])


def email_of(role: Role, area: str = "wijk") -> str:
    """Give the address that this role logs in with."""
    return f"{role.value.replace('_', '-')}@{area}.example"


def call(**changes: object) -> Call:
    """Give a call that can be opened, with changes."""
    base: dict[str, object] = {
        "pot_cents": 7_500_000,
        "cap_cents": 3_000_000,
        "plans_open_on": date(2026, 1, 1),
        # Open for a server with the real clock as well.
        "plans_close_on": max(today(60), real_today(60)),
        "residents_decide": "Welke plannen geld krijgen, en hoeveel.",
        "residents_do_not_decide": "De pot en het maximum per plan.",
    }
    return Call(**(base | changes))  # type: ignore[arg-type]


def hire_everyone(store: Store) -> None:
    """Give an empty installation an area and staff of every role, and nothing else."""
    with store.writing() as session:
        area_id = people.add_area(session, name="Voorbeeldwijk", now=NOW)
        for role in Role:
            _hire(session, email_of(role), role, area_id)


def settle(store: Store, *, open_round: bool = True) -> Neighbourhood:
    """Make the neighbourhood; staff of 'andere-wijk' have the same roles elsewhere."""
    with store.writing() as session:
        area_id = people.add_area(session, name="Voorbeeldwijk", now=NOW)
        other_area_id = people.add_area(session, name="Andere wijk", now=NOW)
        staff = {role: _hire(session, email_of(role), role, area_id) for role in Role}
        for role in Role:
            _hire(session, email_of(role, "andere-wijk"), role, other_area_id)
        round_id = rounds.make_round(
            session,
            area_id=area_id,
            name="Voorbeeldronde",
            summary="",
            call=call(),
            who=account(staff[Role.AREA_MANAGER]),
            now=NOW,
        )
        if open_round:
            rounds.open_round(
                session,
                round_id=round_id,
                version=1,
                majority=Majority.MORE_THAN_HALF,
                preset=Preset.EQUAL,
                who=account(staff[Role.AREA_MANAGER]),
                now=NOW,
            )
    return Neighbourhood(area_id, other_area_id, round_id, staff)


_written: dict[str, tuple[Neighbourhood, dict[sa.Table, list[dict[str, Any]]]]] = {}


def settle_again(store: Store) -> Neighbourhood:
    """Make the same neighbourhood in an empty database, from the rows that it had the first time."""
    kind = store.engine.dialect.name
    if kind not in _written:
        made = settle(store)
        with store.reading() as session:
            rows = {
                table: [dict(row) for row in session.execute(sa.select(table)).mappings()]
                for table in Table.metadata.sorted_tables
            }
        _written[kind] = made, {table: found for table, found in rows.items() if found}
        return made
    made, rows = _written[kind]
    with store.writing() as session:
        for table, found in rows.items():
            session.execute(sa.insert(table), found)
        if kind == "postgresql":
            used = [
                sa.func.setval(f"{table.name}_id_seq", max(row["id"] for row in found))
                for table, found in rows.items()
                if "id" in table.c and table.c.id.autoincrement and isinstance(table.c.id.type, sa.Integer)
            ]
            session.execute(sa.select(*used))
    return made


_hashed: dict[str, str] = {}


def _hire(session: Session, email: str, role: Role, area_id: int) -> int:
    account_id = people.add_account(session, email=email, name=f"Proef {role.value}", password=None, now=NOW)
    # One hash for all: argon2 is slow on purpose.
    from pb.people.tables import Account

    if "hash" not in _hashed:
        from argon2 import PasswordHasher

        _hashed["hash"] = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    session.get_one(Account, account_id).password_hash = _hashed["hash"]
    people.give_role(session, account_id=account_id, role=role, area_id=area_id, now=NOW)
    return account_id

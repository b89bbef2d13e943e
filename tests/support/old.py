"""A full evening in a database of the first release, in the shape that the first release wrote.

The evening is held today and then written down in the old way: only the tables and columns of migration 0001,
taps whose facts did not yet name the scoring they were meant for, their chain, and the stored answers that
stood in a table of their own.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import pb.tables  # noqa: F401
from config import ROOT
from pb.core.canonical import canonical
from pb.core.codes import receipt_code
from pb.evening.rules.chain import link_hash
from pb.store.base import Table
from pb.store.engine import Store

FIRST = "0001"
Rows = list[dict[str, Any]]
Content = dict[str, Rows]


def migrate_to(store: Store, revision: str, folder: Path = ROOT / "migrations") -> None:
    """Bring a database to a revision, with the migrations of a folder."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    with store.engine.execution_options(writing=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def read_all(store: Store, columns: dict[str, list[str]] | None = None) -> Content:
    """Read every row of every table, or only of these tables and columns, in the order of their keys."""
    found: Content = {}
    with store.reading() as session:
        for table in Table.metadata.sorted_tables:
            if columns is not None and table.name not in columns:
                continue
            wanted = [
                column for column in table.columns if columns is None or column.name in columns[table.name]
            ]
            rows = session.execute(sa.select(*wanted).order_by(*table.primary_key.columns)).all()
            found[table.name] = [dict(zip((one.name for one in wanted), row, strict=True)) for row in rows]
    return found


def old_columns(store: Store) -> dict[str, list[str]]:
    """Give the columns of each table as this database has them."""
    inspector = sa.inspect(store.engine)
    return {
        name: [column["name"] for column in inspector.get_columns(name)]
        for name in inspector.get_table_names()
        if name != "alembic_version"
    }


def write_down_as_before(store: Store, content: Content) -> Rows:
    """Write this content into a database of the first release, and give the answers that were stored."""
    columns = old_columns(store)
    receipts = _as_before(content)
    with store.engine.execution_options(writing=True).begin() as connection:
        for table in Table.metadata.sorted_tables:
            rows = content.get(table.name, [])
            if table.name not in columns:
                assert not rows, f"the first release knew no {table.name}"
                continue
            kept = [column for column in table.columns if column.name in columns[table.name]]
            plain = sa.table(table.name, *(sa.column(column.name, column.type) for column in kept))
            if rows:
                names = [column.name for column in kept]
                connection.execute(sa.insert(plain), [{name: row[name] for name in names} for row in rows])
        receipt = sa.table(
            "evening_receipt", *(sa.column(name) for name in ("op", "device_id", "request_sha256", "answer"))
        )
        if receipts:
            connection.execute(sa.insert(receipt), receipts)
    return receipts


def _as_before(content: Content) -> Rows:
    """Change events into what the first release wrote, and make the answers that it stored beside them."""
    devices = {row["seat_id"]: row["id"] for row in content["evening_device"]}
    receipts: Rows = []
    stands: dict[tuple[int, int], int | None] = {}
    for evening in content["evening_evening"]:
        head = ""
        for event in _of(content["evening_event"], evening["id"]):
            facts = json.loads(event["facts"])
            if event["kind"] in ("scored", "overtaken"):
                for name in ("v", "stands"):
                    facts.pop(name, None)
            event["facts"] = canonical(facts).decode()
            head = link_hash(head, event["seq"], event["at"], event["kind"], event["facts"])
            event["hash"] = head
            if event["kind"] in ("scored", "overtaken"):
                receipts.append(_receipt(event, facts, devices[facts["seat"]], stands))
        evening["head"] = head
    return receipts


def _of(events: Sequence[dict[str, Any]], evening_id: int) -> Rows:
    return sorted((one for one in events if one["evening_id"] == evening_id), key=lambda one: int(one["seq"]))


def _receipt(
    event: dict[str, Any], facts: dict[str, Any], device_id: int, stands: dict[tuple[int, int], int | None]
) -> dict[str, Any]:
    place = (facts["item"], facts["seat"])
    overtaken = event["kind"] == "overtaken"
    if not overtaken:
        stands[place] = facts["score"]
    answer = {
        "status": "overtaken" if overtaken else "stored",
        "item": facts["item"],
        "score": stands.get(place) if overtaken else facts["score"],
        "n": facts["n"],
        "seq": event["seq"],
        "receipt": receipt_code(bytes.fromhex(event["hash"][:16])),
    }
    return {
        "op": facts["op"], "device_id": device_id, "request_sha256": "0" * 64,
        "answer": canonical(answer).decode(),
    }  # fmt: skip

"""Run migrations on the database of the settings, or on a connection that is handed over."""

import sqlalchemy as sa
from alembic import context

import pb.tables  # noqa: F401
from pb.store.base import Table, UtcTime
from pb.store.engine import Store


def render(kind: str, thing: object, _context: object) -> str | bool:
    """Write our own column types as what the database holds."""
    if kind == "type" and isinstance(thing, UtcTime):
        return "sa.DateTime(timezone=True)"
    return False


def same_type(
    _context: object, _inspected: object, _metadata: object, inspected: object, wanted: object
) -> bool | None:
    """Compare types, except where SQLite keeps whole numbers of every size alike."""
    if isinstance(inspected, sa.Integer) and isinstance(wanted, sa.Integer):
        return False
    return None


def run(connection: sa.Connection) -> None:
    """Run what is missing, each migration whole or not at all."""
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        render_item=render,
        compare_type=same_type,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


handed_over = context.config.attributes.get("connection")
if handed_over is not None:
    run(handed_over)
else:
    from config import settings_from

    with Store(settings_from().database_url).engine.begin() as connection:
        run(connection)

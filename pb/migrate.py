"""Bring a database to the version of this code."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from config import ROOT
from pb.store.engine import Store


def migrate(store: Store) -> None:
    """Run the migrations that this database has not had yet, all of them or none."""
    with store.engine.execution_options(writing=True).begin() as connection:
        command.upgrade(_config(connection), "head")


def behind(store: Store) -> bool:
    """Say whether the database still needs a migration."""
    with store.engine.connect() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
    return at != ScriptDirectory.from_config(_config(None)).get_current_head()


def draft(store: Store, message: str) -> None:
    """Write a new migration from the difference between the tables and this database."""
    with store.engine.begin() as connection:
        command.revision(_config(connection), message=message, autogenerate=True)


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["connection"] = connection
    return config

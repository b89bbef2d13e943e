"""The command that brings in a past round."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
from jinja2 import Environment, FileSystemLoader

from config import ROOT
from pb.core.errors import Broken
from pb.core.money import euros
from pb.people.actions import add_area
from pb.plans.importing import import_round
from pb.plans.rules.pabulib import read_pabulib
from pb.store.engine import Store
from pb.store.journal import SYSTEM


@click.command("import-pb")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--area", default=None, help="Area of the round; the file's own when left out.")
@click.option("--name", default=None, help="Name of the round; the file's own when left out.")
@click.pass_obj
def import_pb(store: Callable[[], Store], file: Path, area: str | None, name: str | None) -> None:
    """Make an open round out of a past round in a Pabulib file (.pb)."""
    now = datetime.now(UTC)
    try:
        past = read_pabulib(file.read_bytes())
        with store().writing() as session:
            area_id = add_area(session, name=(area or past.unit)[:120], now=now)
            round_id = import_round(session, file=past, area_id=area_id, name=name, who=SYSTEM, now=now)
    except Broken as error:
        click.echo(f"beslisavond: {file.name}: {_sentence(error)}", err=True)
        sys.exit(2)
    for warning in past.warnings:
        click.echo(f"{file.name}: {_sentence(warning)}", err=True)
    click.echo(f"round {round_id}: {len(past.projects)} plans")


def _sentence(error: Broken) -> str:
    """Give the sentence that people read on a page, here as plain text."""
    words = Environment(loader=FileSystemLoader(ROOT / "templates"), extensions=["jinja2.ext.i18n"])  # noqa: S701
    words.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    words.filters["euros"] = euros
    room, _, what = error.code.partition(".")
    return words.get_template(f"{room}/broken/{what}.html").render(facts=error.facts).strip()

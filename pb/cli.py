"""The command line: everything that is not done in a browser."""

import secrets
import sys
from datetime import UTC, datetime

import click

from config import BadSetting, Settings, settings_from
from pb import demo
from pb import migrate as migrations
from pb.backup.command import backup, restore
from pb.core.errors import NotFound
from pb.divide.cases import allocate
from pb.divide.recompute.command import main as compute_again
from pb.panel.actions import forget_old_uploads
from pb.people import actions as people
from pb.people.mail import send_waiting
from pb.people.rules import Role
from pb.plans.commands import import_pb
from pb.public.mirror import evenings_came, evenings_to_come
from pb.rehearse.command import rehearse
from pb.sortition.forgetting_command import forget_what_is_due
from pb.sortition.lottery.command import draw, draw_chances
from pb.store.engine import Store


@click.group()
@click.pass_context
def main(context: click.Context) -> None:
    """Beslisavond from the command line."""
    context.obj = _store


@main.command("demo")
@click.option("--if-empty", is_flag=True, help="Only fill a database in which nobody works yet.")
def make_demo(if_empty: bool) -> None:
    """Fill the made-up round "Voorbeeldwijk" and print how to try it; not for production."""
    settings = _settings()
    if not settings.development:
        click.echo("beslisavond: the demo is for PB_MODE=development only", err=True)
        sys.exit(2)
    store, now = _store(), datetime.now(UTC)
    if if_empty:
        demo.fill_if_empty(store, settings=settings, now=now)
    else:
        with store.writing() as session:
            demo.fill(session, settings=settings, now=now)
    with store.reading() as session:
        try:
            tries = demo.addresses_to_try(session, settings=settings)
        except NotFound:
            return
    click.echo("")
    for what, address in tries:
        click.echo(f"  {what:<16} {address}")
    click.echo("")
    for email, name, _role in demo.STAFF:
        click.echo(f"  {name:<16} {email}   password: {demo.PASSWORD}")
    click.echo("")


@main.command("migrate")
def migrate() -> None:
    """Bring the database to the version of this code."""
    store = _store()
    migrations.migrate(store)
    click.echo(store.describe())


@main.command("make-key")
def make_key() -> None:
    """Print a new secret for PB_SECRET_KEY or PB_CARD_KEY."""
    click.echo(secrets.token_urlsafe(48))


@main.command("send-mail")
def send_mail() -> None:
    """Send the mails that still wait, for example from a timer."""
    settings = _settings()
    sent = send_waiting(
        _store(), smtp_url=settings.smtp_url, mail_from=settings.mail_from, now=datetime.now(UTC)
    )
    click.echo(f"{sent} mails sent")


@main.command("tidy")
def tidy() -> None:
    """Throw away lists that nobody used within a day, and forget what is due, from a timer at night."""
    store, now = _store(), datetime.now(UTC)
    with store.writing() as session:
        lists = forget_old_uploads(session, now=now)
    click.echo(f"{lists} lists thrown away")
    if rounds := forget_what_is_due(store, evenings=evenings_came, to_come=evenings_to_come, now=now):
        click.echo(f"answers of {rounds} rounds forgotten")


@main.command("forget")
def forget() -> None:
    """Forget who answered, in every round whose day has come; tidy does this too, every night."""
    rounds = forget_what_is_due(
        _store(), evenings=evenings_came, to_come=evenings_to_come, now=datetime.now(UTC)
    )
    click.echo(f"answers of {rounds} rounds forgotten")


@main.command("add-account")
@click.argument("email")
@click.option("--name", default="", help="Name that colleagues see.")
@click.option("--role", "roles", multiple=True, type=click.Choice([role.value for role in Role]))
@click.option("--area", default=None, help="Area of the roles; everywhere when left out.")
@click.password_option()
def add_account(email: str, name: str, roles: tuple[str, ...], area: str | None, password: str) -> None:
    """Make an account for a member of staff."""
    now = datetime.now(UTC)
    with _store().writing() as session:
        area_id = people.add_area(session, name=area, now=now) if area else None
        account_id = people.add_account(session, email=email, name=name, password=password, now=now)
        for role in roles:
            people.give_role(session, account_id=account_id, role=Role(role), area_id=area_id, now=now)
    click.echo(f"account {account_id}")


@main.command("recompute")
@click.argument("file")
def recompute(file: str) -> None:
    """Compute a published outcome again from its file (uitslag.json), and compare."""
    sys.exit(compute_again([file]))


main.add_command(backup)
main.add_command(restore)
main.add_command(import_pb)
main.add_command(allocate)
main.add_command(draw)
main.add_command(draw_chances)
main.add_command(rehearse)


def _settings() -> Settings:
    try:
        return settings_from()
    except BadSetting as problem:
        click.echo(f"beslisavond: {problem}", err=True)
        sys.exit(2)


def _store() -> Store:
    return Store(_settings().database_url)

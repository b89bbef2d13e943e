"""The command that rehearses an evening."""

import sys
from datetime import UTC, datetime
from statistics import quantiles

import click

from pb import demo
from pb.core.dates import amsterdam_date
from pb.core.money import euros
from pb.rehearse.browser import UnexpectedAnswer
from pb.rehearse.evening import Logins, Rehearsal, Report


@click.command("rehearse")
@click.option("--base-url", required=True, help="A running server, for example http://127.0.0.1:8000")
@click.option("--round", "round_id", required=True, type=int, help="An open round with plans that are ready.")
@click.option("--people", required=True, type=click.IntRange(1, 2000), help="How many phones.")
@click.option("--manager", default=demo.STAFF[0][0], show_default=True, help="E-mail of an area manager.")
@click.option("--facilitator", default=demo.STAFF[1][0], show_default=True, help="E-mail of a facilitator.")
@click.option("--finance", default=demo.STAFF[3][0], show_default=True, help="E-mail of finance.")
@click.option("--password", envvar="PB_REHEARSE_PASSWORD", default=demo.PASSWORD, help="Their password.")
@click.option("--seed", default="repetitie", show_default=True, help="Chooses where people stand.")
def rehearse(
    base_url: str, round_id: int, people: int, manager: str, facilitator: str, finance: str, password: str,
    seed: str,
) -> None:  # fmt: skip
    """Play a whole evening over HTTP, through the same pages that people use."""
    rehearsal = Rehearsal(
        base_url=base_url,
        round_id=round_id,
        people=people,
        logins=Logins(manager, facilitator, finance, password),
        seed=seed,
        today=amsterdam_date(datetime.now(UTC)),
        say=lambda words: click.echo(words, err=True),
    )
    try:
        report = rehearsal.play()
    except (UnexpectedAnswer, OSError) as problem:
        click.echo(f"beslisavond: the rehearsal stopped: {problem}", err=True)
        sys.exit(1)
    finally:
        rehearsal.close()
    _print(report, people)
    if report.csv_cents != report.decided_cents:
        sys.exit(1)


def _print(report: Report, people: int) -> None:
    click.echo(f"\nDecided ({len(report.decisions)} plans, {people} people)")
    for title, said in report.decisions:
        click.echo(f"  {'yes' if said == 'ja' else 'no ':<4} {title}")
    click.echo("\nDivided")
    for title, cents in report.amounts:
        click.echo(f"  {euros(cents):>12}  {title}")
    click.echo(f"  {euros(report.decided_cents):>12}  together, as decided")
    click.echo("\nExported")
    click.echo(f"  betaallijst.csv   {report.csv_rows} rows, {euros(report.csv_cents)}")
    click.echo(f"  betaallijst.xlsx  {report.xlsx_bytes} bytes")
    equal = "equals" if report.csv_cents == report.decided_cents else "DOES NOT EQUAL"
    click.echo(f"  the payment list {equal} the decision to the cent")
    click.echo("\nTook")
    for name, seconds in report.steps:
        click.echo(f"  {seconds:7.2f} s  {name}")
    cuts = quantiles(report.score_seconds, n=20)
    click.echo(
        f"\n  {len(report.score_seconds)} scores, each sent twice; the first answer took "
        f"{cuts[9] * 1000:.0f} ms (median), {cuts[18] * 1000:.0f} ms (p95); {report.requests} requests in all"
    )

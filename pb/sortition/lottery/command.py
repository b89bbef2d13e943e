"""The commands of the draw by lot: draw and draw-chances. What checks a draw needs nothing of this."""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pb.core.errors import BadInput, Broken
from pb.panel.rules.draw import check_seed

if TYPE_CHECKING:
    from pb.sortition.lottery.foreseeing import Prospect

PANELS_MOST = 100_000


def _inputs(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that both commands share."""
    for option in reversed(
        [
            click.option("--people", required=True, help="CSV with id, features and address of who applied."),
            click.option("--features", required=True, help="CSV with feature, value, min, max."),
            click.option("--invited", default=None, help="CSV like --people, of invited people."),
            click.option("--mode", default=None, type=click.Choice(["fixed", "nominated"])),
            click.option(
                "--invited-seats", default=None, help="Seats for nominated people; a third of them."
            ),
            click.option("--seats", required=True, help="Size of the whole panel, invited people included."),
            click.option("--household", multiple=True, help="Column (or columns) that make an address."),
            click.option("--letters", default=None, help="Letters sent, to tell how many more it takes."),
        ]
    ):
        command = option(command)
    return command


@click.command("draw")
@_inputs
@click.option("--panels", default="1000", show_default=True, help="How many numbered panels to make.")
@click.option("--seed", default="", help="Words that count in the lot; the frozen pool counts anyway.")
@click.option("--draw-id", default="", help="Name of this draw; made of what is frozen when left out.")
@click.option("--salt-key", default="", help="Secret that seals the features.")
@click.option("--auditor", default=None, help="Also write the pack for auditors, with features and salts.")
@click.option("--out", required=True, help="File for the public pack.")
def draw(
    letters: str | None, panels: str, seed: str, draw_id: str, salt_key: str, auditor: str | None, out: str,
    **asked: object,
) -> None:  # fmt: skip
    """Make numbered panels that all fit the targets, and freeze them in a pack."""
    with _Refusals():
        # The solver takes a third of a second to load, so only who draws loads it.
        from pb.sortition.lottery.drawing import freeze
        from pb.sortition.lottery.files import Asked, read_draw, read_number, write_whole
        from pb.sortition.rules.pack import Terms

        count = read_number(panels, "panels", most=PANELS_MOST)
        sent = None if letters is None else read_number(letters, "letters", most=10**8)
        if seed:
            check_seed(seed)
        if draw_id:
            check_seed(draw_id)
        whole, seated, told = read_draw(Asked(**asked))  # type: ignore[arg-type]
        terms = Terms(
            panels=count, seed=seed, draw=draw_id, mode=str(asked["mode"] or "none"),
            household=bool(asked["household"]), salt_key=salt_key,
        )  # fmt: skip
        drawn = freeze(whole, seated, terms, letters=sent)
        files = [(Path(out), drawn.frozen.public)]
        if auditor is not None:
            files.append((Path(auditor), drawn.frozen.auditor))
        write_whole(files)
        _warn((*told, *drawn.doubts))
        click.echo(f"sha256 {drawn.frozen.sha256}")


@click.command("draw-chances")
@_inputs
@click.option("--panels", "_panels", default=None, help="Not needed: the chances come before any panel.")
@click.option("--seed", "_seed", default=None, help="Not needed either.")
def draw_chances(letters: str | None, _panels: object, _seed: object, **asked: object) -> None:
    """Print what the targets do before anything is drawn, as JSON."""
    with _Refusals():
        from pb.sortition.lottery.files import Asked, read_draw, read_number
        from pb.sortition.lottery.foreseeing import foresee

        sent = None if letters is None else read_number(letters, "letters", most=10**8)
        _, seated, told = read_draw(Asked(**asked))  # type: ignore[arg-type]
        prospect = foresee(seated.pool, letters=sent)
        doubts = (*told, *seated.doubts, *prospect.doubts)
        click.echo(json.dumps(_summary(prospect, doubts), ensure_ascii=False, indent=1).encode())


def _summary(prospect: "Prospect", doubts: Iterable[BadInput]) -> dict[str, object]:
    from pb.sortition.lottery.sentences import sentence_of_binding, sentences_of

    chances, binding = prospect.chances, prospect.binding
    told: dict[str, object] | None = None
    if binding is not None:
        fraction = _as_seats(chances.lowest, binding.people, binding.seats)
        percent = f"{float(chances.lowest) * 100:.1f}".replace(".", ",")
        told = {
            "feature": binding.feature or None, "value": binding.value or None, "kind": binding.cause.value,
            "people": binding.people, "seats": binding.seats,
            "targets": [list(target) for target in binding.targets],
            "sentence": sentence_of_binding(binding, fraction, percent),
        }  # fmt: skip
    bound = chances.bound
    return {
        "seats_drawn": prospect.pool.seats,
        "people": len(prospect.pool.people),
        "lowest": round(float(chances.lowest), 12),
        "highest": round(float(chances.highest), 12),
        "average": round(float(prospect.average), 12),
        "lowest_fraction": str(chances.lowest),
        "highest_fraction": str(chances.highest),
        "bound_fraction": None if bound is None else str(bound.limit),
        "binding": told,
        "without_chance": list(chances.without_chance()),
        "always": list(chances.always()),
        "warnings": [line for doubt in doubts for line in sentences_of(doubt)],
    }


def _as_seats(lowest: Fraction, people: int, seats: int) -> str:
    return f"{seats}/{people}" if lowest * people == seats else str(lowest)


class _Refusals:
    """End with status 2 and a plain sentence when something is refused."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, broken: BaseException | None, trace: object) -> None:
        if isinstance(broken, Broken):
            _say(_sentences(broken))
            sys.exit(2)


def _warn(doubts: Iterable[BadInput]) -> None:
    _say(f"Let op: {line}" for doubt in doubts for line in _sentences(doubt))


def _sentences(broken: Broken) -> list[str]:
    from pb.sortition.lottery.sentences import sentences_of

    return sentences_of(broken)


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line.encode(), err=True)


def main(arguments: Sequence[str]) -> int:
    """Run one of the commands without loading the rest of the app, and give its exit status."""
    known = {command.name: command for command in (draw, draw_chances)}
    try:
        known[arguments[0]].main(args=list(arguments[1:]), prog_name=arguments[0], standalone_mode=False)
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 1
    return 0

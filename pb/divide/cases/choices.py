"""Run cases that fold a score log, or choose whole plans from ballots."""

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from pb.core.errors import BadInput
from pb.decide.rules import Move, last_positions
from pb.decide.rules.strict import UnknownId, WrongKind, listing, mapping, name, record, shown, text, whole
from pb.divide.cases.inputs import read_move
from pb.divide.cases.pabulib import Election, read_election
from pb.divide.rules import SelectConfig, select

Record = Mapping[str, object]


class NoDataFolder(BadInput):
    """Refuse to look for a .pb file when nobody said in which folder."""

    code = "divide.no-data-folder"


def prepare_log(given: Record, _: Path | None) -> list[Move]:
    """Read the moves of a score log."""
    found = record(given, "input", required=("events",))
    return listing(found["events"], "input.events", read_move)


def work_log(moves: Sequence[Move], config: Record) -> dict[str, object]:
    """Fold a score log up to the moment it was frozen."""
    freeze = record(config, "config", optional=("freeze_seq",)).get("freeze_seq")
    positions = last_positions(moves, None if freeze is None else whole(freeze, "config.freeze_seq"))
    return {"scores": positions.scores, "abstentions": positions.abstentions}


def prepare_select(given: Record, data_dir: Path | None) -> Election:
    """Read an election, from the case itself or from a .pb file in the data folder."""
    if "pb_file" in given:
        found = record(given, "input", required=("pb_file",))
        try:
            return read_election(_inside(data_dir, text(found["pb_file"], "input.pb_file")))
        except BadInput as broken:
            inside = broken.facts.get("field")
            if inside != "input.pb_file":
                broken.facts["field"] = f"input.pb_file ({inside})" if inside else "input.pb_file"
            raise
    found = record(given, "input", required=("costs", "budget", "ballots"))
    costs = {
        name(plan_id, "input.costs"): whole(cost, f"input.costs.{shown(plan_id)}")
        for plan_id, cost in mapping(found["costs"], "input.costs").items()
    }
    ballots = listing(found["ballots"], "input.ballots", lambda item, at: _ballot(item, at, costs))
    return Election(budget=whole(found["budget"], "input.budget"), costs=costs, ballots=ballots)


def _ballot(value: object, field: str, costs: Mapping[str, int]) -> dict[str, int]:
    found = mapping(value, field)
    for plan_id in found:
        if plan_id not in costs:
            raise UnknownId(field=field, found=shown(plan_id))
    return {plan_id: whole(points, f"{field}.{plan_id}") for plan_id, points in found.items()}


def _inside(data_dir: Path | None, given: str) -> Path:
    """Find a file in the data folder, and nowhere else."""
    if data_dir is None:
        raise NoDataFolder(field="input.pb_file")
    path = PurePosixPath(given)
    if path.is_absolute() or ".." in path.parts or "\0" in given or not path.parts:
        raise WrongKind(field="input.pb_file", expected="a path inside the data folder", found=shown(given))
    return data_dir / path


def work_select(election: Election, config: Record) -> dict[str, object]:
    """Choose whole plans."""
    settings = SelectConfig.from_json(config, "config")
    chosen = select(election.costs, election.ballots, election.budget, settings)
    return {
        "selected": chosen,
        "total_cost": sum(election.costs[plan_id] for plan_id in chosen),
        "budget": election.budget,
    }

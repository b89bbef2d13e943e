"""Run a case: the same rules as on an evening, on what stands in a file."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path

from pb.core.errors import Broken
from pb.decide.rules.strict import listing, mapping, name, record, text, word
from pb.divide.cases.choices import prepare_log, prepare_select, work_log, work_select
from pb.divide.cases.evenings import (
    prepare_decide,
    prepare_evening,
    prepare_year,
    work_decide,
    work_evening,
    work_year,
)
from pb.divide.cases.ranked import Ranked, work_amend, work_divide

Record = Mapping[str, object]

# The name of the run in a refusal of the input that all runs share.
EVERY_RUN = None


class Kind(StrEnum):
    """What a case asks for."""

    SCORE_LOG = "score_log"
    DECIDE = "decide"
    DIVIDE = "divide"
    AMEND = "amend"
    EVENING = "evening"
    YEAR = "year"
    SELECT = "select"


def run_case(case: object, data_dir: Path | None = None) -> dict[str, object]:
    """Run every run of a case.

    Shape: ``{"id": …, "runs": [{"name": …, "result": {…}}]}``, results with the keys of ``expected``.
    Raises: BadInput; its facts name the field, and the run when it is in one.
    """
    found = record(
        case,
        "",
        required=("id", "kind", "input", "runs"),
        optional=("visibility", "title", "tests", "checked_with"),
    )
    case_id = name(found["id"], "id")
    kind = word(found["kind"], "kind", Kind)
    given = mapping(found["input"], "input")
    runs = listing(found["runs"], "runs", _run)
    prepare, work = _KINDS[kind]
    try:
        shared = prepare(given, data_dir) if not runs or any(_shares(kind, run) for _, run in runs) else None
    except Broken as broken:
        broken.facts["run"] = EVERY_RUN
        raise
    results: list[dict[str, object]] = []
    for run_name, config in runs:
        try:
            prepared, settings = shared, config
            if not _shares(kind, config):
                other = mapping(config["override"], "config.override")
                prepared = prepare({**given, **other}, data_dir)
                settings = {key: value for key, value in config.items() if key != "override"}
            results.append({"name": run_name, "result": work(prepared, settings)})
        except Broken as broken:
            broken.facts["run"] = run_name
            raise
    return {"id": case_id, "runs": results}


def _shares(kind: Kind, config: Record) -> bool:
    """Say whether a run takes the input as it is; only some kinds may replace keys of it."""
    return "override" not in config or kind not in (Kind.DIVIDE, Kind.AMEND)


def _run(value: object, field: str) -> tuple[str, Record]:
    found = record(value, field, required=("name", "config"), optional=("expected",))
    return text(found["name"], f"{field}.name"), mapping(found["config"], f"{field}.config")


_KINDS: Mapping[Kind, tuple[Callable[..., object], Callable[..., dict[str, object]]]] = {
    Kind.SCORE_LOG: (prepare_log, work_log),
    Kind.DECIDE: (prepare_decide, work_decide),
    Kind.DIVIDE: (Ranked, work_divide),
    Kind.AMEND: (Ranked, work_amend),
    Kind.EVENING: (prepare_evening, work_evening),
    Kind.YEAR: (prepare_year, work_year),
    Kind.SELECT: (prepare_select, work_select),
}

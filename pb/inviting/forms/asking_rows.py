"""The rows of answers of a feature, as they are typed: nothing that was typed is lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from pb.core.errors import BadInput
from pb.inviting.rules.asking_features import (
    VALUES_MOST,
    NewFeature,
    NewValue,
    ValueMissing,
    ValueTwice,
    check_bounds,
    check_values,
    read_count,
    read_value_name,
    second_of_a_pair,
)
from pb.inviting.rules.shares import Bounds, check_sums
from pb.web.say import say


@dataclass
class ValueRow:
    """Hold one answer as it was typed, and what is wrong with it, by column."""

    number: int
    id: int | None = None
    name: str = ""
    people: str = ""
    least: str = ""
    most: str = ""
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        return not (self.name or self.people or self.least or self.most)


def rows_of(feature: NewFeature) -> list[ValueRow]:
    """Show the answers of a feature to be changed."""

    def text(count: int | None) -> str:
        return "" if count is None else str(count)

    return [
        ValueRow(place, one.id, one.name, text(one.people), text(one.least), text(one.most))
        for place, one in enumerate(feature.values, start=1)
    ]


def typed_rows(form: "MultiDict[str, str]") -> list[ValueRow]:
    """Read the rows of answers as they were typed, also blank ones."""
    rows: list[ValueRow] = []
    for number in range(1, VALUES_MOST + 2):
        if f"naam-{number}" not in form:
            continue
        typed = {
            name: " ".join(form.get(f"{prefix}-{number}", "").split())[:100]
            for name, prefix in (("name", "naam"), ("people", "mensen"), ("least", "min"), ("most", "max"))
        }
        id_text = form.get(f"id-{number}", "")
        value_id = int(id_text) if id_text.isascii() and id_text.isdigit() and len(id_text) < 18 else None
        rows.append(
            ValueRow(len(rows) + 1, value_id, typed["name"], typed["people"], typed["least"], typed["most"])
        )
    return rows


def read_values(rows: list[ValueRow], seats: int) -> tuple[NewValue, ...] | None:
    """Read all rows but blank ones, and say at each what is wrong with it; None when anything is."""
    used = [row for row in rows if not row.is_blank]
    values = []
    for row in used:
        counts: dict[str, int | None] = {}
        for name in ("people", "least", "most"):
            try:
                counts[name] = read_count(getattr(row, name), name)
            except BadInput as broken:
                row.wrong[name] = say(broken)
        try:
            name = read_value_name(row.name)
            if not name:
                raise ValueMissing()
        except BadInput as broken:
            row.wrong["name"] = say(broken)
        if not row.wrong:
            value = NewValue(name, counts["people"], counts["least"], counts["most"], row.id)
            try:
                check_bounds(value.name, value.bounds, seats)
            except BadInput as broken:
                row.wrong["least" if broken.facts.get("bound") != "most" else "most"] = say(broken)
            values.append(value)
    twice = second_of_a_pair([row.name for row in used])
    if twice is not None:
        first, second = (used[place] for place in twice)
        repeated = ValueTwice(value=second.name, row=second.number, first_row=first.number)
        second.wrong.setdefault("name", say(repeated))
    return None if any(row.wrong for row in rows) else tuple(values)


def whole_set_wrong(name: str, values: tuple[NewValue, ...], seats: int) -> str:
    """Say what is wrong with the answers together, or nothing."""
    try:
        check_values(values)
        check_sums(name, [value.bounds for value in values], seats)
    except BadInput as broken:
        return say(broken)
    return ""


def fill_targets(rows: list[ValueRow], bounds: Mapping[int, Bounds]) -> None:
    """Put computed targets in the rows, by number."""
    for row in rows:
        if row.number in bounds:
            row.least, row.most = str(bounds[row.number].least), str(bounds[row.number].most)

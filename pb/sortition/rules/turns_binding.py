"""What keeps the lowest chance low, read back from the proof in a pack: no feature of anybody is needed."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import cast

from pb.sortition.rules.binding import Binding, Cause

Facts = Mapping[str, object]


def binding_of_proof(pack: Facts) -> Binding | None:
    """Say which targets the weights of the proof stand on, and how many people share how many seats.

    None without a proof, when nobody has a chance, and where people had a seat before: what is left of the
    targets beside them is not told to everyone.
    """
    proof = cast("Facts | None", pack.get("proof"))
    lowest = Fraction(str(pack["lowest"]))
    if proof is None or not lowest or pack["invited"]:
        return None
    weights = [
        (tuple(cast(Sequence[object], one["on"])), Fraction(str(one["weight"])))
        for one in cast(Sequence[Facts], proof["weights"])
    ]
    seats = cast(int, pack["seats_drawn"])
    lines = {
        (str(line["feature"]), str(line["value"])): line for line in cast(Sequence[Facts], pack["targets"])
    }
    targets = [((str(on[1]), str(on[2])), weight) for on, weight in weights if on[0] == "target"]
    named = tuple(key for key, _weight in targets)
    can = len(cast(Mapping[str, object], pack["people"])) - len(cast(Sequence[str], pack["without_chance"]))
    if len(targets) == len(weights) == 1 and targets[0][1] > 0:
        most = cast(int, lines[named[0]]["most"])
        people = Fraction(most) / lowest
        if people.denominator == 1:
            return Binding(Cause.MOST, int(people), most, *named[0], most)
    if not targets and all(on[0] == "seats" for on, _weight in weights) and seats == lowest * can:
        return Binding(Cause.SEATS, can, seats)
    if len(targets) == 1 and targets[0][1] < 0 and {on[0] for on, _weight in weights} == {"target", "seats"}:
        least = cast(int, lines[named[0]]["least"])
        others = Fraction(seats - least) / lowest
        if others.denominator == 1:
            return Binding(Cause.LEAST_OF_OTHERS, int(others), seats - least, *named[0], least)
    first = named[0] if named else ("", "")
    return Binding(Cause.TOGETHER, can, seats, *first, targets=named)

"""What people gave: scores with a name, and counts of people who stood on a figure."""

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass

from pb.core.errors import BadInput, Broken
from pb.decide.rules.config import GRADES, Missing

Histogram = tuple[int, int, int, int, int]
NOBODY: Histogram = (0, 0, 0, 0, 0)


class ScoreNotOnTheFloor(BadInput):
    """Refuse a score that is not a whole number from 1 to 5."""

    code = "decide.score-not-on-the-floor"


class MoreScoresThanPeople(Broken):
    """Refuse to count when a plan has more scores than there are people who may give one."""

    code = "decide.more-scores-than-people"


@dataclass(frozen=True, slots=True)
class PlanAsk:
    """Say what a plan asks, as far as deciding and dividing need to know it.

    Units: cents; a minimum of 0 means that any amount helps.
    ``order`` is the order of submission; ``submitters`` are all who may not score this plan.
    """

    plan_id: str
    order: int
    request_cents: int
    min_cents: int = 0
    theme: str | None = None
    submitters: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ballots:
    """Hold what was given to one plan: scores by person, and counts typed in from the floor.

    Shape: ``floor`` counts people without a name on 1, 2, 3, 4 and 5.
    """

    scores: Mapping[str, int]
    abstained: Collection[str] = frozenset()
    floor: Histogram = NOBODY
    floor_abstained: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """Count who could score, who did, and what they gave."""

    eligible: int
    abstained: int
    hist: Histogram

    @property
    def scorers(self) -> int:
        """Count the people who gave a score."""
        return sum(self.hist)

    def counted(self, missing: Missing) -> Histogram:
        """Give the scores that the rule counts: with or without a grade for who gave none."""
        ones, twos, threes, fours, fives = self.hist
        silent = self.eligible - self.scorers - self.abstained
        if missing is Missing.LOWEST:
            ones += silent
        elif missing is Missing.MIDDLE:
            threes += silent
        return ones, twos, threes, fours, fives


def tally(plan: PlanAsk, ballots: Ballots, present: Set[str], barred: Set[str], unnamed: int = 0) -> Tally:
    """Count the scores of the people who are present and not barred; all others change nothing.

    ``unnamed`` is how many people are in the room of whom nobody wrote down a name; the floor counts
    are theirs, or of people in ``present`` who gave no score by name. Who abstained has no score.
    Raises: ScoreNotOnTheFloor; MoreScoresThanPeople, when the floor was counted too high.
    """
    scores = ballots.scores
    barred_here = barred & present
    abstained = (present & set(ballots.abstained)) - barred_here
    hist = _histogram(plan, scores)
    outside = (scores.keys() - present) | (scores.keys() & barred_here) | (scores.keys() & abstained)
    for person in outside:
        hist[scores[person] - 1] -= 1
    for grade, people in enumerate(ballots.floor):
        hist[grade] += people
    found = Tally(
        eligible=len(present) + unnamed - len(barred_here),
        abstained=len(abstained) + ballots.floor_abstained,
        hist=(hist[0], hist[1], hist[2], hist[3], hist[4]),
    )
    if found.scorers + found.abstained > found.eligible:
        raise MoreScoresThanPeople(
            plan_id=plan.plan_id, scores=found.scorers + found.abstained, people=found.eligible
        )
    return found


def counted_scores(ballots: Ballots, present: Set[str], barred: Set[str]) -> dict[str, int]:
    """Give the scores by person that count."""
    silent = barred | set(ballots.abstained)
    return {
        person: score
        for person, score in ballots.scores.items()
        if person in present and person not in silent
    }


def _histogram(plan: PlanAsk, scores: Mapping[str, int]) -> list[int]:
    given = list(scores.values())
    # true counts as 1 and 4.0 as 4, unless the type is asked for.
    if not set(map(type, given)) <= {int}:
        raise ScoreNotOnTheFloor(plan_id=plan.plan_id)
    hist = [given.count(grade) for grade in GRADES]
    if sum(hist) != len(given):
        raise ScoreNotOnTheFloor(plan_id=plan.plan_id)
    return hist

"""The rules of deciding: which plans get money, and in which order they stand."""

from pb.decide.rules.ballots import (
    Ballots,
    Histogram,
    MoreScoresThanPeople,
    PlanAsk,
    ScoreNotOnTheFloor,
    Tally,
    counted_scores,
    tally,
)
from pb.decide.rules.config import Criterion, DecideConfig, Missing, Quorum, Rule, Veto
from pb.decide.rules.deciding import (
    Decisions,
    Outcome,
    Status,
    decide,
    outcome_of,
    quorum_of,
)
from pb.decide.rules.moves import Move, Positions, SameSequence, last_positions
from pb.decide.rules.ranking import Place
from pb.decide.rules.without_submitters import changed_by_submitters, decide_without_submitters

__all__ = [
    "Ballots",
    "Criterion",
    "DecideConfig",
    "Decisions",
    "Histogram",
    "Missing",
    "MoreScoresThanPeople",
    "Move",
    "Outcome",
    "Place",
    "PlanAsk",
    "Positions",
    "Quorum",
    "Rule",
    "SameSequence",
    "ScoreNotOnTheFloor",
    "Status",
    "Tally",
    "Veto",
    "changed_by_submitters",
    "counted_scores",
    "decide",
    "decide_without_submitters",
    "last_positions",
    "outcome_of",
    "quorum_of",
    "tally",
]

"""What a round is: a pot, a cap, a calendar, and rules that are frozen when it opens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pb.core.canonical import canonical, sha256_of
from pb.core.errors import BadInput, Broken

MOST_POT_CENTS = 10_000_000_000
RULES_FORMAT = "2026.1"


class RoundState(StrEnum):
    """A round is being made, is open (its rules frozen), or is closed."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Preset(StrEnum):
    """The ways to divide that a round chooses from, before its first evening.

    Each bears the name of its rule of dividing; the last is for who knows what it asks of an evening.
    """

    EQUAL = "equal"
    SAME_PERCENTAGE = "prop_request"
    TOP_DOWN = "greedy_full"
    TOGETHER = "trimmed_mean_proposals"
    EQUAL_SHARES = "mes"


class Majority(StrEnum):
    """How many of the people who scored must give a 4 or a 5."""

    MORE_THAN_HALF = "1/2"
    TWO_THIRDS = "2/3"


@dataclass(frozen=True)
class Call:
    """What residents can read before they make a plan. Units: cents; dates inclusive."""

    pot_cents: int
    cap_cents: int
    plans_open_on: date
    plans_close_on: date
    residents_decide: str
    residents_do_not_decide: str


@dataclass(frozen=True)
class FrozenRules:
    """Rules as canonical JSON with the hash that anyone can compute again."""

    text: str
    sha256: str


class CapAbovePot(BadInput):
    code = "rounds.cap-above-pot"


class PotOutOfBounds(BadInput):
    code = "rounds.pot-out-of-bounds"


class CloseBeforeOpen(BadInput):
    code = "rounds.close-before-open"


class NotDraft(Broken):
    code = "rounds.not-draft"


class ReasonMissing(BadInput):
    code = "rounds.reason-missing"


class ChangedMeanwhile(Broken):
    code = "rounds.changed-meanwhile"


class ScoringBegan(Broken):
    """Refuse to change rules under an evening that has begun."""

    code = "rounds.scoring-began"


def check_call(call: Call) -> None:
    """Refuse a call that could not be kept.

    Raises: PotOutOfBounds, CapAbovePot, CloseBeforeOpen.
    """
    check_pot(call.pot_cents)
    check_cap(call.cap_cents, call.pot_cents)
    check_calendar(call.plans_open_on, call.plans_close_on)


def check_pot(pot_cents: int) -> None:
    """Refuse an empty pot, and one that must be a typing error."""
    if not 0 < pot_cents <= MOST_POT_CENTS:
        raise PotOutOfBounds(most_cents=MOST_POT_CENTS)


def check_cap(cap_cents: int, pot_cents: int) -> None:
    """Refuse a cap of nothing or above the pot."""
    if not 0 < cap_cents <= pot_cents:
        raise CapAbovePot(pot_cents=pot_cents)


def check_calendar(plans_open_on: date, plans_close_on: date) -> None:
    """Refuse a calendar that closes before it opens."""
    if plans_close_on < plans_open_on:
        raise CloseBeforeOpen(opens_on=plans_open_on.isoformat())


def rules_for(call: Call, *, majority: Majority, preset: Preset) -> dict[str, object]:
    """Write down the rules of a round, complete, as they will be frozen.

    Source: defaults for deciding (majority of 4 and 5, half of those present, at least five) and for
    dividing (equal amounts, half of the ask guaranteed, whole euros) are explained in docs/rules.md.
    """
    return {
        "version": RULES_FORMAT,
        "pot": call.pot_cents,
        "cap": call.cap_cents,
        "plans_open_on": call.plans_open_on.isoformat(),
        "plans_close_on": call.plans_close_on.isoformat(),
        "decide": {
            "rule": "support",
            "min_grade": 4,
            "threshold": majority.value,
            "strict": majority is Majority.MORE_THAN_HALF,
            "quorum": {"fraction": "1/2", "min_scorers": 5, "count_abstain": False},
            "missing": "ignore",
            "exclude_submitters": True,
            "veto": None,
            "rank": ["support", "mean", "fewest_lowest", "lot"],
        },
        "divide": _divide(preset),
    }


def _divide(preset: Preset) -> dict[str, object]:
    """Write every setting of dividing, also those that this way does not look at.

    Whoever computes an outcome again then needs no default that may be another one by that time.
    """
    filled = preset in (Preset.EQUAL, Preset.SAME_PERCENTAGE)
    together = preset is Preset.TOGETHER
    by_everybody = preset is Preset.EQUAL_SHARES
    return {
        "rule": preset.value,
        "unit": 100,
        "min_policy": "floor",
        "guarantee": "1/2" if filled else "0/1",
        "on_no_fit": "skip",
        "rest_offer": filled,
        "partial": True,
        "score_weight": "mean_minus_1",
        "trim": "1/10",
        "fit": "down_only" if together else "scale",
        "earmarks": {},
        "earmark_spill": True,
        "exclude_own_proposal": True,
        "utility": [0, 0, 0, 1, 2],
        "utility_mode": "score",
        "completion": "add1_util" if by_everybody else "none",
        "increment": 100 if by_everybody else 1,
    }


def freeze(rules: Mapping[str, object]) -> FrozenRules:
    """Freeze rules: one way to write them, and the hash of that."""
    return FrozenRules(text=canonical(rules).decode(), sha256=sha256_of(rules))

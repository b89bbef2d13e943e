"""How large the outcome can stand on a big screen, so that the seal under it is never below the edge."""

from pb.divide.queries import DivisionFacts

# Heights of lines on a screen of 1280 by 720: large with names of two lines, or smaller with one line each.
ROOM = 510
YES, LONG_YES, NO, LONG_NO, REASON, GAP = 61, 101, 32, 61, 27, 14
SMALL_YES, TWO_SMALL_NO = 41, 29
LONG_NAME, LONG_REASON = 46, 80


def size_of_outcome(division: DivisionFacts) -> str:
    """Say how the lines of an outcome are set: as large as can be, ``many``, or ``many tight``."""
    yes = [line for line in division.lines if line.decided_yes]
    no = [line for line in division.lines if not line.decided_yes]
    reasons = sum(REASON * (1 + len(line.reason) // LONG_REASON) for line in yes if line.reason)
    large = sum(LONG_YES if len(line.plan.title) > LONG_NAME else YES for line in yes)
    large += sum(LONG_NO if len(line.plan.title) > LONG_NAME else NO for line in no)
    rest = reasons + (GAP if no else 0)
    if large + rest <= ROOM:
        return ""
    small = len(yes) * SMALL_YES + (len(no) + 1) // 2 * TWO_SMALL_NO
    return "many" if small + rest <= ROOM else "many tight"

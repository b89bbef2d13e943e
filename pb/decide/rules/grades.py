"""Sum up the scores of a plan in one exact number."""

from fractions import Fraction

from pb.decide.rules.ballots import Histogram


def mean_of(hist: Histogram) -> Fraction | None:
    """Give the average score; none when nobody scored."""
    scorers = sum(hist)
    return Fraction(sum(grade * people for grade, people in enumerate(hist, 1)), scorers) if scorers else None


def median_of(hist: Histogram) -> int | None:
    """Give the lower median: the grade of the person in the middle, or of the lower of the two."""
    middle = (sum(hist) - 1) // 2
    passed = 0
    for grade, people in enumerate(hist, 1):
        passed += people
        if people and passed > middle:
            return grade
    return None


def supporters_of(hist: Histogram, min_grade: int) -> int:
    """Count who gave this grade or a higher one."""
    return sum(hist[min_grade - 1 :])


def around_median(hist: Histogram) -> tuple[int, Fraction, Fraction] | None:
    """Give the lower median, and the parts of the scorers strictly above and strictly below it."""
    median = median_of(hist)
    if median is None:
        return None
    scorers = sum(hist)
    return median, Fraction(sum(hist[median:]), scorers), Fraction(sum(hist[: median - 1]), scorers)


def usual_judgment_of(hist: Histogram) -> Fraction | None:
    """Give the median, moved towards the side that more people stand on.

    Source: Fabre, *Tie-breaking the highest median*: a + (p - q) / 2(1 - p - q). The middle person stands
    on the median itself, so p + q < 1.
    """
    found = around_median(hist)
    if found is None:
        return None
    median, above, below = found
    return median + (above - below) / (2 * (1 - above - below))


def majority_gauge_of(hist: Histogram) -> tuple[int, Fraction] | None:
    """Give the median, with the part above it if that is larger, else minus the part below it.

    Source: Balinski and Laraki, *Majority Judgment*.
    """
    found = around_median(hist)
    if found is None:
        return None
    median, above, below = found
    return median, above if above > below else -below

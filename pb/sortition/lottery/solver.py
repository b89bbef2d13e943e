"""HiGHS, asked in one fixed way: one thread, a fixed seed, the same answer every time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import highspy
import numpy as np
from numpy.typing import NDArray

from pb.core.errors import Broken

INFINITE: Final = highspy.kHighsInf
Numbers = NDArray[np.float64]
Column = Sequence[int]


class SolverFailed(Broken):
    """Say that the solver gave no answer, or not within bounds. Facts: ``what``, for the journal."""

    code = "sortition.solver-failed"
    status = 503


@dataclass(slots=True)
class Rows:
    """Hold the rows of a model while they are gathered."""

    starts: list[int]
    places: list[int]
    weights: list[float]
    least: list[float]
    most: list[float]

    @classmethod
    def none(cls) -> "Rows":
        return cls([0], [], [], [], [])

    def add(self, places: Sequence[int], weights: Sequence[float], least: float, most: float) -> None:
        self.places.extend(places)
        self.weights.extend(weights)
        self.starts.append(len(self.places))
        self.least.append(least)
        self.most.append(most)


@dataclass(frozen=True, slots=True)
class Solved:
    """Hold an optimum: the value of each column, and the price of each row and column."""

    columns: Numbers
    row_prices: Numbers
    column_prices: Numbers


class Model:
    """Hold a programme that can be solved, changed and solved again from where it stood."""

    def __init__(
        self, costs: Sequence[float] | Numbers, least: Sequence[float] | Numbers,
        most: Sequence[float] | Numbers, rows: Rows, *, whole: Sequence[bool] | None = None,
    ) -> None:  # fmt: skip
        self.highs = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in (
            ("output_flag", False), ("threads", 1), ("parallel", "off"), ("random_seed", 0),
            ("primal_feasibility_tolerance", 1e-9), ("dual_feasibility_tolerance", 1e-9),
            ("mip_feasibility_tolerance", 1e-7),
        ):  # fmt: skip
            self.highs.setOptionValue(name, value)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(costs), len(rows.least)
        model.col_cost_ = np.asarray(costs, dtype=np.float64)
        model.col_lower_ = np.asarray(least, dtype=np.float64)
        model.col_upper_ = np.asarray(most, dtype=np.float64)
        model.row_lower_ = np.asarray(rows.least, dtype=np.float64)
        model.row_upper_ = np.asarray(rows.most, dtype=np.float64)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.asarray(rows.starts, dtype=np.int32)
        model.a_matrix_.index_ = np.asarray(rows.places, dtype=np.int32)
        model.a_matrix_.value_ = np.asarray(rows.weights, dtype=np.float64)
        self.whole = whole is not None
        if whole is not None:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            model.integrality_ = [kinds[bool(one)] for one in whole]
        self.highs.passModel(model)

    def choose(self, **options: float | str | bool) -> None:
        """Set options of the solver."""
        for name, value in options.items():
            self.highs.setOptionValue(name, value)

    def bound_column(self, place: int, least: float, most: float) -> None:
        self.highs.changeColBounds(place, least, most)

    def bound_row(self, place: int, least: float, most: float) -> None:
        self.highs.changeRowBounds(place, least, most)

    def price(self, place: int, cost: float) -> None:
        self.highs.changeColCost(place, cost)

    def solve(self) -> Solved | None:
        """Minimise; None when nothing fits.

        Raises: SolverFailed.
        """
        self.highs.run()
        status = self.highs.getModelStatus()
        known = highspy.HighsModelStatus
        if status in (known.kInfeasible, known.kUnboundedOrInfeasible):
            return None
        if status == known.kModelEmpty:
            return Solved(np.zeros(0), np.zeros(0), np.zeros(0))
        limited = self.whole and status == known.kSolutionLimit and self._has_solution()
        if status != known.kOptimal and not limited:
            raise SolverFailed(what=self.highs.modelStatusToString(status))
        found = self.highs.getSolution()
        return Solved(np.array(found.col_value), np.array(found.row_dual), np.array(found.col_dual))

    def _has_solution(self) -> bool:
        found = self.highs.getInfo().primal_solution_status
        return int(found) == int(highspy.SolutionStatus.kSolutionStatusFeasible)

"""The same divisions worked out a second time: slowly, with plain lists and exact fractions.

Nothing here comes from pb's own arithmetic: levels are found by trying every bend, phantoms by sorting
people and phantoms together, rounding by walking round a queue, equal shares person by person and step by
step. Only the words of the settings are shared.
"""

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from pb.decide.rules import PlanAsk
from pb.divide.rules import (
    Amendment,
    Completion,
    DivideConfig,
    Facts,
    Fit,
    MinPolicy,
    OnNoFit,
    Rule,
    UtilityMode,
)
from pb.divide.rules import ScoreWeight as By

Ids = Sequence[str]
Money = dict[str, Fraction]


def write(amount: Fraction) -> str:
    return f"{amount.numerator}/{amount.denominator}"


def divide_plainly(
    ranking: Ids,
    plans: Sequence[PlanAsk],
    config: DivideConfig,
    *,
    budget: int,
    cap: int | None,
    facts: Facts,
    locked: Mapping[str, int] | None = None,
) -> dict[str, object]:
    """Give what ``Division.to_json()`` gives."""
    return _Division(ranking, plans, config, budget, cap, facts, dict(locked or {})).result()


def turns_plainly(
    ranking: Ids,
    plans: Sequence[PlanAsk],
    config: DivideConfig,
    *,
    budget: int,
    cap: int | None,
    facts: Facts,
) -> dict[str, tuple[bool, int | None, int, str, int, int | None]]:
    """Give how it went when it was each plan's turn."""
    division = _Division(ranking, plans, config, budget, cap, facts, {})
    division.result()
    return division.turns


def amend_plainly(
    ranking: Ids,
    plans: Sequence[PlanAsk],
    config: DivideConfig,
    amendments: Sequence[Amendment],
    *,
    budget: int,
    cap: int | None,
    facts: Facts,
) -> dict[str, object]:
    """Give what ``AmendedDivision.to_json()`` gives."""
    before = divide_plainly(ranking, plans, config, budget=budget, cap=cap, facts=facts)
    locked: dict[str, int] = {}
    rejected = []
    for each in amendments:
        plan = next((one for one in plans if one.plan_id == each.plan_id and one.plan_id in ranking), None)
        tried = {**locked, each.plan_id: each.amount_cents}
        if each.reason.strip() == "":
            code = "reason_missing"
        elif plan is None:
            code = "not_decided"
        elif each.amount_cents < 0:
            code = "invalid_amount"
        elif each.amount_cents > plan.request_cents or (cap is not None and each.amount_cents > cap):
            code = "above_limit"
        elif each.amount_cents != 0 and each.amount_cents < plan.min_cents:
            code = "below_min"
        elif sum(tried.values()) > budget:
            code = "over_budget"
        else:
            locked = tried
            continue
        rejected.append({"plan": each.plan_id, "code": code})
    after = divide_plainly(ranking, plans, config, budget=budget, cap=cap, facts=facts, locked=locked)
    return {
        "computed": before["amounts"],
        "amounts": after["amounts"],
        "status": after["status"],
        "total": after["total"],
        "leftover": after["leftover"],
        "rejected": rejected,
    }


class _Division:
    def __init__(
        self,
        ranking: Ids,
        plans: Sequence[PlanAsk],
        config: DivideConfig,
        budget: int,
        cap: int | None,
        facts: Facts,
        locked: dict[str, int],
    ) -> None:
        self.ranking, self.config, self.budget, self.facts, self.locked = (
            list(ranking), config, budget, facts, locked,
        )  # fmt: skip
        self.plan = {plan.plan_id: plan for plan in plans}
        self.high = {
            each: self.plan[each].request_cents if cap is None else min(cap, self.plan[each].request_cents)
            for each in ranking
        }
        self.least = {each: self.plan[each].min_cents for each in ranking}
        self.low = {
            each: min(self.high[each], max(self.least[each], math.ceil(config.guarantee * self.high[each])))
            for each in ranking
        }
        self.able = [each for each in ranking if self.least[each] <= self.high[each] and self.high[each] > 0]
        self.status: dict[str, str] = {}
        self.amounts: dict[str, int] = dict.fromkeys(ranking, 0)
        self.exact: Money = {}
        self.level: Fraction | None = None
        self.order: list[str] | None = None
        # Per plan: kept, what was free and reserved, why, what an earmark gave, a share that was too small.
        self.turns: dict[str, tuple[bool, int | None, int, str, int, int | None]] = {}

    def result(self) -> dict[str, object]:
        self.set_apart()
        weights = self.weights()
        rank = [each for each in self.able if each not in self.locked]
        pot = self.budget - sum(self.locked.values())
        if self.config.rule is Rule.MES:
            self.buy(rank, pot)
        else:
            floors, unused = self.earmark(rank, pot, weights)
            if not self.config.earmark_spill:
                pot -= unused
            found = self.share(rank, pot, weights, floors)
            if self.config.rest_offer and self.config.rule is not Rule.GREEDY_FULL:
                self.offer(rank, pot, found)
            for each in rank:
                self.amounts[each], self.status[each] = found[each][0], found[each][1]
                if found[each][2] is not None:
                    self.exact[each] = found[each][2]
        total = sum(self.amounts.values())
        written: dict[str, object] = {
            "amounts": self.amounts,
            "exact": {each: write(amount) for each, amount in self.exact.items()},
            "status": self.status,
            "total": total,
            "leftover": self.budget - total,
            "lam": None if self.level is None else write(self.level),
        }
        if self.order is not None:
            written["order"] = self.order
        return written

    def set_apart(self) -> None:
        for each in self.ranking:
            if each in self.locked:
                self.amounts[each], self.status[each] = self.locked[each], "amended"
            elif self.least[each] > self.high[each]:
                self.status[each] = "min_above_cap"
            elif not self.high[each]:
                self.status[each] = "no_request"

    # -- weights ---------------------------------------------------------------------------------

    def weights(self) -> Money:
        rule = self.config.rule
        stats = self.facts.stats or {}
        if rule is Rule.PROP_REQUEST:
            return {each: Fraction(self.high[each]) for each in self.able}
        if rule in (Rule.PROP_SCORE, Rule.PROP_SCORE_REQUEST):
            points = {}
            for each in self.able:
                mean, support = stats[each].mean, stats[each].support
                number = support if self.config.score_weight is By.SUPPORT else mean
                assert number is not None
                points[each] = number - (self.config.score_weight is By.MEAN_MINUS_1)
                if rule is Rule.PROP_SCORE_REQUEST:
                    points[each] *= self.high[each]
            return points
        given = self.facts.proposals or {}
        if rule in (Rule.INDEPENDENT_MARKETS, Rule.PER_EURO):
            rows = [[given[person].get(each, 0) for person in given] for each in self.able]
            found = phantoms_at_every_bend(rows, len(given), self.budget, rule)
            return dict(zip(self.able, found, strict=True))
        if rule in (Rule.MEDIAN_PROPOSALS, Rule.MEAN_PROPOSALS, Rule.TRIMMED_MEAN_PROPOSALS):
            return {each: self.middle(each) for each in self.able}
        return dict.fromkeys(self.able, Fraction(1))

    def middle(self, each: str) -> Fraction:
        own = self.plan[each].submitters if self.config.exclude_own_proposal else ()
        given = self.facts.proposals or {}
        row = sorted(Fraction(given[person].get(each, 0)) for person in given if person not in own)
        if not row:
            return Fraction(0)
        if self.config.rule is Rule.MEDIAN_PROPOSALS:
            return Fraction(statistics.median(row))
        if self.config.rule is Rule.TRIMMED_MEAN_PROPOSALS:
            away = math.floor(self.config.trim * len(row))
            while away and len(row) > 2:
                row, away = row[1:-1], away - 1
        return Fraction(statistics.mean(row))

    # -- sharing ---------------------------------------------------------------------------------

    def earmark(self, rank: Ids, pot: int, weights: Money) -> tuple[dict[str, int], int]:
        floors: dict[str, int] = {}
        unused = 0
        for theme in sorted(self.config.earmarks):
            used = sum(cents for each, cents in self.locked.items() if self.plan[each].theme == theme)
            aside = min(max(self.config.earmarks[theme] - used, 0), pot)
            inside = [each for each in rank if self.plan[each].theme == theme]
            given = {each: one[0] for each, one in self.share(inside, aside, weights, {}).items()}
            floors.update({each: cents for each, cents in given.items() if cents})
            unused += aside - sum(given.values())
            pot -= aside
        self.level = None
        return floors, unused

    def share(
        self, rank: Ids, pot: int, weights: Money, floors: Mapping[str, int]
    ) -> dict[str, tuple[int, str, Fraction | None]]:
        if self.config.rule is Rule.GREEDY_FULL:
            return self.greedy(rank, pot, floors)
        if self.config.min_policy is MinPolicy.DROP:
            return self.drop(rank, pot, weights, floors)
        rest = pot - sum(floors.get(each, 0) for each in rank)
        kept: list[str] = []
        out: dict[str, str] = {}
        closed = False
        self.turns = {}
        for each in rank:
            floor = floors.get(each, 0)
            more = max(self.low[each], floor) - floor
            free = None if closed else rest
            goes = (more == 0 and bool(floor)) or (not closed and more <= rest)
            self.turns[each] = goes, free, more + floor, self.why(each, floor), floor, None
            if goes:
                kept.append(each)
                rest -= more
                continue
            out[each] = "earmark_only" if floor else "after_stop" if closed else "does_not_fit"
            closed = closed or self.config.on_no_fit is OnNoFit.STOP
        low = {each: max(self.low[each], floors.get(each, 0)) for each in kept}
        inside = pot - sum(floors.get(each, 0) for each in out)
        exact = self.level_out(kept, weights, low, inside)
        cents = self.round(kept, exact, low)
        found: dict[str, tuple[int, str, Fraction | None]] = {}
        for each in kept:
            found[each] = cents[each], self.how(each, cents[each], low[each]), exact[each]
        for each, status in out.items():
            floor = floors.get(each, 0)
            found[each] = floor, status, Fraction(floor) if floor else None
        return found

    def why(self, each: str, floor: int) -> str:
        if floor > self.low[each]:
            return "earmark"
        if self.low[each] > self.least[each]:
            return "guarantee"
        return "own_min" if self.least[each] else "nothing"

    def how(self, each: str, cents: int, low: int) -> str:
        if cents == self.high[each]:
            return "full"
        if cents == 0:
            return "zero"
        return "at_minimum" if cents == low else "share"

    def level_out(self, kept: Ids, weights: Money, low: Mapping[str, int], pot: int) -> Money:
        """Try every bend, and draw a straight line between the two around the pot."""

        def at(level: Fraction) -> Money:
            return {
                each: max(Fraction(low[each]), min(Fraction(self.high[each]), level * weights[each]))
                for each in kept
            }

        proposals = self.config.rule.value.endswith("_proposals") or self.config.rule in (
            Rule.INDEPENDENT_MARKETS, Rule.PER_EURO,
        )  # fmt: skip
        if proposals and self.config.fit is Fit.DOWN_ONLY and sum(at(Fraction(1)).values()) <= pot:
            self.level = Fraction(1)
            return at(self.level)
        tops = {each: Fraction(self.high[each] if weights[each] else low[each]) for each in kept}
        if sum(tops.values()) <= pot:
            self.level = None
            return tops
        bends = {Fraction(0)}
        for each in kept:
            if weights[each]:
                bends |= {low[each] / weights[each], self.high[each] / weights[each]}
        below = max(bend for bend in bends if sum(at(bend).values()) <= pot)
        above = min(bend for bend in bends if sum(at(bend).values()) > pot)
        start, end = sum(at(below).values()), sum(at(above).values())
        self.level = below + (above - below) * Fraction(pot - start) / (end - start)
        return at(self.level)

    def round(self, kept: Ids, exact: Money, low: Mapping[str, int]) -> dict[str, int]:
        unit = self.config.unit_cents
        cents: dict[str, int] = {}
        queue: list[str] = []
        for each in kept:
            if exact[each] == low[each] or exact[each] == self.high[each]:
                cents[each] = int(exact[each])
            else:
                cents[each] = max(math.floor(exact[each] / unit) * unit, low[each])
                queue.append(each)
        queue.sort(key=lambda each: exact[each] - cents[each], reverse=True)
        purse = math.floor(sum(exact.values())) - sum(cents.values())
        stuck = 0
        while purse >= unit and stuck < len(queue):
            each = queue.pop(0)
            queue.append(each)
            if cents[each] + unit > self.high[each]:
                stuck += 1
                continue
            stuck = 0
            cents[each] += unit
            purse -= unit
        return cents

    def drop(
        self, rank: Ids, pot: int, weights: Money, floors: Mapping[str, int]
    ) -> dict[str, tuple[int, str, Fraction | None]]:
        left = list(rank)
        self.turns = {}
        while True:
            low = {each: floors.get(each, 0) for each in left}
            inside = pot - sum(floors.get(each, 0) for each in rank if each not in left)
            exact = self.level_out(left, weights, low, inside)
            short = [each for each in left if exact[each] < self.low[each]]
            if not short:
                break
            floor = floors.get(short[-1], 0)
            offered = math.floor(exact[short[-1]])
            self.turns[short[-1]] = (
                False, None, self.low[short[-1]], self.why(short[-1], floor), floor, offered,
            )  # fmt: skip
            left.remove(short[-1])
        low = {each: max(floors.get(each, 0), self.low[each]) for each in left}
        cents = self.round(left, exact, low)
        found: dict[str, tuple[int, str, Fraction | None]] = {}
        for each in rank:
            floor = floors.get(each, 0)
            if each in left:
                because = "earmark" if floor else "nothing"
                self.turns[each] = True, None, floor, because, floor, None
                found[each] = cents[each], self.how(each, cents[each], low[each]), exact[each]
            elif floor:
                found[each] = floor, "earmark_only", Fraction(floor)
            else:
                found[each] = 0, "share_below_min", None
        return found

    def greedy(
        self, rank: Ids, pot: int, floors: Mapping[str, int]
    ) -> dict[str, tuple[int, str, Fraction | None]]:
        rest = pot - sum(floors.get(each, 0) for each in rank)
        self.turns = {}
        found: dict[str, tuple[int, str, Fraction | None]] = {}
        closed = False
        for each in rank:
            floor, more = floors.get(each, 0), self.high[each] - floors.get(each, 0)
            cents, status = floor, "earmark_only" if floor else "after_stop" if closed else "does_not_fit"
            if more == 0 or (more <= rest and not closed):
                cents, status = self.high[each], "full"
            elif not closed and self.config.partial and rest and floor + rest >= self.least[each]:
                cents, status = floor + rest, "partial"
            because = "earmark" if floor else "own_min" if self.least[each] else "nothing"
            needs = max(floor, max(self.least[each], 1) if self.config.partial else self.high[each])
            self.turns[each] = (
                status in ("full", "partial"), None if closed else rest, needs, because, floor, None,
            )  # fmt: skip
            rest -= cents - floor
            found[each] = cents, status, Fraction(cents)
            closed = closed or (status != "full" and self.config.on_no_fit is OnNoFit.STOP)
        return found

    def offer(self, rank: Ids, pot: int, found: dict[str, tuple[int, str, Fraction | None]]) -> None:
        for each in rank:
            over = pot - sum(one[0] for one in found.values())
            if found[each][1] not in ("does_not_fit", "after_stop", "share_below_min"):
                continue
            cents = min(over, self.high[each])
            if cents > 0 and cents >= self.least[each]:
                found[each] = cents, "rest", Fraction(cents)

    # -- whole plans -----------------------------------------------------------------------------

    def buy(self, rank: Ids, pot: int) -> None:
        panel = self.facts.panel
        assert panel is not None
        people = sorted({person for scores in panel.scores.values() for person in scores})
        people += [f"silent {number}" for number in range(panel.present - len(people))]
        costs = {each: self.high[each] for each in rank}
        wants = {
            each: {
                person: self.config.utility[score - 1]
                * (costs[each] if self.config.utility_mode is UtilityMode.SCORE_X_COST else 1)
                for person, score in panel.scores.get(each, {}).items()
                if self.config.utility[score - 1]
            }
            for each in rank
        }
        self.order = []
        if people:
            self.order = complete_plainly(
                costs, wants, people, pot, self.config.completion, self.config.increment_cents
            )
        for each in rank:
            bought = each in self.order
            self.amounts[each] = costs[each] if bought else 0
            self.exact[each] = Fraction(self.amounts[each])
            self.status[each] = "full" if bought else "not_bought"


Wants = Mapping[str, Mapping[str, int]]


def complete_plainly(
    costs: Mapping[str, int], wants: Wants, people: Ids, pot: int, completion: Completion, step: int
) -> list[str]:
    """Buy with equal shares, and go on as the completion says; ties go to the first of ``costs``."""
    endowment = Fraction(pot, len(people))
    bought = buy_plainly(costs, wants, people, endowment)
    while completion in (Completion.ADD1, Completion.ADD1_UTIL):
        left = pot - sum(costs[each] for each in bought)
        if all(costs[each] > left for each in costs if wants[each] and each not in bought):
            break
        endowment += step
        richer = buy_plainly(costs, wants, people, endowment)
        if sum(costs[each] for each in richer) > pot:
            break
        bought = richer
    if completion in (Completion.UTIL, Completion.ADD1_UTIL):
        while True:
            left = pot - sum(costs[each] for each in bought)
            open_plans = [e for e in costs if wants[e] and e not in bought and costs[e] <= left]
            if not open_plans:
                break
            worth = {
                e: Fraction(sum(wants[e].values()), costs[e]) if costs[e] else Fraction(10**30)
                for e in open_plans
            }
            bought = [*bought, max(open_plans, key=lambda each: worth[each])]
    return bought


def buy_plainly(costs: Mapping[str, int], wants: Wants, people: Ids, endowment: Fraction) -> list[str]:
    """Look at every plan every time; find its price by trying who pays all they have."""
    left = dict.fromkeys(people, endowment)
    bought: list[str] = []
    while True:
        prices: dict[str, Fraction] = {}
        for each, cost in costs.items():
            backers = wants[each]
            if each in bought or not backers or sum(left[person] for person in backers) < cost:
                continue
            broke = sorted(backers, key=lambda person: left[person] / backers[person])
            for poor in range(len(broke)):
                paid = sum((left[person] for person in broke[:poor]), Fraction(0))
                price = (cost - paid) / sum(backers[person] for person in broke[poor:])
                if price * backers[broke[poor]] <= left[broke[poor]]:
                    prices[each] = price
                    break
        if not prices:
            return bought
        best = min(prices, key=lambda each: prices[each])
        for person, points in wants[best].items():
            left[person] -= min(left[person], prices[best] * points)
        bought.append(best)


def phantoms_at_every_bend(
    rows: Sequence[Sequence[int]], people: int, pot: int, rule: Rule
) -> list[Fraction]:
    """Let phantoms rise from bend to bend; a median is the middle of a sorted list of people and phantoms."""
    if not people or not pot:
        return [Fraction(0)] * len(rows)
    kept = [max(0, pot - sum(row[person] for row in rows)) for person in range(people)]
    every = [*rows, kept]
    phantom: Callable[[int, Fraction], Fraction]
    heights = {Fraction(cents, pot) for row in every for cents in row} | {Fraction(0), Fraction(1)}
    if rule is Rule.INDEPENDENT_MARKETS:
        phantom = lambda k, time: min(Fraction(1), time * (people - k))  # noqa: E731
        bends = {height / (people - k) for height in heights for k in range(people)}
    else:
        phantom = lambda k, time: max(Fraction(0), min(Fraction(1), time * (people + 1) - k))  # noqa: E731
        bends = {(height + k) / (people + 1) for height in heights for k in range(people + 1)}
    bends = {bend for bend in bends if bend <= 1} | {Fraction(0), Fraction(1)}

    def medians(time: Fraction) -> list[Fraction]:
        stands = [pot * phantom(k, time) for k in range(people + 1)]
        return [sorted([*map(Fraction, row), *stands])[people] for row in every]

    sums = {bend: sum(medians(bend)) for bend in sorted(bends)}
    below = max(bend for bend, total in sums.items() if total <= pot)
    if sums[below] == pot or below == 1:
        return medians(below)[:-1]
    above = min(bend for bend, total in sums.items() if total > pot)
    part = Fraction(pot - sums[below]) / (sums[above] - sums[below])
    return [low + part * (high - low) for low, high in zip(medians(below), medians(above), strict=True)][:-1]


def phragmen_plainly(costs: Mapping[str, int], wants: Wants, people: Ids, budget: int) -> list[str]:
    """Let everybody save one coin a second, and buy a plan as soon as all who want it have its price."""
    began = dict.fromkeys(people, Fraction(0))
    chosen: list[str] = []
    while True:
        ready = {}
        for each, cost in costs.items():
            if wants[each] and each not in chosen and cost <= budget:
                # At time t they have the sum of t - began.
                ready[each] = (cost + sum(began[person] for person in wants[each])) / Fraction(
                    len(wants[each])
                )
        first = [each for each, moment in ready.items() if moment == min(ready.values())]
        left = budget - sum(costs[each] for each in chosen)
        if not first or any(costs[each] > left for each in first):
            return chosen
        for person in wants[first[0]]:
            began[person] = ready[first[0]]
        chosen.append(first[0])


def greedy_plainly(costs: Mapping[str, int], wants: Wants, budget: int, *, per_cost: bool) -> list[str]:
    """Take the plan that is worth most while one fits; free plans come first."""
    chosen: list[str] = []
    open_plans = [each for each in costs if wants[each]]
    while open_plans:

        def worth(each: str) -> tuple[bool, Fraction]:
            points = Fraction(sum(wants[each].values()))
            return (per_cost and not costs[each]), points / costs[each] if per_cost and costs[
                each
            ] else points

        best = max(open_plans, key=worth)
        open_plans.remove(best)
        if sum(costs[each] for each in chosen) + costs[best] <= budget:
            chosen.append(best)
    return chosen

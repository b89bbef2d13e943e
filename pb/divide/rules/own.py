"""How one person would divide the pot: steps that fit a thumb, and limits that hold for everybody."""

from collections.abc import Collection, Iterable, Mapping

from pb.core.errors import BadInput, Broken

STEPS_IN_A_POT = 40
STEPS_CENTS = (500_000, 250_000, 100_000, 50_000, 25_000, 10_000, 5_000, 1_000, 500, 100)
EURO_CENTS = 100
PER_MILLE = 1000


class OwnDivisionsClosed(Broken):
    """Refuse what comes when the amounts are already worked out, or not asked yet."""

    code = "divide.own-closed"


class OwnPlan(Broken):
    """Refuse money for a plan that this person is involved in."""

    code = "divide.own-plan"


class GivenTooMuch(BadInput):
    """Refuse to give away more than there is."""

    code = "divide.given-too-much"


class GivenAboveLimit(BadInput):
    """Refuse to give a plan more than it asked, or than the maximum."""

    code = "divide.given-above-limit"


class UnreadableShares(BadInput):
    code = "divide.unreadable-shares"


class SumDiffers(BadInput):
    """Refuse a paper whose own sum is another than that of its amounts."""

    code = "divide.sum-differs"


class AlreadyGiven(Broken):
    """Ask before paper takes the place of something, or a phone that of paper. Facts: ``way`` and ``n``."""

    code = "divide.already-given"


class NobodyDivided(Broken):
    """Refuse to work out amounts from nothing."""

    code = "divide.nobody-divided"


def step_cents(pot_cents: int) -> int:
    """Choose how much one press on plus or minus is: a round amount, some forty to a pot."""
    return next((step for step in STEPS_CENTS if step * STEPS_IN_A_POT <= pot_cents), STEPS_CENTS[-1])


def whole_euros(cents: int) -> int:
    """Give the whole euros of an amount, in cents: people give no loose cents."""
    return cents - cents % EURO_CENTS


def wrong_shares(
    shares: Mapping[int, int], limits: Mapping[int, int], own: Collection[int]
) -> dict[int, Broken]:
    """Find per plan what is wrong with its amount. Units: cents; ``limits`` is the most a plan can get.

    Plans that are not named get nothing.
    """
    found: dict[int, Broken] = {}
    for plan_id, cents in shares.items():
        if plan_id not in limits or cents < 0 or cents % EURO_CENTS:
            found[plan_id] = UnreadableShares()
        elif cents and plan_id in own:
            found[plan_id] = OwnPlan()
        elif cents > limits[plan_id]:
            found[plan_id] = GivenAboveLimit(limit_cents=limits[plan_id])
    return found


def check_own(
    shares: Mapping[int, int], limits: Mapping[int, int], own: Collection[int], *, pot_cents: int
) -> None:
    """Refuse amounts that could not be given.

    Raises: UnreadableShares, OwnPlan, GivenAboveLimit (with the plan's limit), GivenTooMuch.
    """
    for error in wrong_shares(shares, limits, own).values():
        raise error
    given = sum(shares.values())
    if given > pot_cents:
        raise GivenTooMuch(pot_cents=pot_cents, over_cents=given - pot_cents)


def check_sum(shares: Iterable[int], *, typed_cents: int) -> None:
    """Refuse a paper on which people wrote another sum than what was typed. Raises: SumDiffers."""
    counted = sum(shares)
    if counted != typed_cents:
        raise SumDiffers(typed_cents=typed_cents, counted_cents=counted)


def parts(shares: Mapping[int, int], *, pot_cents: int) -> list[tuple[int, int, int]]:
    """Lay amounts one after another in a bar: plan, where it begins, how wide. Units: thousandths."""
    found, before = [], 0
    for plan_id, cents in shares.items():
        begin, end = (PER_MILLE * at // max(pot_cents, 1) for at in (before, before + cents))
        found.append((plan_id, begin, end - begin))
        before += cents
    return found

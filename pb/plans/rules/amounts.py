"""What a plan may ask: the amount, the least that still works, the cap and the pot."""

from pb.core.errors import BadInput, Broken


class AskNothing(BadInput):
    code = "plans.ask-nothing"


class LeastBelowZero(BadInput):
    code = "plans.least-below-zero"


class LeastAboveAsk(BadInput):
    code = "plans.least-above-ask"


class LeastAboveCap(BadInput):
    """Refuse a plan that could never get enough; better known now than on the evening."""

    code = "plans.least-above-cap"


class AskAbovePot(BadInput):
    code = "plans.ask-above-pot"


class AskAboveCap(BadInput):
    """Tell that nobody gets more than the cap; told, not raised, for asking more is allowed."""

    code = "plans.ask-above-cap"


def check_amounts(*, ask_cents: int, least_cents: int, cap_cents: int, pot_cents: int) -> tuple[Broken, ...]:
    """Check what a plan asks, and give what the initiator should be told about it.

    Shape: empty, or one AskAboveCap to show beside the amount.
    Units: cents; all bounds inclusive.
    Raises: AskNothing, AskAbovePot, LeastBelowZero, LeastAboveAsk, LeastAboveCap, in this order.
    """
    for cents in (ask_cents, least_cents, cap_cents, pot_cents):
        if isinstance(cents, bool) or not isinstance(cents, int):
            raise TypeError(f"money is a whole number of cents, not {type(cents).__name__}")
    if ask_cents <= 0:
        raise AskNothing()
    if ask_cents > pot_cents:
        raise AskAbovePot(ask_cents=ask_cents, pot_cents=pot_cents)
    if least_cents < 0:
        raise LeastBelowZero()
    if least_cents > ask_cents:
        raise LeastAboveAsk(least_cents=least_cents, ask_cents=ask_cents)
    if least_cents > cap_cents:
        raise LeastAboveCap(least_cents=least_cents, cap_cents=cap_cents)
    return (AskAboveCap(ask_cents=ask_cents, cap_cents=cap_cents),) if ask_cents > cap_cents else ()

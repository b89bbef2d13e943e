"""How much one press is while somebody divides the pot: a large step and a small one, from the pot."""

from pb.divide.rules.own import STEPS_CENTS, step_cents

SMALL_IN_A_LARGE = 4


def steps_cents(pot_cents: int) -> tuple[int, ...]:
    """Choose the steps, the large one first: some forty to a pot, and a round part of that.

    A small step is a quarter of the large one or less, and whole euros; a pot of a few euros has one step.
    """
    large = step_cents(pot_cents)
    small = next((step for step in STEPS_CENTS if step * SMALL_IN_A_LARGE <= large), None)
    return (large,) if small is None else (large, small)

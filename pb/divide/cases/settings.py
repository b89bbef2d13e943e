"""Read the settings of a run; what is left out has the default of the format."""

from fractions import Fraction

from pb.decide.rules import DecideConfig
from pb.divide.rules import DivideConfig

# The format's own defaults are barer than those of the product.
_DECIDE = DecideConfig(quorum=None)
_QUORUM = {"fraction": "1/2", "min_scorers": 0, "count_abstain": False}
_DIVIDE = DivideConfig(unit_cents=1, guarantee=Fraction(0), rest_offer=False)


def read_decide_config(value: object, field: str) -> DecideConfig:
    """Read how plans are decided."""
    if isinstance(value, dict) and isinstance(value.get("quorum"), dict):
        value = {**value, "quorum": {**_QUORUM, **value["quorum"]}}
    return DecideConfig.from_json(value, field, _DECIDE)


def read_divide_config(value: object, field: str) -> DivideConfig:
    """Read how money is divided."""
    return DivideConfig.from_json(value, field, _DIVIDE)

"""The pages of dividing: everybody's own division, the computed one, what changes, who confirms."""

from pb.divide import equal_plans  # noqa: F401  (says when the lot can move money)
from pb.divide.views import desk, dividing, own, paper, settling  # noqa: F401
from pb.divide.views.base import views

__all__ = ["views"]

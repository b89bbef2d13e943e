"""The pages of plans: making one, those of one's own, reading one, checking them."""

from pb.plans.views import checking, mine, paper, shown, walk
from pb.plans.views.front import views

__all__ = ["checking", "mine", "paper", "shown", "views", "walk"]

"""Make plans, hand them in, check them, and bring plans in from elsewhere."""

from pb.plans.actions.arrivals import add_ready_plan, start_paper_plan
from pb.plans.actions.checking import accept, check_again, decline, let_go, take_up
from pb.plans.actions.drafts import claim, name_address, save_answers, start_draft
from pb.plans.actions.handing_in import hand_in, restore, revise, take_back, withdraw

__all__ = [
    "accept",
    "add_ready_plan",
    "check_again",
    "claim",
    "decline",
    "hand_in",
    "let_go",
    "name_address",
    "restore",
    "revise",
    "save_answers",
    "start_draft",
    "start_paper_plan",
    "take_back",
    "take_up",
    "withdraw",
]

"""Divide the money: everybody's own division, the computed one, what the panel changes, who confirms."""

from pb.divide.actions.amending import amend, take_back, try_amount
from pb.divide.actions.confirming import agree, confirm
from pb.divide.actions.proposing import propose
from pb.divide.actions.sharing import hand_in

__all__ = ["agree", "amend", "confirm", "hand_in", "propose", "take_back", "try_amount"]

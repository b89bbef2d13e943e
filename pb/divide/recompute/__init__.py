"""Compute a published outcome again from its file: rules, histograms and money; nothing but Python needed."""

from pb.divide.recompute.again import Again, PlanAgain, compute_again
from pb.divide.recompute.case import allocation_case
from pb.divide.recompute.published import NothingToCompute, Published, read_published

__all__ = [
    "Again",
    "NothingToCompute",
    "PlanAgain",
    "Published",
    "allocation_case",
    "compute_again",
    "read_published",
]

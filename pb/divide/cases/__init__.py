"""Reference cases: the rules of deciding and dividing, run on what stands in a file."""

from pb.divide.cases.command import allocate, main, told
from pb.divide.cases.running import run_case

__all__ = ["allocate", "main", "run_case", "told"]

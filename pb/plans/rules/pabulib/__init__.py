"""Files of past rounds in the format of Pabulib: META, PROJECTS and VOTES, read strictly.

Source: pabulib.org/format, the library of participatory budgeting data.
"""

from pb.plans.rules.pabulib.broken import (
    PabulibCountDiffers,
    PabulibDayUnreadable,
    PabulibDuplicate,
    PabulibEmpty,
    PabulibMissingColumn,
    PabulibMissingKey,
    PabulibMissingSection,
    PabulibNegative,
    PabulibNotANumber,
    PabulibNotUtf8,
    PabulibPointsDiffer,
    PabulibTooLarge,
    PabulibUnknownProject,
    PabulibUnknownSection,
    PabulibUnreadableLine,
)
from pb.plans.rules.pabulib.read import (
    PabulibFile,
    PabulibProject,
    PabulibVote,
    read_pabulib,
    read_pabulib_votes,
)

__all__ = [
    "PabulibCountDiffers",
    "PabulibDayUnreadable",
    "PabulibDuplicate",
    "PabulibEmpty",
    "PabulibFile",
    "PabulibMissingColumn",
    "PabulibMissingKey",
    "PabulibMissingSection",
    "PabulibNegative",
    "PabulibNotANumber",
    "PabulibNotUtf8",
    "PabulibPointsDiffer",
    "PabulibProject",
    "PabulibTooLarge",
    "PabulibUnknownProject",
    "PabulibUnknownSection",
    "PabulibUnreadableLine",
    "PabulibVote",
    "read_pabulib",
    "read_pabulib_votes",
]

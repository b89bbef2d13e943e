"""Read what everyone may see, and what staff may look at when an evening is over."""

from pb.public.queries.election import election
from pb.public.queries.outcome import (
    OutcomeFacts,
    PlanResult,
    TookPart,
    case_of,
    explained,
    outcome,
    proof,
    rules_text,
)
from pb.public.queries.results import EveningResult, Got, coming_evenings, got, results
from pb.public.queries.what_if import WhatIf, what_if

__all__ = [
    "EveningResult",
    "Got",
    "OutcomeFacts",
    "PlanResult",
    "TookPart",
    "WhatIf",
    "case_of",
    "coming_evenings",
    "election",
    "explained",
    "got",
    "outcome",
    "proof",
    "results",
    "rules_text",
    "what_if",
]

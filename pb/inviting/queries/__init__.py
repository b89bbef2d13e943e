"""Read what is asked, whom it went to, and what they said."""

from pb.inviting.queries.answers import (
    AnswerFacts,
    PersonFacts,
    answer,
    answer_by_own,
    answers,
    counts,
    feature_values,
    persons,
)
from pb.inviting.queries.appeals import appeal, appeal_or_none
from pb.inviting.queries.invitations import (
    InvitationFacts,
    addressees,
    invitation,
    invitation_by_code,
    invitations,
)

__all__ = [
    "AnswerFacts",
    "InvitationFacts",
    "PersonFacts",
    "addressees",
    "answer",
    "answer_by_own",
    "answers",
    "appeal",
    "appeal_or_none",
    "counts",
    "feature_values",
    "invitation",
    "invitation_by_code",
    "invitations",
    "persons",
]

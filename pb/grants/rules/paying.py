"""Who is paid, by which marks a payment is known, and who may change where the money goes."""

from collections.abc import Iterable
from enum import StrEnum

from pb.core.errors import BadInput, Broken
from pb.grants.rules.payee import (
    DESCRIPTION_CHARACTERS_MOST,
    PayeeNameNotLatin,
    check_end_to_end_id,
    sepa_text,
)
from pb.plans.rules.plan import ApplicantType


class PayeeKind(StrEnum):
    """Say what kind of holder is paid, in the words that finance reads."""

    PERSON = "natuurlijk_persoon"
    ASSOCIATION = "vereniging"
    FOUNDATION = "stichting"
    COMPANY = "onderneming"
    PUBLIC_BODY = "overheid"


class KvkNumberOfPerson(BadInput):
    """Refuse a number of the Chamber of Commerce for a person, who has none."""

    code = "grants.kvk-number-of-person"


class PayeeChangedMeanwhile(Broken):
    code = "grants.payee-changed-meanwhile"


class PayeeOnlyByFinance(Broken):
    """Refuse a change of where money goes by anybody but finance."""

    code = "grants.payee-only-by-finance"
    status = 403


class PayeeBySamePerson(Broken):
    """Refuse a change by whoever entered what is changed: it takes two people."""

    code = "grants.payee-by-same-person"
    status = 403


class BatchBySamePerson(Broken):
    """Refuse a payment list by whoever changed an account number in it: it takes two people."""

    code = "grants.batch-by-same-person"
    status = 403


class BatchReplaced(Broken):
    """Refuse a list whose content is not what would be paid now."""

    code = "grants.batch-replaced"


class NotConfirmed(Broken):
    """Refuse to pay from a division that two people do not stand for yet."""

    code = "grants.not-confirmed"


class TotalsDiffer(Broken):
    """Refuse a list that is not, to the cent, what was decided."""

    code = "grants.totals-differ"


_KIND_OF = {
    ApplicantType.FOUNDATION: PayeeKind.FOUNDATION,
    ApplicantType.ASSOCIATION: PayeeKind.ASSOCIATION,
    ApplicantType.COMPANY: PayeeKind.COMPANY,
    ApplicantType.PUBLIC_BODY: PayeeKind.PUBLIC_BODY,
}


def likely_kind(applicant: ApplicantType | None) -> PayeeKind:
    """Say what kind of holder belongs to this kind of applicant, as a first guess."""
    return _KIND_OF.get(applicant, PayeeKind.PERSON) if applicant else PayeeKind.PERSON


def check_kvk_fits(kind: PayeeKind, kvk_number: str) -> None:
    """Ask that only organisations have a number of the Chamber of Commerce; it may stay empty.

    Raises: KvkNumberOfPerson.
    """
    if kvk_number and kind is PayeeKind.PERSON:
        raise KvkNumberOfPerson()


def check_change(*, entered_by: int, by: int, by_finance: bool) -> None:
    """Ask for finance, and for another person than who entered the account number.

    Raises: PayeeOnlyByFinance, PayeeBySamePerson.
    """
    if not by_finance:
        raise PayeeOnlyByFinance()
    if by == entered_by:
        raise PayeeBySamePerson()


def check_maker(*, maker: int, entered_by: Iterable[int]) -> None:
    """Ask that nobody makes a list with an account number of their own typing. Raises: BatchBySamePerson."""
    if maker in set(entered_by):
        raise BatchBySamePerson()


def file_number(*, round_id: int, plan_number: int) -> str:
    """Name the file of a plan; it stays the same whatever happens to the plan."""
    return f"R{round_id}-P{plan_number}"


def end_to_end_id(*, file_number: str, evening_id: int, instalment: int = 1) -> str:
    """Name a payment so that a second list with the same payment shows the same mark.

    Raises: EndToEndIdUnusable.
    """
    return check_end_to_end_id(f"{file_number}-A{evening_id}-T{instalment}")


def payment_description(*, file_number: str, title: str) -> str:
    """Say on a bank statement what was paid; a title in a script that banks cannot write is left out."""
    try:
        plan = sepa_text(title)
    except PayeeNameNotLatin:
        plan = ""
    return sepa_text(f"Beslisavond {file_number} {plan}"[:DESCRIPTION_CHARACTERS_MOST])

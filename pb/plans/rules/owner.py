"""Whose plan it is: an account's, or for now the browser's where it was begun."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Owner:
    """Hold whose plan it is; ``claim_email`` is an address that nobody has confirmed yet."""

    plan_id: int
    initiator_id: int | None
    claim_email: str | None


@dataclass(frozen=True, slots=True)
class Guest:
    """Hold who is visiting: an account with its confirmed address, and the drafts that this browser began."""

    account_id: int | None = None
    email: str | None = None
    drafts: frozenset[int] = frozenset()


def holds(owner: Owner, guest: Guest) -> bool:
    """Tell whether a visitor may open a plan: once it has an initiator, nobody else."""
    if owner.initiator_id is not None:
        return owner.initiator_id == guest.account_id
    return _is_addressed(owner, guest) or owner.plan_id in guest.drafts


def may_claim(owner: Owner, guest: Guest) -> bool:
    """Tell whether a plan becomes this visitor's by only opening it.

    A draft of this browser that names another address does not: the next visitor of a library's computer
    would take it over.
    """
    if owner.initiator_id is not None or guest.account_id is None:
        return False
    return _is_addressed(owner, guest) or (owner.claim_email is None and owner.plan_id in guest.drafts)


def _is_addressed(owner: Owner, guest: Guest) -> bool:
    return guest.account_id is not None and guest.email is not None and owner.claim_email == guest.email

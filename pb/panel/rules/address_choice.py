"""Choosing which addresses of a list take part in a draw, and accounting for every row that does not."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from pb.core.canonical import canonical
from pb.core.errors import BadInput
from pb.panel.rules.address import Address
from pb.panel.rules.address_file import AddressFile
from pb.panel.rules.address_opt_out import OptedOut, OptOuts, match_opt_outs
from pb.panel.rules.address_sieve import Uses
from pb.panel.rules.draw import pool_sha256


class NeighbourhoodMissing(BadInput):
    """Refuse a choice in which no neighbourhood takes part."""

    code = "panel.neighbourhood-missing"


@dataclass(frozen=True, slots=True)
class Choice:
    """Hold who takes part.

    ``neighbourhoods`` is None for all of them. ``opt_outs_sha256`` names the kept list of addresses that
    must not get a letter, by the hash of its file; empty without.
    """

    uses: Uses = Uses.HOMES
    in_use_only: bool = True
    neighbourhoods: tuple[str, ...] | None = None
    opt_outs_sha256: str = ""

    def to_json(self) -> dict[str, Any]:
        """Write as plain facts."""
        return {
            "uses": self.uses.value,
            "in_use_only": self.in_use_only,
            "neighbourhoods": None if self.neighbourhoods is None else list(self.neighbourhoods),
            "opt_outs_sha256": self.opt_outs_sha256,
        }

    @classmethod
    def from_published(cls, published: str) -> "Choice":
        """Read how the list of a draw was chosen, apart from who asked for no letter."""
        chosen = json.loads(published)["chosen"] if published else {}
        names = chosen.get("neighbourhoods")
        return cls(
            Uses(chosen.get("uses") or Uses.HOMES),
            chosen.get("status") != "any",
            None if names is None else tuple(names),
        )

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> "Choice":
        """Read what to_json wrote."""
        names = facts["neighbourhoods"]
        return cls(
            Uses(facts["uses"]),
            bool(facts["in_use_only"]),
            None if names is None else tuple(names),
            str(facts["opt_outs_sha256"]),
        )


@dataclass(frozen=True, slots=True)
class Steps:
    """Count rows on their way from the file to the draw: every row is counted once.

    ``not_homes``, ``without_use`` and ``not_in_use`` are None when the file does not tell. ``drawn_before``
    and ``tickets`` are dwellings; ``double`` are the rows that these have more.
    """

    rows: int
    not_homes: int | None
    without_use: int | None
    not_in_use: int | None
    elsewhere: int
    opted_out: int
    double: int
    drawn_before: int
    tickets: int


@dataclass(frozen=True, slots=True)
class Selection:
    """Hold the addresses that a draw is made from, and what everyone may know of how they were chosen.

    ``addresses`` holds the dwellings that have a ticket and those that ``skipped`` names, which asked for
    no letter. ``unmatched_rows`` are rows of their list that no dwelling belongs to.
    """

    file_sha256: str
    choice: Choice
    steps: Steps
    drawn_before: frozenset[str] = field(repr=False)
    addresses: tuple[Address, ...] = field(repr=False)
    skipped: frozenset[str] = field(repr=False)
    seated: frozenset[str] = field(repr=False)
    unmatched_rows: tuple[int, ...]
    published: str

    @property
    def sha256(self) -> str:
        """Give the number that fixes list and choice: the hash of what is published."""
        return sha256_of_published(self.published)

    def forgets(self, earlier: str) -> frozenset[str]:
        """Tell what an earlier draw of the round chose and this does not: choices, opt-outs, or nothing.

        ``earlier`` is what that draw published.
        """
        if not earlier:
            return frozenset()
        then, now = json.loads(earlier)["chosen"], json.loads(self.published)["chosen"]
        forgotten = {"opt-outs"} if then.pop("opt_outs_seal") and not now["opt_outs_seal"] else set()
        if any(now[name] != chosen for name, chosen in then.items()):
            forgotten.add("choices")
        return frozenset(forgotten)

    def still_holds(self, file: AddressFile, drawn_before: Collection[str]) -> bool:
        """Tell whether nothing was drawn since that changes who takes part, and this is of that file."""
        return self.file_sha256 == file.source.sha256 and self.drawn_before == set(drawn_before)

    @property
    def tickets(self) -> tuple[Address, ...]:
        """Give the dwellings that can be drawn."""
        out = self.skipped | self.seated
        return tuple(address for address in self.addresses if address.key not in out)


def choose_addresses(
    file: AddressFile,
    choice: Choice,
    *,
    opt_outs: OptOuts | None = None,
    seal_key: bytes = b"",
    drawn_before: Collection[str] = frozenset(),
) -> Selection:
    """Choose the addresses of a file, which must have been read with the same uses and status.

    A dwelling takes part or not with all its rows. Neighbourhoods that the file does not have are left out
    of the choice. The order of the rows does not count.
    Raises: NeighbourhoodMissing.
    """
    rows_more = {merged.key: len(merged.rows) - 1 for merged in file.merged}
    here, elsewhere = _part_by_neighbourhood(file, choice)
    also = {merged.key: merged.also for merged in file.merged if merged.also}
    opted_out = match_opt_outs(opt_outs, here, also=also) if opt_outs else OptedOut(frozenset(), ())
    keys = {address.key for address in here}
    before = set(drawn_before)
    seated = keys & before | {key for key, names in also.items() if key in keys and names & before}
    skipped = opted_out.keys - seated
    seen = file.aside.seen
    steps = Steps(
        rows=file.source.row_count,
        not_homes=_left_out(seen.other_uses, choice.uses is not Uses.EVERYTHING),
        without_use=_left_out(seen.blank_uses, choice.uses is Uses.HOMES),
        not_in_use=_left_out(seen.not_in_use, choice.in_use_only),
        elsewhere=sum(1 + rows_more.get(address.key, 0) for address in elsewhere),
        opted_out=sum(1 + rows_more.get(key, 0) for key in skipped),
        double=sum(rows_more.get(key, 0) for key in keys - skipped),
        drawn_before=len(seated),
        tickets=len(keys - skipped - seated),
    )
    published = {
        "addresses_sha256": pool_sha256(keys - seated),
        "chosen": {
            "uses": None if steps.not_homes is None else choice.uses.value,
            "status": None if steps.not_in_use is None else ("in-use" if choice.in_use_only else "any"),
            "neighbourhoods": None
            if choice.neighbourhoods is None
            else sorted({address.neighbourhood for address in here}),
            "opt_outs_seal": opt_outs.seal(seal_key) if opt_outs else None,
        },
        "counted": asdict(steps),
    }
    return Selection(
        file_sha256=file.source.sha256,
        choice=choice,
        steps=steps,
        drawn_before=frozenset(drawn_before),
        addresses=tuple(here),
        skipped=skipped,
        seated=frozenset(seated),
        unmatched_rows=tuple(row.row for row in opted_out.unmatched),
        published=canonical(published).decode(),
    )


def check_neighbourhoods(file: AddressFile, choice: Choice) -> None:
    """Refuse a choice of neighbourhoods in which no address of the file lies.

    Raises: NeighbourhoodMissing.
    """
    wanted = choice.neighbourhoods
    if wanted is not None and not any(address.neighbourhood in wanted for address in file.addresses):
        raise NeighbourhoodMissing()


def sha256_of_published(published: str) -> str:
    """Hash what is published of a choice, as it is written there."""
    return hashlib.sha256(published.encode()).hexdigest()


def _left_out(count: int | None, left_out: bool) -> int | None:
    return count if left_out or count is None else 0


def _part_by_neighbourhood(file: AddressFile, choice: Choice) -> tuple[list[Address], list[Address]]:
    if choice.neighbourhoods is None:
        return list(file.addresses), []
    check_neighbourhoods(file, choice)
    wanted = set(choice.neighbourhoods)
    here = [address for address in file.addresses if address.neighbourhood in wanted]
    return here, [address for address in file.addresses if address.neighbourhood not in wanted]

"""Reading a list of addresses that waits for a draw; never within a transaction."""

from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from pb.panel import queries
from pb.panel.queries import UploadFacts
from pb.panel.rules.address_choice import Choice, Selection, choose_addresses
from pb.panel.rules.address_file import AddressFile, read_addresses
from pb.panel.rules.address_opt_out import OptOuts, read_opt_outs
from pb.panel.rules.keeping import FileKind, UploadGone
from pb.panel.views.blueprint import card_key
from pb.web.clock import now


@dataclass(frozen=True, slots=True)
class WaitingList:
    """A list of addresses that waits, with who takes part, and who was drawn before."""

    kept: UploadFacts
    kept_opt_outs: UploadFacts | None
    drawn_before: frozenset[str] = field(repr=False)

    @property
    def opt_outs_are_gone(self) -> bool:
        """Tell whether a list of opt-outs was chosen that is not kept any more."""
        return bool(self.kept.choice.opt_outs_sha256) and self.kept_opt_outs is None

    def read(self, choice: Choice | None = None) -> AddressFile:
        """Read the addresses as chosen. Raises: FileRefused."""
        wanted = choice or self.kept.choice
        return read_addresses(
            self.kept.content,
            file_name=self.kept.file_name,
            uses=wanted.uses,
            in_use_only=wanted.in_use_only,
        )

    def read_opt_outs(self) -> OptOuts | None:
        """Read who must not get a letter, if there is such a list."""
        kept = self.kept_opt_outs
        return read_opt_outs(kept.content, file_name=kept.file_name) if kept else None

    def select(self, file: AddressFile) -> Selection:
        """Choose the addresses that take part. Raises: NeighbourhoodMissing."""
        return choose_addresses(
            file,
            self.kept.choice,
            opt_outs=self.read_opt_outs(),
            seal_key=card_key(),
            drawn_before=self.drawn_before,
        )


def find_waiting(session: Session, *, round_id: int, file_sha256: str) -> WaitingList:
    """Find a list of addresses that waits. Raises: UploadGone."""
    asked_at = now()
    kept = queries.upload(
        session, round_id=round_id, kind=FileKind.ADDRESSES, file_sha256=file_sha256, now=asked_at
    )
    opt_outs = None
    if sha256 := kept.choice.opt_outs_sha256:
        with suppress(UploadGone):
            opt_outs = queries.upload(
                session, round_id=round_id, kind=FileKind.OPT_OUTS, file_sha256=sha256, now=asked_at
            )
    return WaitingList(kept, opt_outs, queries.drawn_before(session, round_id=round_id))

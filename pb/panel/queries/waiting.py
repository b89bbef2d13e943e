"""Read lists that wait for a yes, and which were imported."""

import json
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.panel.rules.address_choice import Choice
from pb.panel.rules.keeping import FileKind, UploadGone, is_kept
from pb.panel.tables import FileImport, Upload


@dataclass(frozen=True, slots=True)
class UploadFacts:
    """A list that waits for a yes."""

    file_name: str
    content: bytes = field(repr=False)
    made_at: datetime
    choice: Choice


def upload(
    session: Session, *, round_id: int, kind: FileKind, file_sha256: str, now: datetime
) -> UploadFacts:
    """Find a list that waits for a yes. Raises: UploadGone."""
    row = session.scalar(
        sa.select(Upload).where(
            Upload.round_id == round_id, Upload.kind == kind.value, Upload.file_sha256 == file_sha256
        )
    )
    if row is None or not is_kept(row.made_at, now):
        raise UploadGone()
    choice = Choice.from_json(json.loads(row.choice)) if row.choice else Choice()
    return UploadFacts(row.file_name, row.content, row.made_at, choice)


def imported_at(session: Session, *, round_id: int, kind: FileKind, file_sha256: str) -> datetime | None:
    """Say when a file was imported, or None."""
    return session.scalar(
        sa.select(FileImport.imported_at).where(
            FileImport.round_id == round_id,
            FileImport.kind == kind.value,
            FileImport.file_sha256 == file_sha256,
        )
    )

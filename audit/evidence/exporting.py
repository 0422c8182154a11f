"""Evidence leaves the house: how much of it, and the event that says so before it does."""

import hashlib
from dataclasses import dataclass
from typing import IO

from django.db import transaction

from audit import sight
from audit.evidence.bundle import CHUNK, build
from audit.evidence.choosing import EVERYTHING, Subject
from history import kinds
from history.ledger import Entry, record
from history.models import Checkpoint
from permissions.models import Officer


@dataclass(frozen=True)
class Export:
    """A bundle that was made: under which checkpoint, and its own SHA-256."""

    checkpoint: Checkpoint
    sha256: str


def export(subject: Subject, out: IO[bytes], *, by: Officer | None, attachments: bool = True) -> Export:
    """Write the bundle to `out`, then record who took it; `by` is None for whoever runs the server.

    It holds no more of the officers than `by` sees on the desk. The event stands with what the officer read,
    and names the very bytes that were taken along, and the files behind the list of a decision: whoever asks
    who took one of them finds it.
    """
    personnel = by is None or sight.is_of_everything(by)
    built = build(subject, out, attachments=attachments, personnel=personnel)
    sha256 = _digest_of(out)
    actor = str(by.uid) if by else "console"
    with transaction.atomic():
        record(
            Entry(
                stream=f"readings:{actor}",
                kind=kinds.LEDGER_EXPORTED,
                actor=actor,
                role="auditor" if by else "",
                action="export_evidence",
                data={
                    "subject": subject.stream or EVERYTHING.about,
                    "checkpoint": built.checkpoint.number,
                    "attachments": attachments,
                    "sha256": sha256,
                }
                | ({"files": sorted(built.listed - {subject.stream})} if subject.about == "decision" else {}),
                text={"actor": by.full_name if by else actor, "subject": subject.reference},
            )
        )
    out.seek(0)
    return Export(built.checkpoint, sha256)


def _digest_of(out: IO[bytes]) -> str:
    hasher = hashlib.sha256()
    out.seek(0)
    while chunk := out.read(CHUNK):
        hasher.update(chunk)
    return hasher.hexdigest()

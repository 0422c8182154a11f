"""Signed checkpoints of the log: made, found, and their short code."""

import base64
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Subquery
from django.db.models.functions import TruncDate

from history import clock, keys, log, notes
from history.envelope import instant
from history.models import Checkpoint, Event, Leaf
from history.notes import Kept, Note

TRIES = 3  # while another key is introduced
PATIENCE = 5.0  # seconds for which another sealer is waited for


def note_of(checkpoint: Checkpoint) -> Note:
    """Return a stored checkpoint as it was signed."""
    return Note(
        number=checkpoint.number,
        log=checkpoint.log,
        size=checkpoint.size,
        root=checkpoint.root,
        at=instant(checkpoint.at),
        key=checkpoint.key,
        signature=checkpoint.signature,
    )


def make(*, always: bool = False) -> Checkpoint | None:
    """Seal what is committed, sign the log as it then stands, and keep a copy outside of the database.

    None when the log has not grown since the last checkpoint, unless `always`. Raises RuntimeError
    when the file holds another key than the log's, or when the log does not continue the last checkpoint
    that was kept outside: a log that lost its tail is not signed again.
    """
    for _attempt in range(TRIES):
        with transaction.atomic():
            keys.signing_key()  # the first use introduces it, and is sealed with the rest
        log.seal(patience=PATIENCE)
        with transaction.atomic():
            private = keys.signing_key()
            size = log.size()
            if keys.is_sealed(size):
                return _sign(private, size, always)
        # another key was introduced since the sealing: what it signs has to hold its introduction
    raise RuntimeError("The key's introduction has no place in the log yet: no checkpoint was signed.")


def _sign(private: Ed25519PrivateKey, size: int, always: bool) -> Checkpoint | None:
    last = latest()
    _check_witness(size)
    if last and last.size == size and not always:
        return None
    unsigned = Note(
        number=last.number + 1 if last else 1,
        log=settings.LEDGER_NAME,
        size=size,
        root=log.tree(size).root().hex(),
        at=instant(clock.now()),
        key=keys.introduced()[-1].key,
        signature="",
    )
    note = replace(unsigned, signature=private.sign(unsigned.message()).hex())
    made = Checkpoint.objects.create(**{**asdict(note), "at": datetime.fromisoformat(note.at)})
    # Kept outside before the commit: a checkpoint that nobody kept would be no witness.
    notes.keep(note)
    return made


def kept_outside() -> Kept:
    """Return what is kept outside of the database, none of it ahead of its commit."""
    with transaction.atomic():
        keys.one_at_a_time()  # whoever signs holds it from before the file is written until the commit
        return notes.kept()


def latest() -> Checkpoint | None:
    """Return the last checkpoint; None before the first."""
    return Checkpoint.objects.order_by("-number").first()


def covering(event: Event) -> Checkpoint | None:
    """Return the first checkpoint that covers `event`; None until there is one."""
    place = Leaf.objects.filter(event=event.pk).values("number")
    return Checkpoint.objects.filter(size__gt=Subquery(place)).order_by("number").first()


def printed_for(event: Event) -> Checkpoint | None:
    """Return the checkpoint whose code paper about `event` bears; None until one covers it.

    It is the last of the first day that covers it: what the witnesses got in that day's letter.
    """
    first = covering(event)
    return of_day(clock.local(first.at).date()) if first else None


def of_day(day: date) -> Checkpoint | None:
    """Return the last checkpoint of a calendar day in Việt Nam."""
    return Checkpoint.objects.filter(at__date=day).order_by("-number").first()


def known_for(leaves: Sequence[int] | None, upto: Checkpoint) -> list[Checkpoint]:
    """Return the checkpoints worth comparing with, `upto` the last: what was printed and mailed at the time.

    The first that covers each of `leaves`, and the last of each of those days; without leaves the last of every day.
    """
    day = TruncDate("at", tzinfo=clock.VIETNAM)
    found = Checkpoint.objects.filter(number__lte=upto.number)
    last_of_days = dict(found.order_by().values_list(day).annotate(last=Max("number")))
    numbers = set(last_of_days.values())
    if leaves is not None:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT DISTINCT (
                    SELECT number FROM history_checkpoint WHERE size > leaf ORDER BY size, number LIMIT 1
                ) FROM unnest(%s::bigint[]) AS leaf
                """,
                [list(leaves)],
            )
            first = {number for (number,) in cursor.fetchall()}
        days = set(found.filter(number__in=first).order_by().values_list(day, flat=True))
        numbers = first | {number for at, number in last_of_days.items() if at in days}
    return list(found.filter(number__in=numbers | {upto.number}).order_by("number"))


def short_code(root: str) -> str:
    """Return the root's first 60 bits, in three groups of four: what fits on paper and can be read out."""
    letters = base64.b32encode(bytes.fromhex(root))[:12].decode()
    return "-".join(letters[start : start + 4] for start in (0, 4, 8))


def _check_witness(size: int) -> None:
    """Refuse to sign a log that does not continue what was kept outside."""
    kept = notes.last_kept()
    if kept is None:
        return
    try:
        continues = kept.size <= size and log.tree(kept.size).root().hex() == kept.root
    except LookupError:
        continues = False
    if not continues:
        raise RuntimeError(
            f"The log of {size} events does not continue checkpoint {kept.number} of {kept.size} events "
            f"in {settings.LEDGER_WITNESS_FILE}: was an old copy restored?"
        )


__all__ = [
    "Note",
    "covering",
    "kept_outside",
    "known_for",
    "latest",
    "make",
    "note_of",
    "of_day",
    "printed_for",
    "short_code",
]

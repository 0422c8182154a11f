"""The only writer and the only reader of the ledger."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from history import clock
from history.canonical import digest
from history.kinds import KINDS
from history.models import Event, EventText
from history.request import request_id


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a caller knows of an event; the ledger adds sequence, time, day and request."""

    stream: str
    kind: str
    actor: str
    behalf: str = ""
    post: str = ""
    role: str = ""
    unit: str = ""
    step: str = ""
    action: str = ""
    from_state: str = ""
    to_state: str = ""
    reason_code: str = ""
    content_digest: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    text: dict[str, Any] = field(default_factory=dict)  # names, positions, remarks as they were
    automatic: bool = False


def record(entry: Entry) -> Event:
    """Append one event in the caller's transaction and return it.

    Raises ValueError for an unknown kind and RuntimeError outside a transaction.
    """
    return record_many([entry])[0]


def record_many(entries: Sequence[Entry]) -> list[Event]:
    """Append events, in order, with three statements however many they are.

    The rows of the streams are locked in the order of their names, so that two
    writers of the same streams wait for each other instead of deadlocking.
    Raises ValueError for an unknown kind and RuntimeError outside a transaction.
    """
    unknown = {entry.kind for entry in entries} - KINDS
    if unknown:
        raise ValueError(f"Unknown event kinds: {sorted(unknown)}")
    if not connection.in_atomic_block:
        raise RuntimeError("An event is written in the transaction of what it records.")
    if not entries:
        return []
    sequences = _reserve(entries)
    day = clock.today()
    texts = [_text(entry.text) for entry in entries]
    EventText.objects.bulk_create([text for text in texts if text])
    return Event.objects.bulk_create(
        [
            _event(entry, sequence, day, text)
            for entry, sequence, text in zip(entries, sequences, texts, strict=True)
        ]
    )


def of_stream(stream: str) -> list[tuple[Event, dict[str, Any]]]:
    """Return the events of a stream in order, each with its text (two statements)."""
    events = list(Event.objects.filter(stream=stream).order_by("sequence"))
    wanted = {event.text_digest for event in events if event.text_digest}
    texts = dict(EventText.objects.filter(digest__in=wanted).values_list("digest", "body"))
    return [(event, texts.get(event.text_digest, {})) for event in events]


def _reserve(entries: Sequence[Entry]) -> list[int]:
    """Raise each stream's head by what is needed and hand out the numbers in order."""
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry.stream] = counts.get(entry.stream, 0) + 1
    streams = sorted(counts)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO history_streamhead AS head (stream, sequence)
            SELECT * FROM unnest(%s::text[], %s::int[])
            ON CONFLICT (stream) DO UPDATE SET sequence = head.sequence + EXCLUDED.sequence
            RETURNING stream, sequence
            """,
            [streams, [counts[stream] for stream in streams]],
        )
        following = {stream: last - counts[stream] + 1 for stream, last in cursor.fetchall()}
    sequences = []
    for entry in entries:
        sequences.append(following[entry.stream])
        following[entry.stream] += 1
    return sequences


def _text(body: dict[str, Any]) -> EventText | None:
    if not body:
        return None
    salt = secrets.token_hex(16)
    return EventText(digest=digest({"salt": salt, "body": body}), salt=salt, body=body)


def _event(entry: Entry, sequence: int, day: date, text: EventText | None) -> Event:
    return Event(
        stream=entry.stream,
        sequence=sequence,
        kind=entry.kind,
        legal_day=day,
        actor=entry.actor,
        behalf=entry.behalf,
        post=entry.post,
        role=entry.role,
        unit=entry.unit,
        step=entry.step,
        action=entry.action,
        from_state=entry.from_state,
        to_state=entry.to_state,
        reason_code=entry.reason_code,
        content_digest=entry.content_digest,
        text_digest=text.digest if text else "",
        data=entry.data,
        automatic=entry.automatic,
        request_id=request_id.get(),
    )

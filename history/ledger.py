"""The only writer and the only reader of the ledger."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Max, OuterRef, QuerySet, Subquery

from history import clock
from history.canonical import check_plain
from history.envelope import event_hash, row_of, text_digest
from history.kinds import KINDS, TEXT_ERASED
from history.models import Event, EventText
from history.request import address, request_id


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
    """Append events, in order, with four statements however many they are.

    Each event holds the hash of the one before it in its stream, and its own. The rows of the
    streams are locked in the order of their names, so that two writers of the same streams wait
    for each other instead of deadlocking. Raises ValueError for an unknown kind or for what has no
    canonical form, and RuntimeError outside a transaction.
    """
    unknown = {entry.kind for entry in entries} - KINDS
    if unknown:
        raise ValueError(f"Unknown event kinds: {sorted(unknown)}")
    if not connection.in_atomic_block:
        raise RuntimeError("An event is written in the transaction of what it records.")
    if not entries:
        return []
    heads, at = _hold(entries)
    day = clock.day_of(at)
    texts = [_text(entry.text) for entry in entries]
    EventText.objects.bulk_create([text for text in texts if text])
    events = []
    for entry, text in zip(entries, texts, strict=True):
        head = heads[entry.stream]
        event = _event(entry, head, at, day, text)
        event.hash = event_hash(row_of(event))
        head.sequence, head.hash = event.sequence, event.hash
        events.append(event)
    _move(heads)
    return Event.objects.bulk_create(events)


def text_body() -> Subquery:
    """Return the text of the outer event, as a column; null where there is none."""
    return Subquery(EventText.objects.filter(digest=OuterRef("text_digest")).values("body")[:1])


def of_stream(stream: str) -> list[tuple[Event, dict[str, Any]]]:
    """Return the events of a stream in order, each with its text (one statement); one that was erased is empty."""
    events = Event.objects.filter(stream=stream).annotate(body=text_body()).order_by("sequence")
    return [(event, event.body or {}) for event in events]


def erase(stream: str, sequence: int, *, basis: str, by: str) -> Event:
    """Empty the text of an event on the legal basis `basis`; its facts and all proofs stay. Return the event of it.

    Decree 13/2023/NĐ-CP, Art. 16 [K]. Raises LookupError when there is no such event or its text is empty.
    """
    event = Event.objects.filter(stream=stream, sequence=sequence).exclude(text_digest="").first()
    if event is None or not EventText.objects.exclude(salt="").filter(digest=event.text_digest).exists():
        raise LookupError(f"{stream} {sequence} holds no text.")
    told = {"text": event.text_digest, "stream": stream, "sequence": sequence}
    recorded = record(Entry(stream="erasures", kind=TEXT_ERASED, actor=by, data=told, text={"basis": basis}))
    EventText.objects.filter(digest=event.text_digest).update(salt="", body={})
    return recorded


def texts_of(events: Iterable[Event]) -> dict[str, dict[str, Any]]:
    """Return the texts of `events` by their digest (one statement); one that was erased is empty."""
    wanted = {event.text_digest for event in events if event.text_digest}
    return dict(EventText.objects.filter(digest__in=wanted).values_list("digest", "body"))


def under_delegation(delegation: str, *, by: str, behalf: str) -> QuerySet[Event]:
    """Return what the officer `by` did for `behalf` under a delegation (all opaque identities), the newest first.

    What followed by itself is left out: it belongs to the act that it followed.
    """
    acts = Event.objects.filter(actor=by, behalf=behalf, data__delegation=delegation, automatic=False)
    return acts.order_by("-at", "-pk")


def last_at(stream: str, kind: str) -> datetime | None:
    """Return when the last event of this kind was written on a stream (UTC); None if there is none."""
    return Event.objects.filter(stream=stream, kind=kind).aggregate(last=Max("at"))["last"]


@dataclass
class _Head:
    """Where a stream stands: the last sequence and hash."""

    sequence: int
    hash: bytes


def _hold(entries: Sequence[Entry]) -> tuple[dict[str, _Head], datetime]:
    """Lock the head of each stream and return it, with the database's clock as it then is."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO history_streamhead AS head (stream, sequence, hash)
            SELECT stream, 0, '' FROM unnest(%s::text[]) AS stream
            ON CONFLICT (stream) DO UPDATE SET sequence = head.sequence
            RETURNING stream, sequence, hash, clock_timestamp()
            """,
            [sorted({entry.stream for entry in entries})],
        )
        rows = cursor.fetchall()
    return {stream: _Head(sequence, bytes(last)) for stream, sequence, last, _at in rows}, rows[-1][3]


def _move(heads: dict[str, _Head]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE history_streamhead AS head SET sequence = moved.sequence, hash = moved.hash
            FROM unnest(%s::text[], %s::int[], %s::bytea[]) AS moved (stream, sequence, hash)
            WHERE head.stream = moved.stream
            """,
            [list(heads), [head.sequence for head in heads.values()], [head.hash for head in heads.values()]],
        )


def _text(body: dict[str, Any]) -> EventText | None:
    """The text of an event, with the address that the request came from; both can lawfully be erased."""
    came = address.get()
    if came:
        body = {**body, "address": came}
    if not body:
        return None
    check_plain(body)
    salt = secrets.token_hex(16)
    return EventText(digest=text_digest(salt, body), salt=salt, body=body)


def _event(entry: Entry, head: _Head, at: datetime, day: date, text: EventText | None) -> Event:
    check_plain(entry.data)
    return Event(
        stream=entry.stream,
        sequence=head.sequence + 1,
        kind=entry.kind,
        at=at,
        legal_day=day,
        actor=entry.actor,
        behalf=entry.behalf,
        post=entry.post,
        role=entry.role,
        unit=entry.unit,
        step=str(entry.step),
        action=entry.action,
        from_state=str(entry.from_state),
        to_state=str(entry.to_state),
        reason_code=str(entry.reason_code),
        content_digest=entry.content_digest,
        text_digest=text.digest if text else "",
        data=entry.data,
        automatic=entry.automatic,
        request_id=request_id.get(),
        previous=head.hash.hex(),
    )

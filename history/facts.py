"""The ledger as an auditor reads it: every event with its text, in the order of the log or stream by stream."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery

from history.kinds import LEDGER_EXPORTED
from history.ledger import text_body
from history.models import Event, Leaf

CHUNK = 2_000
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fact:
    """An event with its names; nothing of it comes from anywhere else."""

    stream: str
    sequence: int
    kind: str
    at: datetime
    legal_day: date
    actor: str
    behalf: str
    post: str
    role: str
    unit: str
    step: str
    action: str
    from_state: str
    to_state: str
    reason_code: str
    content_digest: str
    data: dict[str, Any]
    automatic: bool
    text: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.stream} {self.sequence}"

    @property
    def after(self) -> dict[str, Any]:
        """What stood when it had happened."""
        return self.data.get("after", {})

    @property
    def about(self) -> str:
        """What the stream is about: the part before the colon."""
        return self.stream.partition(":")[0]

    @property
    def key(self) -> str:
        return self.stream.partition(":")[2]


FIELDS = tuple(field.name for field in fields(Fact) if field.name != "text")


def in_order(**only: Any) -> Iterator[Fact]:
    """Yield the events in the order of the log, those that wait for their place last; `only` filters them."""
    leaf = Leaf.objects.filter(event=OuterRef("pk")).values("number")[:1]
    rows = Event.objects.filter(**only).annotate(place=Subquery(leaf), body=text_body())
    rows = rows.order_by(F("place").asc(nulls_last=True), "pk")
    for *values, body in rows.values_list(*FIELDS, "body").iterator(CHUNK):
        yield _fact(values, body)


def by_stream(**only: Any) -> Iterator[Fact]:
    """Yield the events stream by stream, each in its order."""
    rows = Event.objects.filter(**only).annotate(body=text_body()).order_by("stream", "sequence")
    for *values, body in rows.values_list(*FIELDS, "body").iterator(CHUNK):
        yield _fact(values, body)


def by_key(keys: Iterable[int]) -> dict[int, Fact]:
    """Return events by their key; one statement."""
    rows = Event.objects.filter(pk__in=list(keys)).annotate(body=text_body())
    return {key: _fact(values, body) for key, *values, body in rows.values_list("pk", *FIELDS, "body")}


def in_places(first: int, count: int) -> tuple[dict[int, Fact], int]:
    """Return the events at `count` places of the log from `first` on, by key and in that order, and the place after.

    Two statements. A place whose event is missing is passed by: to say so in full is for the verification.
    """
    leaves = Leaf.objects.filter(number__gte=first).order_by("number")[:count]
    places = dict(leaves.values_list("event", "number"))
    found = by_key(places)
    for key, number in places.items():
        if key not in found:
            logger.error("the event %s, at place %s of the log, is missing", key, number)
    after = max(places.values(), default=first - 1) + 1
    return {key: found[key] for key in places if key in found}, after


def beyond(place: int) -> Iterator[Fact]:
    """Yield the events that stand at this place of the log or later, or wait for theirs."""
    before = Leaf.objects.filter(event=OuterRef("pk"), number__lt=place)
    rows = Event.objects.filter(~Exists(before)).order_by("pk")
    for values in rows.values_list(*FIELDS).iterator(CHUNK):
        yield _fact(list(values), None)


def keys_of(names: Iterable[tuple[str, int]]) -> list[int]:
    """Return the keys of the events with these streams and sequences; one statement, none for no event."""
    query = Q()
    for stream, sequence in names:
        query |= Q(stream=stream, sequence=sequence)
    return list(Event.objects.filter(query).values_list("pk", flat=True)) if query else []


def exports_with(stream: str) -> list[int]:
    """Return the keys of the exports in which a file or decision lies without being their subject; one statement.

    Those are of a decision that lists the file, and of everything.
    """
    held = Q(data__files__contains=[stream]) | Q(data__subject="all")
    return list(Event.objects.filter(held, kind=LEDGER_EXPORTED).values_list("pk", flat=True))


def _fact(values: list[Any], body: dict[str, Any] | None) -> Fact:
    return Fact(**dict(zip(FIELDS, values, strict=True)), text=body or {})

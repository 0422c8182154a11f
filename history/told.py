"""One stream as its timeline tells it: each event with its text, its place in the log, and what proves it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from history.facts import FIELDS, Fact
from history.models import Checkpoint, Event, EventText, Leaf


@dataclass(frozen=True)
class Told:
    """An event with all that the ledger says of it."""

    event: Event
    text: dict[str, Any]
    place: int | None  # in the log, from 0; None until it is sealed
    checkpoint: int | None  # the number of the first one that covers it

    @property
    def fact(self) -> Fact:
        return Fact(**{name: getattr(self.event, name) for name in FIELDS}, text=self.text)


def timeline(stream: str) -> list[Told]:
    """Return the events of a stream in order; one statement, however many there are."""
    leaf = Leaf.objects.filter(event=OuterRef("pk")).values("number")[:1]
    text = EventText.objects.filter(digest=OuterRef("text_digest")).values("body")[:1]
    covering = Checkpoint.objects.filter(size__gt=OuterRef("place")).order_by("size", "number")
    rows = (
        Event.objects.filter(stream=stream)
        .annotate(place=Subquery(leaf), body=Subquery(text))
        .annotate(checkpoint=Subquery(covering.values("number")[:1]))
        .order_by("sequence")
    )
    return [Told(event, event.body or {}, event.place, event.checkpoint) for event in rows]


def has_gap(told: Sequence[Told]) -> bool:
    """Whether an event is missing between the first and the last, or before the first."""
    return [item.event.sequence for item in told] != list(range(1, len(told) + 1))


def last_acts(
    streams: Iterable[str], actions: Iterable[str], *, until: datetime | None = None
) -> dict[tuple[str, str], Fact]:
    """Return the last event of each of `actions` on each of `streams`, by both; one statement."""
    text = EventText.objects.filter(digest=OuterRef("text_digest")).values("body")[:1]
    rows = Event.objects.filter(stream__in=list(streams), action__in=list(actions))
    if until is not None:
        rows = rows.filter(at__lte=until)
    rows = rows.annotate(body=Subquery(text)).order_by("stream", "action", "-sequence")
    told = [Told(event, event.body or {}, None, None).fact for event in rows.distinct("stream", "action")]
    return {(fact.stream, fact.action): fact for fact in told}

"""Events taken out of the ledger whole, with their places in the log: what is given away as evidence."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef

from history import log
from history.canonical import written
from history.envelope import COLUMNS, as_object
from history.kinds import TEXT_ERASED
from history.merkle import inclusion_proofs
from history.models import Event, EventText, Leaf

CHUNK = 500  # events read, and proven, at once


@dataclass(frozen=True)
class Taken:
    """An event as it stands in the log; its text is None once it was erased."""

    leaf: int
    event: dict[str, Any]  # the columns that its hash covers
    text: dict[str, Any] | None  # salt and body
    proof: list[str] | None = None  # None where the whole log is there

    @property
    def line(self) -> bytes:
        """The event as a line of evidence, in canonical form."""
        told: dict[str, Any] = {"event": self.event, "leaf": self.leaf, "text": self.text}
        return written(told if self.proof is None else told | {"proof": self.proof}).encode() + b"\n"


def leaves(size: int, **only: Any) -> list[int]:
    """Return the places of the events that `only` filters, in the log of `size` events, in its order."""
    events = Event.objects.filter(**only).order_by().values("pk")
    found = Leaf.objects.filter(number__lt=size, event__in=events).order_by("number")
    return list(found.values_list("number", flat=True))


def taken(numbers: Iterable[int], *, proven_in: int = 0) -> Iterator[Taken]:
    """Yield the events at these places; with their proofs in the log of `proven_in` events, if that is given."""
    waiting = iter(numbers)
    while chunk := list(islice(waiting, CHUNK)):
        proofs: dict[int, list[str]] = {}
        if proven_in:
            paths = inclusion_proofs(chunk, proven_in, log.read)
            proofs = {
                number: [node.hex() for node in path] for number, path in zip(chunk, paths, strict=True)
            }
        for number, event, text in _read(chunk):
            yield Taken(number, event, text, proofs.get(number))


def is_covered(stream: str, size: int) -> bool:
    """Whether every event of a stream has its place in the log of `size` events."""
    sealed = Leaf.objects.filter(event=OuterRef("pk"), number__lt=size)
    return not Event.objects.filter(~Exists(sealed), stream=stream).exists()


def emptied_since(size: int) -> list[int]:
    """Return the places, in the log of `size` events, of those whose text was erased by an event beyond it."""
    covered = Leaf.objects.filter(event=OuterRef("pk"), number__lt=size)
    told = Event.objects.filter(~Exists(covered), kind=TEXT_ERASED).values_list("data__text", flat=True)
    digests = list(told)
    return leaves(size, text_digest__in=digests) if digests else []


def _read(numbers: list[int]) -> Iterator[tuple[int, dict[str, Any], dict[str, Any] | None]]:
    """The events of some places with their texts; three statements."""
    places = dict(Leaf.objects.filter(number__in=numbers).values_list("event", "number"))
    rows = {places[pk]: row for pk, *row in Event.objects.filter(pk__in=places).values_list("pk", *COLUMNS)}
    events = {number: as_object(rows[number]) for number in sorted(rows)}
    wanted = {event["text_digest"] for event in events.values()} - {""}
    stored = (
        EventText.objects.filter(digest__in=wanted).exclude(salt="").values_list("digest", "salt", "body")
    )
    texts = {digest: {"body": body, "salt": salt} for digest, salt, body in stored}
    for number, event in events.items():
        yield number, event, texts.get(event["text_digest"])

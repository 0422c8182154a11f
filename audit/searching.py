"""A search of the index: what was asked as one Q, and pages of it by key, never by number."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet

from audit import words
from audit.models import Entry
from audit.sight import Sight
from history import clock
from permissions.models import Unit, UnitClosure

PER_PAGE = 50
CHUNK = 1_000  # rows of one fetch of an export
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEWEST = ("-at", "-event")


class Lexemes(SearchQuery):
    """A tsquery as it is (`tsquery('…')`): what was stored as lexemes is not parsed again when it is searched."""

    SEARCH_TYPES = {"raw": "tsquery"}


@dataclass(frozen=True)
class Window:
    """A page: its entries, the newest first, and where the pages beside it begin ("" where there is none)."""

    entries: Sequence[Entry]
    newer: str = ""
    older: str = ""


def find(sight: Sight, wanted: Mapping[str, Any]) -> QuerySet[Entry]:
    """Return the entries in sight that were asked for; what is empty narrows nothing."""
    query = sight.entries
    for name, ask in FILTERS.items():
        if wanted.get(name) not in (None, "", False):
            query &= ask(wanted)
    return Entry.objects.filter(query)


def page(found: QuerySet[Entry], *, before: str = "", after: str = "", size: int = PER_PAGE) -> Window:
    """Return the page that follows the entry `before`, or that precedes `after`; one statement.

    Both are places as `place` writes them. What happens meanwhile moves no entry to another page.
    """
    found, start, end = found.defer("words"), _read(before), _read(after)
    if end is not None:
        later = list(found.filter(_later(*end)).order_by("at", "event")[: size + 1])
        if later:
            entries = later[:size][::-1]
            return Window(entries, place(entries[0]) if len(later) > size else "", place(entries[-1]))
    if start is not None:
        found = found.filter(_earlier(*start))
    entries = list(found.order_by(*NEWEST)[: size + 1])
    more = len(entries) > size
    entries = entries[:size]
    newer = place(entries[0]) if start is not None and entries else ""
    return Window(entries, newer, place(entries[-1]) if more else "")


def chunks(found: QuerySet[Entry], most: int) -> Iterator[Sequence[Entry]]:
    """Yield what was found, the newest first, at most `most` entries, in pieces."""
    before, left = "", most
    while left:
        window = page(found, before=before, size=min(CHUNK, left))
        if window.entries:
            yield window.entries
        left -= len(window.entries)
        before = window.older
        if not before:
            return


def place(entry: Entry) -> str:
    """Return where an entry stands, as it is written into an address."""
    return f"{(entry.at - EPOCH) // timedelta(microseconds=1)}-{entry.event}"


def _read(place: str) -> tuple[datetime, int] | None:
    at, _dash, event = place.partition("-")
    if not (at.isdecimal() and event.isdecimal() and len(at) < 18 and len(event) < 19):
        return None
    try:
        return EPOCH + timedelta(microseconds=int(at)), int(event)
    except OverflowError:
        return None


def _earlier(at: datetime, event: int) -> Q:
    return Q(at__lte=at) & (Q(at__lt=at) | Q(event__lt=event))


def _later(at: datetime, event: int) -> Q:
    return Q(at__gte=at) & (Q(at__gt=at) | Q(event__gt=event))


def _unit(wanted: Mapping[str, Any]) -> Q:
    """What was done at the unit, and whatever happened to its own files and posts; with all below it, if asked."""
    unit = wanted["unit"]
    keys, codes = [unit.pk], [unit.code]
    if wanted.get("below"):
        below = UnitClosure.objects.filter(ancestor=unit).values("unit")
        rows = list(Unit.objects.filter(pk__in=below).values_list("pk", "code"))
        keys, codes = [pk for pk, _code in rows], [code for _pk, code in rows]
    return Q(scope__any_of=keys) | Q(unit__in=codes)


def _text(wanted: Mapping[str, Any]) -> Q:
    asked = words.query(wanted["q"])
    return Q(words=Lexemes(asked, search_type="raw")) if asked else Q()


# What each field of the form asks of an entry.
FILTERS: dict[str, Any] = {
    "q": _text,
    "file": lambda wanted: Q(subject=wanted["file"]),
    "person": lambda wanted: Q(actor__in=wanted["person"]),
    "unit": _unit,
    "role": lambda wanted: Q(role=wanted["role"]),
    "action": lambda wanted: Q(action=wanted["action"]),
    "kind": lambda wanted: Q(kind=wanted["kind"]),
    "round": lambda wanted: Q(programme=wanted["round"]),
    "since": lambda wanted: Q(at__gte=clock.midnight(wanted["since"])),
    "until": lambda wanted: Q(at__lt=clock.midnight(wanted["until"]) + timedelta(days=1)),
}

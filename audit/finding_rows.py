"""What a finding lists: rows of cells, each with the way to the timelines of the files behind it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import Truncator

from audit.files import MODELS, WITH, address
from audit.timeline import entry_of
from history.clock import moment
from history.ledger import texts_of
from history.models import Event
from nominations.models import Nomination
from permissions.tables import Cell

LONGEST = 200  # characters of a reason in a list
MOST = 50  # rows on a page; whoever needs more narrows the period


@dataclass(frozen=True)
class Row:
    """One thing that was found; the first cell names it, `links` lead to further timelines."""

    cells: Sequence[Cell]
    links: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Found:
    """The list of a finding: headings, rows, and whether there are more than are shown."""

    heads: Sequence[str] = ()
    rows: Sequence[Row] = field(default_factory=list)
    more: bool = False

    @property
    def labelled(self) -> list[dict[str, Any]]:
        """The rows with the heading of each cell, which a phone shows beside it."""
        return [
            {"cells": list(zip(self.heads, row.cells, strict=True)), "links": row.links} for row in self.rows
        ]


@dataclass(frozen=True)
class Named:
    """A file as a list names it."""

    reference: str
    about: str
    url: str

    def cell(self, event: int | None = None) -> Cell:
        return Cell(self.reference, f"{self.url}#event-{event}" if event else self.url, self.about)


def found(heads: Sequence[str], rows: Sequence[Row]) -> Found:
    """Return a list of at most `MOST` rows, of one more that were asked for."""
    return Found(heads, rows[:MOST], len(rows) > MOST)


def named(streams: Iterable[str]) -> dict[str, Named]:
    """Return the files behind streams; one statement for each kind that occurs."""
    found: dict[str, Named] = {}
    for kind, model in MODELS.items():
        uids = {stream.partition(":")[2] for stream in streams if stream.startswith(f"{kind}:")}
        if uids:
            for subject in model._default_manager.filter(uid__in=uids).select_related(*WITH[kind]):
                about = subject.unit.name if isinstance(subject, Nomination) else str(subject.round)
                found[subject.stream] = Named(subject.reference, about, address("file_timeline", subject))
    return found


def acts(found: Iterable[Event]) -> list[Row]:
    """Return a row for each act: the file, what was done and why, by whom, when."""
    events = list(found)
    files, texts = named({event.stream for event in events}), texts_of(events)
    rows = []
    for event in events:
        told = entry_of(event, texts.get(event.text_digest, {}))
        who = ", ".join(filter(None, [told["position"], told["unit"]]))
        cells = [
            files[event.stream].cell(event.sequence),
            Cell(told["action"], meta=_said(told)),
            Cell(told["who"], meta=who),
            Cell(moment(event.at)),
        ]
        rows.append(Row(cells))
    return rows


def _said(told: Mapping[str, Any]) -> str:
    """Why, in the words of the act: the reason, and what was said of single nominees."""
    items = [": ".join(filter(None, [item["about"], item["text"]])) for item in told["remarks"]]
    return Truncator("; ".join(filter(None, [told["reason"], *items]))).chars(LONGEST)

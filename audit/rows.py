"""Entries of the index told for people: read from the ledger itself, never from the index."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from audit import subjects, wording
from audit.models import Entry
from history import clock, facts
from history.facts import Fact
from nominations.models import Programme
from permissions.catalogue import ROLES
from permissions.tables import Cell, Table

SHORT = 160  # letters of a reason in a list
FILES = ("nomination", "decision")
COLUMNS = ("when", "who", "what", "about", "why")


@dataclass(frozen=True)
class Told:
    """One event in words."""

    name: str  # stream and sequence: what the ledger calls it
    at: datetime  # by the clock of Việt Nam
    legal_day: date
    who: str
    post: str
    role: str
    what: str
    moved: str
    about: str
    about_more: str
    url: str  # the timeline of the file
    why: str
    automatic: bool


def told(entries: Sequence[Entry]) -> list[Told]:
    """Return the entries in words, in their order; the number of statements does not grow with them."""
    found = facts.by_key(entry.event for entry in entries)
    references = subjects.references({entry.subject for entry in entries})
    programmes = _programmes(entries)
    return [
        _told(entry, found[entry.event], references, programmes)
        if entry.event in found
        else _missing(entry, references)
        for entry in entries
    ]


def table(rows: Sequence[Told], columns: Sequence[str] = COLUMNS) -> Table:
    """Return rows as a table, the first column naming the row."""
    heads = {
        "when": _("Time"),
        "who": _("Officer"),
        "what": _("Act"),
        "about": _("About"),
        "why": _("Reason"),
    }
    return Table(
        _("Events, the newest first"),
        [heads[name] for name in columns],
        [_cells(row, columns) for row in rows],
    )


def timeline(stream: str) -> str:
    """Return the address of a file's timeline; "" for what is no file."""
    kind, _colon, uid = stream.partition(":")
    return reverse("audit:file_timeline", kwargs={"kind": kind, "uid": uid}) if kind in FILES else ""


def _cells(row: Told, columns: Sequence[str]) -> list[Cell]:
    walked = row.legal_day != row.at.date()
    legal = _("legal day %(day)s") % {"day": f"{row.legal_day:%d/%m/%Y}"} if walked else ""
    marks = [row.moved, _("Automatic") if row.automatic else ""]
    cells = {
        "when": Cell(clock.moment(row.at), meta=legal),
        "who": Cell(row.who, meta=row.post),
        "what": Cell(row.what, meta=" · ".join(mark for mark in marks if mark)),
        "about": Cell(row.about, row.url, row.about_more),
        "why": Cell(Truncator(row.why).chars(SHORT)),
    }
    return [cells[name] for name in columns]


def _told(entry: Entry, fact: Fact, references: Mapping[str, str], programmes: Mapping[str, str]) -> Told:
    about, more = _about(entry.subject, fact, references, programmes)
    return Told(
        name=fact.name,
        at=clock.local(fact.at),
        legal_day=fact.legal_day,
        who=wording.who(fact),
        post=wording.post(fact),
        role=str(ROLES[fact.role].label) if fact.role in ROLES else fact.role,
        what=wording.what(fact),
        moved=wording.moved(fact),
        about=about,
        about_more=more,
        url=timeline(entry.subject) if entry.subject in references else "",
        why=wording.why(fact),
        automatic=fact.automatic,
    )


def _missing(entry: Entry, references: Mapping[str, str]) -> Told:
    """What is left of an event that the index knows and the ledger does not hold any more."""
    at = clock.local(entry.at)
    return Told(
        name=entry.stream, at=at, legal_day=at.date(), who="", post="", role="",
        what=_("Event %(number)s is missing from the ledger") % {"number": entry.event}, moved="",
        about=references.get(entry.subject, entry.subject), about_more="",
        url=timeline(entry.subject) if entry.subject in references else "", why="", automatic=False,
    )  # fmt: skip


def _about(
    subject: str, fact: Fact, references: Mapping[str, str], programmes: Mapping[str, str]
) -> tuple[str, str]:
    """What an event is about, and what is said of it besides."""
    kind, _colon, key = subject.partition(":")
    text = fact.text
    if subject in references:
        return references[subject], ""
    if kind in ("round", "programme"):
        code, _colon, year = key.partition(":")
        return " · ".join(filter(None, [programmes.get(code, code), year])), ""
    if kind == "officer":
        post = ", ".join(part for part in (text.get("position"), text.get("unit")) if part)
        return text.get("officer") or _("(name erased)"), post
    if kind == "unit":
        return text.get("name") or fact.unit or key.rpartition(":")[0], fact.unit
    if kind == "delegation":
        return f"{text.get('giver', '')} → {text.get('taker', '')}", text.get("unit", "")
    named = {
        "procedure": _("Rules of procedure"),
        "deadlines": _("Time limits"),
        "calendar": _("Calendar of working days"),
        "outbox": _("Delivery"),
        "separation": _("Separation of duties"),
        "readings": _("Search of the history"),
        "ledger": _("The ledger"),
        "all": _("The ledger"),
    }
    return named.get(kind, subject), ""


def _programmes(entries: Iterable[Entry]) -> dict[str, str]:
    named = (entry.subject.split(":")[:2] for entry in entries)
    codes = {words[-1] for words in named if words[0] in ("round", "programme")}
    return dict(Programme.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}

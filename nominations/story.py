"""What happened to a file, told for people: who, in which post, did what, when, and why."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from history import kinds
from history.ledger import of_stream
from history.models import Event
from nominations.actions import NOMINATION_TABLE
from nominations.models import Nomination
from nominations.states import ReasonCode, State

OTHER_ACTS = {
    "open": gettext_lazy("Opened the file"),
    "publish": gettext_lazy("Concluded by the published decision"),
    "close_round": gettext_lazy("Ended with the round"),
}
ASKS = ("return", "send_back")  # acts that ask the side before to do something again


@dataclass(frozen=True)
class Line:
    """One entry of the story; names, positions and words as they were recorded then."""

    at: datetime
    legal_day: date
    who: str
    position: str
    unit: str
    label: str
    action: str = ""
    from_state: str = ""
    to_state: str = ""
    reason: str = ""  # the legal ground
    note: str = ""
    version: int = 0
    route: tuple[str, ...] = ()
    remarks: tuple[dict[str, str], ...] = ()
    conclusions: tuple[dict[str, str], ...] = ()
    automatic: bool = False

    @property
    def points(self) -> tuple[dict[str, str], ...]:
        """What is to be done: the remarks, or the reason in words."""
        return self.remarks or ({"nominee_name": "", "text": self.note},)

    @property
    def to_label(self) -> str:
        return str(State(self.to_state).label) if self.to_state else ""


@dataclass(frozen=True)
class Story:
    """The lines of a file, oldest first."""

    lines: list[Line] = field(default_factory=list)

    @property
    def newest_first(self) -> list[Line]:
        return self.lines[::-1]

    def asked(self, state: str) -> Line | None:
        """Return the act that asked for what is being done in `state`: a return or sending back."""
        moves = [line for line in self.lines if line.to_state]
        last = moves[-1] if moves else None
        return last if last and last.action in ASKS and last.to_state == state else None

    def last(self, action: str) -> Line | None:
        """Return the last `action` of the story."""
        return next((line for line in self.newest_first if line.action == action), None)

    def reached(self, state: str) -> date | None:
        """Return the legal day on which the file last came to `state`."""
        days = [line.legal_day for line in self.lines if line.to_state == state != line.from_state]
        return days[-1] if days else None


def of(nomination: Nomination) -> Story:
    """Read the story of `nomination` (two statements, however long it is)."""
    lines: list[Line] = []
    for stored, events in groupby(of_stream(nomination.stream), key=_same_upload):
        if stored:
            lines.append(_uploads(list(events)))
        else:
            lines += [_line(event, text) for event, text in events]
    return Story(lines)


def _same_upload(item: tuple[Event, dict[str, Any]]) -> tuple[str, ...]:
    """Documents added by one person in a row are told as one line."""
    event, _text = item
    return (event.actor, str(event.legal_day)) if event.kind == kinds.EVIDENCE_STORED else ()


def _uploads(items: list[tuple[Event, dict[str, Any]]]) -> Line:
    event, text = items[-1]
    names = [str(body.get("name", "")) for _event, body in items]
    label = ngettext("Added %(count)s document", "Added %(count)s documents", len(items)) % {
        "count": len(items)
    }
    return Line(
        at=event.at,
        legal_day=event.legal_day,
        who=text.get("actor", ""),
        position="",
        unit="",
        label=label,
        action="attach",
        note=", ".join(names),
    )


def _line(event: Event, text: dict[str, Any]) -> Line:
    return Line(
        at=event.at,
        legal_day=event.legal_day,
        who=text.get("actor") or _("(name erased)"),
        position=text.get("position", ""),
        unit=text.get("unit", ""),
        label=_label(event),
        action=event.action,
        from_state=event.from_state,
        to_state=event.to_state,
        reason=str(ReasonCode(event.reason_code).label) if event.reason_code else "",
        note=text.get("note", ""),
        version=event.data.get("version", 0),
        route=tuple(text.get("route", ())),
        remarks=tuple(
            {"nominee_name": item.get("nominee", ""), "text": item.get("text", "")}
            for item in text.get("remarks", ())
        ),
        conclusions=tuple(_spoken(text.get("nominees", ()))),
        automatic=event.automatic,
    )


def _label(event: Event) -> str:
    row = NOMINATION_TABLE.get((event.step, event.action))
    return str(row.label if row else OTHER_ACTS.get(event.action, event.action))


def _spoken(conclusions: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return [item for item in conclusions if item.get("note")]

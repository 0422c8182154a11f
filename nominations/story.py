"""What happened to a file, told for people: who, in which post, did what, when, and why."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from history import kinds
from history.facts import Fact
from history.ledger import of_stream
from history.models import Event
from nominations.actions import DECISION_TABLE, NOMINATION_TABLE
from nominations.models import Nomination, Opinion
from nominations.states import ReasonCode, State

OTHER_ACTS = {
    "open": gettext_lazy("Opened the file"),
    "attach": gettext_lazy("Added a document"),
    "recuse": gettext_lazy("Keeps away from the file"),
    "publish": gettext_lazy("Concluded by the published decision"),
    "close_round": gettext_lazy("Ended with the round"),
    "recall_nominee": gettext_lazy("Recalled to appraisal from a draft decision"),
    "sign": gettext_lazy("Struck out by the signer, to be appraised again"),
    "abandon": gettext_lazy("Back to appraisal: the draft decision was abandoned"),
}
NAMED = ("right", "to", "unit_after", "body")  # whom or what an act names, by its name in the text
OTHER_ACTS_ON_DECISIONS = {
    "open": gettext_lazy("Compiled the list"),
    "recuse": gettext_lazy("Keeps away from the file"),
}


@dataclass(frozen=True)
class Line:
    """One entry of the story; names, positions and words as they were recorded then."""

    at: datetime
    legal_day: date
    who: str
    position: str
    unit: str
    label: str
    behalf: str = ""  # for whom, under a delegation
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
    actor: str = ""  # uid

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

    def moved(self) -> Line | None:
        """Return the last act that led the file from one step to another."""
        return next((x for x in self.newest_first if x.to_state and x.to_state != x.from_state), None)

    def led_to(self, state: str) -> bool:
        """Whether the file was ever in this state."""
        return any(line.to_state == state for line in self.lines)

    def last(self, action: str) -> Line | None:
        """Return the last `action` of the story."""
        return next((line for line in self.newest_first if line.action == action), None)


def of(nomination: Nomination) -> Story:
    """Read the story of `nomination` (one statement, however long it is)."""
    lines: list[Line] = []
    for stored, events in groupby(of_stream(nomination.stream), key=_same_upload):
        if stored:
            lines.append(_uploads(list(events)))
        else:
            lines += [_line(event, text) for event, text in events]
    return Story(lines)


def line(event: Event, text: dict[str, Any]) -> Line:
    """Return one event as a line of its own."""
    return _uploads([(event, text)]) if event.kind == kinds.EVIDENCE_STORED else _line(event, text)


def label(event: Event | Fact) -> str:
    """Return what was done to a file or a decision, in the words of the table of acts: everywhere the same."""
    if event.stream.startswith("decision:"):
        row = DECISION_TABLE.get((event.step, event.action))
        return str(row.label if row else OTHER_ACTS_ON_DECISIONS.get(event.action, event.action))
    if event.action == "publish" and event.from_state == event.to_state:
        return _("Decided in part by the published decision")
    row = NOMINATION_TABLE.get((event.step, event.action))
    return str(row.label if row else OTHER_ACTS.get(event.action, event.action))


def _same_upload(item: tuple[Event, dict[str, Any]]) -> tuple[str, ...]:
    """Documents added by one person in a row are told as one line."""
    event, _text = item
    return (event.actor, str(event.legal_day)) if event.kind == kinds.EVIDENCE_STORED else ()


def _uploads(items: list[tuple[Event, dict[str, Any]]]) -> Line:
    event, text = items[-1]
    names = [str(body.get("name", "")) for _event, body in items]
    added = ngettext("Added %(count)s document", "Added %(count)s documents", len(items))
    return Line(
        at=event.at,
        legal_day=event.legal_day,
        who=text.get("actor", ""),
        position="",
        unit="",
        label=added % {"count": len(items)},
        action="attach",
        note=", ".join(names),
        actor=event.actor,
    )


def _line(event: Event, text: dict[str, Any]) -> Line:
    return Line(
        at=event.at,
        legal_day=event.legal_day,
        who=text.get("actor") or _("(name erased)"),
        position=text.get("position", ""),
        unit=text.get("unit", ""),
        label=label(event),
        behalf=text.get("behalf", ""),
        action=event.action,
        from_state=event.from_state,
        to_state=event.to_state,
        reason=str(ReasonCode(event.reason_code).label) if event.reason_code else "",
        note=_said(event.data, text),
        version=event.data.get("version", 0),
        route=tuple(text.get("route", ())),
        remarks=tuple(
            {
                "about": item.get("about") or item.get("nominee", ""),
                "text": item.get("text", ""),
                "answer": item.get("answer", ""),
            }
            for item in (*text.get("remarks", ()), *text.get("answers", ()))
        ),
        conclusions=tuple(_spoken(text.get("nominees", ()))),
        automatic=event.automatic,
        actor=event.actor,
    )


def _spoken(conclusions: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return [item for item in conclusions if item.get("note")]


def _said(data: dict[str, Any], text: dict[str, Any]) -> str:
    """Whom or what an act named besides the reason in words: the right body, the officer, the successor."""
    named = next((text[name] for name in NAMED if text.get(name)), "")
    said = ": ".join(filter(None, [named, answered(data), text.get("note", "")]))
    return f"{said} ({text['letter']})" if text.get("letter") else said


def answered(data: dict[str, Any]) -> str:
    """Return what a body whose opinion was asked for answered; "" where the act tells of none."""
    answer = data.get("answer")
    return str(Opinion.Answer(answer).label) if answer and answer in Opinion.Answer.values else ""

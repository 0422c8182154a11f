"""What counts as done by itself: the time limits that the ledger laid down, and until when each file was due."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from audit import law
from audit.replay.known import File, Known
from audit.replay.people import Days
from history import clock
from history.facts import Fact


@dataclass
class Limit(Days):
    """A time limit of a step on some days, and whose act counts as done when it is over ("" for nobody's)."""

    which: tuple[str, str, str]  # step, award, kind of unit
    deemed_by: str


def learn(fact: Fact, known: Known) -> None:
    """Take over a time limit that was laid down or ended, or the due days that a change of the calendar moved."""
    data = fact.data
    if fact.about == "calendar":
        for stream, (_before, now) in data.get("due", {}).items():
            about, _colon, key = stream.partition(":")
            file = (known.files if about == "nomination" else known.decisions).get(key)
            if file is not None:
                file.due = now
        return
    for row in data["limits"] if fact.action == "load" else [data]:
        which, start = (
            _which(row),
            date.fromisoformat(row.get("from", "0001-01-01")),
        )  # at first it was not told
        last = date.fromisoformat(data["to"]) if fact.action == "end" else start
        for limit in known.limits:
            if limit.which == which and limit.end is None:
                limit.end = last
        if fact.action != "end":
            by = row["deemed_by"] if row["at_expiry"] == "deemed" else ""
            known.limits.append(Limit(start, None, which, by))


def deemed_faults(fact: Fact, known: Known, file: File) -> list[str]:
    """Return why what counts as done did not: it was not over, no limit says so, or it was another officer's act."""
    if fact.data.get("was_due", file.due) != file.due:
        return [_("it speaks of another due day than the file had")]
    says: dict[str, Any] | None = fact.data.get("deemed")
    alone = fact.actor in known.people.automatic
    if says is None and not fact.automatic:
        return [_("an account that works by itself did what a person does")] if alone else []
    if says is None or not fact.automatic or not alone:
        return [_("a person's act is not automatic")]
    faults = []
    if law.DEEMED.get(file.state) != fact.action:
        faults.append(_("this act never counts as done"))
    unit = known.people.unit_on(file.unit, fact.legal_day) if file.unit else None
    in_force = any(
        limit.which == _which(says) and limit.deemed_by == fact.actor and limit.hold(fact.legal_day)
        for limit in known.limits
    )
    if not in_force or says["step"] != file.state or says["unit_kind"] not in ("", unit.kind if unit else ""):
        faults.append(_("no time limit in force said that the step counts as done"))
    if not file.due or says["due"] != file.due or not _is_over(date.fromisoformat(file.due), fact):
        faults.append(_("the time for the step was not over"))
    return faults


def _which(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["step"], row["award"], row["unit_kind"]


def _is_over(due: date, fact: Fact) -> bool:
    """A day is over when it is past, or at 17:00 of itself; one that is walked has no hours."""
    local = clock.local(fact.at)
    return due < fact.legal_day or (due == fact.legal_day == local.date() and local.hour >= law.CLOSES)

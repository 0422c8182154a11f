"""The only writer of the calendar of working days: each change names its document and counts what is due anew."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from history import kinds
from history.ledger import Entry, record
from nominations import procedure
from nominations.models import CalendarDay
from nominations.transitions import timing
from nominations.working_days import SATURDAY
from permissions.models import Officer
from permissions.text import normalised

STREAM = "calendar"
Kind = CalendarDay.Kind


def of_year(year: int) -> QuerySet[CalendarDay]:
    """Return the days of one year that differ from the week's order."""
    return CalendarDay.objects.filter(day__year=year)


def years() -> list[int]:
    """Return the years for which anything is known."""
    return [day.year for day in CalendarDay.objects.dates("day", "year")]


@transaction.atomic
def load(rows: Iterable[Mapping[str, str]]) -> int:
    """Create the first calendar; only where there is none. Return how many days."""
    if CalendarDay.objects.exists():
        return 0
    days = [CalendarDay(**{**row, "day": date.fromisoformat(row["day"])}) for row in rows]
    CalendarDay.objects.bulk_create(days)
    told = {"days": {day.day.isoformat(): day.kind for day in days}}
    record(Entry(stream=STREAM, kind=kinds.RULES_CHANGED, actor="system", action="load", data=told))
    return len(days)


@transaction.atomic
def put(*, day: date, kind: str, name: str, legal_document: str, by: Officer) -> int:
    """Enter a day into the calendar; return how many files are due on another day by that.

    Raises PermissionDenied, and ValidationError for a day that is entered already, a kind that does not fit the day
    of the week, or a missing document.
    """
    _may_change(by)
    timing.hold_calendar()
    document = _document(legal_document)
    weekend = day.weekday() >= SATURDAY
    if (kind == Kind.WORKING_SWAP) != weekend:
        text = (
            _("Offices are closed on this weekend day anyway: it can only be entered as worked.")
            if weekend
            else _("Offices work on this day anyway: enter it as a day off.")
        )
        raise ValidationError({"kind": text})
    try:
        with transaction.atomic():
            CalendarDay.objects.create(day=day, kind=kind, name=normalised(name), legal_document=document)
    except IntegrityError as error:
        text = _("%(day)s is in the calendar already: take it out first.") % {"day": f"{day:%d/%m/%Y}"}
        raise ValidationError({"day": text}) from error
    return _changed("put", day, kind, document, by)


@transaction.atomic
def take_out(day: CalendarDay, *, legal_document: str, by: Officer) -> int:
    """Take a day out of the calendar, so that it follows the week's order; return how many files are due otherwise."""
    _may_change(by)
    timing.hold_calendar()
    document = _document(legal_document)
    day.delete()
    return _changed("take_out", day.day, day.kind, document, by)


def _may_change(by: Officer) -> None:
    if not procedure.may_lay_down(by):
        raise PermissionDenied(_("The calendar of working days belongs to the programme administrator."))


def _document(text: str) -> str:
    document = normalised(text)
    if not document:
        raise ValidationError({"legal_document": _("Name the document that says so, with number and date.")})
    return document


def _changed(action: str, day: date, kind: str, document: str, by: Officer) -> int:
    """Count every running clock anew, and record the change with the days that moved."""
    moved = timing.recount(day)
    data: dict[str, Any] = {"day": day.isoformat(), "kind": kind, "due": moved}
    record(
        Entry(
            stream=STREAM,
            kind=kinds.RULES_CHANGED,
            actor=str(by.uid),
            action=action,
            data=data,
            text={"legal_document": document, "by": by.full_name},
        )
    )
    return len(moved)

"""The only writer of time limits: one for each step, award and kind of unit on a legal day, recorded."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from history import clock, kinds
from history.ledger import Entry, record
from nominations import procedure
from nominations.heads import HEADS
from nominations.models import DeadlinePolicy
from nominations.models.deadlines import DEEMED_ACTS, AtExpiry
from permissions.dated import overlaps
from permissions.models import Officer
from permissions.text import normalised

STREAM = "deadlines"
WHICH = ("step", "award", "unit_kind")  # of what a time limit speaks
SAYS = ("days", "unit", "at_expiry")  # what it says
MOST_DAYS = 365


def limits() -> QuerySet[DeadlinePolicy]:
    """Return every time limit, past and to come, step by step."""
    return DeadlinePolicy.objects.select_related("deemed_by")


@transaction.atomic
def load(rows: Iterable[Mapping[str, Any]]) -> int:
    """Create the first time limits; only where there are none yet. Return how many."""
    if limits().exists():
        return 0
    policies = [
        DeadlinePolicy(**{**row, "valid_from": date.fromisoformat(row["valid_from"])}) for row in rows
    ]
    for policy in policies:
        policy.full_clean()
    DeadlinePolicy.objects.bulk_create(policies)
    _record("load", "system", {"limits": [_told(policy) for policy in policies]}, {})
    return len(policies)


@transaction.atomic
def lay_down(*, by: Officer, valid_from: date, legal_basis: str, **says: Any) -> DeadlinePolicy:
    """Lay down a time limit (`days`: working or calendar, by `unit`) from a legal day on; record it.

    The one before for the same step, award and kind of unit ends the day before. Clocks that run keep the limit by
    which they began; what happens when they are over is what is laid down then. Raises PermissionDenied, and
    ValidationError for a start in the past or not after the start of the latest, a number of days out of range, a
    missing legal basis, a report to a head where there is none, or a step that counts as done where none may, or by
    nobody.
    """
    _check(by)
    policy = DeadlinePolicy(valid_from=valid_from, legal_basis=normalised(legal_basis), **says)
    same = _same(policy)
    latest = list(same)[-1:]
    faults: dict[str, list[str]] = {}
    if valid_from < clock.today():
        faults["valid_from"] = [_("No time limit begins on a day gone by: choose today or a later day.")]
    elif latest and valid_from <= latest[0].valid_from:
        start = {"start": f"{latest[0].valid_from:%d/%m/%Y}"}
        faults["valid_from"] = [_("The latest one begins on %(start)s: choose a later day.") % start]
    if not 1 <= policy.days <= MOST_DAYS:
        faults["days"] = [_("Give 1 to %(most)s days.") % {"most": MOST_DAYS}]
    if not policy.legal_basis:
        faults["legal_basis"] = [_("A time limit rests on a legal basis: name the document.")]
    faults |= _expiry_faults(policy)
    if faults:
        raise ValidationError(faults)
    same.filter(overlaps(valid_from, None)).update(valid_to=valid_from)
    policy.save()
    _record("lay_down", str(by.uid), _told(policy), {"legal_basis": policy.legal_basis, "by": by.full_name})
    return policy


@transaction.atomic
def end(policy: DeadlinePolicy, *, by: Officer, valid_to: date, legal_basis: str) -> None:
    """Let a time limit hold no more from the legal day `valid_to` on, with none after it; record it.

    Clocks that run keep it. Raises PermissionDenied, and ValidationError for a day gone by or not after its start,
    for a limit that has ended or has a successor, or a missing legal basis.
    """
    _check(by)
    policy = DeadlinePolicy.objects.get(pk=policy.pk)
    basis = normalised(legal_basis)
    faults: dict[str, list[str]] = {}
    if policy.valid_to is not None:
        faults["limit"] = [_("This time limit has an end already.")]
    if valid_to < clock.today() or valid_to <= policy.valid_from:
        faults["valid_to"] = [_("It ends today at the earliest, and after the day on which it began.")]
    if not basis:
        faults["legal_basis"] = [_("Ending a time limit rests on a legal basis: name the document.")]
    if faults:
        raise ValidationError(faults)
    policy.valid_to = valid_to
    policy.save(update_fields=["valid_to"])
    data = _told(policy) | {"to": valid_to.isoformat()}
    _record("end", str(by.uid), data, {"legal_basis": basis, "by": by.full_name})


def _check(by: Officer) -> None:
    if not procedure.may_lay_down(by):
        raise PermissionDenied(_("Laying down time limits belongs to the programme administrator."))
    with connection.cursor() as cursor:  # one writer: that the days follow each other spans rows
        cursor.execute("LOCK TABLE nominations_deadlinepolicy IN SHARE ROW EXCLUSIVE MODE")


def _same(policy: DeadlinePolicy) -> QuerySet[DeadlinePolicy]:
    """The time limits of the same step, award and kind of unit, by their days."""
    which = {name: getattr(policy, name) for name in WHICH}
    return DeadlinePolicy.objects.filter(**which).order_by("valid_from")


def _expiry_faults(policy: DeadlinePolicy) -> dict[str, list[str]]:
    """What cannot happen when the time of this step is over."""
    if policy.at_expiry != AtExpiry.DEEMED:
        policy.deemed_by = None
        if policy.at_expiry == AtExpiry.ESCALATE and policy.step not in HEADS:
            return {"at_expiry": [_("Nobody stands above whoever does this step: choose another outcome.")]}
        return {}
    if policy.step not in DEEMED_ACTS:
        return {"at_expiry": [_("This step never counts as done by itself: choose another outcome.")]}
    if policy.deemed_by is None or not policy.deemed_by.is_automatic:
        return {"deemed_by": [_("Name the account of the system's own that does the step then.")]}
    return {}


def _told(policy: DeadlinePolicy) -> dict[str, Any]:
    """What the ledger tells of a time limit."""
    by = str(policy.deemed_by.uid) if policy.deemed_by else ""
    told = {name: getattr(policy, name) for name in (*WHICH, *SAYS)}
    return told | {"from": policy.valid_from.isoformat(), "deemed_by": by}


def _record(action: str, actor: str, data: dict[str, Any], text: dict[str, str]) -> None:
    record(Entry(stream=STREAM, kind=kinds.RULES_CHANGED, actor=actor, action=action, data=data, text=text))

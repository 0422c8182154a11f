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
from nominations.models.deadlines import AtExpiry
from permissions.dated import overlaps
from permissions.models import Officer
from permissions.text import normalised

STREAM = "deadlines"
WHICH = ("step", "award", "unit_kind")  # of what a time limit speaks
SAYS = ("days", "unit", "at_expiry")  # what it says
MOST_DAYS = 365


def limits() -> QuerySet[DeadlinePolicy]:
    """Return every time limit, past and to come, step by step."""
    return DeadlinePolicy.objects.all()


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
    told = [{name: getattr(policy, name) for name in (*WHICH, *SAYS)} for policy in policies]
    record(
        Entry(stream=STREAM, kind=kinds.RULES_CHANGED, actor="system", action="load", data={"limits": told})
    )
    return len(policies)


@transaction.atomic
def lay_down(*, by: Officer, valid_from: date, legal_basis: str, **says: Any) -> DeadlinePolicy:
    """Lay down a time limit (`days`: working or calendar, by `unit`) from a legal day on; record it.

    The one before for the same step, award and kind of unit ends the day before. Clocks that run keep the limit by
    which they began. Raises PermissionDenied, and ValidationError for a start in the past or not after the start of
    the latest, a number of days out of range, a missing legal basis, or a report to a head where there is none.
    """
    if not procedure.may_lay_down(by):
        raise PermissionDenied(_("Laying down time limits belongs to the programme administrator."))
    with connection.cursor() as cursor:  # one writer: that the days follow each other spans rows
        cursor.execute("LOCK TABLE nominations_deadlinepolicy IN SHARE ROW EXCLUSIVE MODE")
    policy = DeadlinePolicy(valid_from=valid_from, legal_basis=normalised(legal_basis), **says)
    same = DeadlinePolicy.objects.filter(**{name: says[name] for name in WHICH}).order_by("valid_from")
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
    if policy.at_expiry == AtExpiry.ESCALATE and policy.step not in HEADS:
        faults["at_expiry"] = [_("Nobody stands above whoever does this step: choose another outcome.")]
    if faults:
        raise ValidationError(faults)
    same.filter(overlaps(valid_from, None)).update(valid_to=valid_from)
    policy.save()
    record(
        Entry(
            stream=STREAM,
            kind=kinds.RULES_CHANGED,
            actor=str(by.uid),
            action="lay_down",
            data={"from": valid_from.isoformat(), **{name: says[name] for name in (*WHICH, *SAYS)}},
            text={"legal_basis": policy.legal_basis, "by": by.full_name},
        )
    )
    return policy

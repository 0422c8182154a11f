"""The only writer and the only reader of the rules of procedure: one policy for each legal day, recorded."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from history import clock, kinds
from history.ledger import Entry, record
from nominations.models import ProcedurePolicy
from permissions import grants
from permissions.catalogue import Right
from permissions.dated import overlaps
from permissions.errors import Invalid
from permissions.models import Officer
from permissions.text import normalised

MOST_SUPPLEMENTS = 9
STREAM = "procedure"


def in_force(day: date) -> ProcedurePolicy | None:
    """Return the rules of procedure in force on the legal day `day`; None before the first."""
    return ProcedurePolicy.objects.on(day).first()


def policies() -> QuerySet[ProcedurePolicy]:
    """Return all rules of procedure, past and to come, in the order of their days."""
    return ProcedurePolicy.objects.order_by("valid_from")


def may_lay_down(officer: Officer) -> bool:
    """Whether `officer` manages programmes at any unit today: the rules hold for all of them."""
    return grants.units_where(officer, Right.MANAGE_PROGRAMME).exists()


@transaction.atomic
def load(data: Mapping[str, Any], *, by: Officer | None = None) -> ProcedurePolicy:
    """Create the first rules of procedure from `data`; once. Return the first there are."""
    _one_writer()
    first = policies().first()
    if first:
        return first
    policy = ProcedurePolicy.objects.create(
        valid_from=date.fromisoformat(data["valid_from"]),
        supplements_at_most=data["supplements_at_most"],
        reroute_at_intake=data["reroute_at_intake"],
        legal_basis=normalised(data["legal_basis"]),
    )
    _record(policy, "load", by)
    return policy


@transaction.atomic
def lay_down(
    *, valid_from: date, supplements_at_most: int, reroute_at_intake: bool, legal_basis: str, by: Officer
) -> ProcedurePolicy:
    """Lay down the rules of procedure from a day on; those before end the day before; record it.

    Raises PermissionDenied, and ValidationError for a start in the past or not after the start
    of the latest rules, a number of supplements out of range, or a missing legal basis.
    """
    if not may_lay_down(by):
        raise PermissionDenied(
            _("Laying down the rules of procedure belongs to the programme administrator.")
        )
    _one_writer()
    latest = policies().last()
    legal_basis = normalised(legal_basis)
    faults = [
        *_faults_of_start(valid_from, latest),
        *_faults_of_content(supplements_at_most, legal_basis),
    ]
    if faults:
        raise ValidationError({fault.field: fault.messages for fault in faults})
    ProcedurePolicy.objects.filter(overlaps(valid_from, None)).update(valid_to=valid_from)
    policy = ProcedurePolicy.objects.create(
        valid_from=valid_from,
        supplements_at_most=supplements_at_most,
        reroute_at_intake=reroute_at_intake,
        legal_basis=legal_basis,
    )
    _record(policy, "lay_down", by, follows=latest.valid_from.isoformat() if latest else None)
    return policy


def _faults_of_start(valid_from: date, latest: ProcedurePolicy | None) -> list[Invalid]:
    if valid_from < clock.today():
        return [
            Invalid(
                "valid_from",
                _("Rules are not laid down for days gone by: choose a day from %(today)s on."),
                today=f"{clock.today():%d/%m/%Y}",
            )
        ]
    if latest and valid_from <= latest.valid_from:
        return [
            Invalid(
                "valid_from",
                _("The latest rules begin on %(start)s: new ones begin after that day, choose a later one."),
                start=f"{latest.valid_from:%d/%m/%Y}",
            )
        ]
    return []


def _faults_of_content(supplements_at_most: int, legal_basis: str) -> list[Invalid]:
    faults = []
    if not 0 <= supplements_at_most <= MOST_SUPPLEMENTS:
        faults.append(
            Invalid(
                "supplements_at_most",
                _("A file is sent back for supplement 0 to %(most)s times: choose such a number."),
                most=MOST_SUPPLEMENTS,
            )
        )
    if not legal_basis:
        faults.append(Invalid("legal_basis", _("Rules rest on a legal basis: name the document.")))
    return faults


def _one_writer() -> None:
    """One writer at a time: that the days follow each other spans rows, so no row lock can hold it."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE nominations_procedurepolicy IN SHARE ROW EXCLUSIVE MODE")


def _record(policy: ProcedurePolicy, action: str, by: Officer | None, **more: Any) -> None:
    record(
        Entry(
            stream=STREAM,
            kind=kinds.RULES_CHANGED,
            actor=str(by.uid) if by else "system",
            action=action,
            data={
                "from": policy.valid_from.isoformat(),
                "supplements_at_most": policy.supplements_at_most,
                "reroute_at_intake": policy.reroute_at_intake,
                **more,
            },
            text={"legal_basis": policy.legal_basis, "by": by.full_name if by else ""},
        )
    )

"""Posts and delegations with the grants they carry: begun, ended, recorded."""

from collections.abc import Sequence
from datetime import date

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from history import kinds
from history.ledger import Entry, record_many
from permissions.catalogue import DECISIVE, READING, ROLES, Right
from permissions.errors import Invalid
from permissions.models import Appointment, Delegation, Officer, Unit, UnitGrant


@transaction.atomic
def appoint(
    officer: Officer,
    role: str,
    unit: Unit,
    *,
    position: str,
    document: str,
    valid_from: date,
    valid_to: date | None = None,
    granted_by: Officer | None = None,
) -> Appointment:
    """Give `officer` a post, with the grants of its role for the same days (half-open).

    Raises Invalid when the role cannot sit on this kind of unit, when the post would begin before or end after the
    unit itself, and for a decisive role of an account that works by itself.
    """
    if officer.is_automatic and role in DECISIVE:
        raise Invalid("role", _("An account that works by itself holds no decisive role: choose another."))
    Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    valid_to = fitting_end(role, unit, valid_from, valid_to)
    appointment = Appointment.objects.create(
        officer=officer,
        role=role,
        unit=unit,
        position=position,
        document=document,
        valid_from=valid_from,
        valid_to=valid_to,
        granted_by=granted_by,
    )
    grant_rows = _grant(appointment)
    rights = [row.permission.codename for row in grant_rows]
    record_many([entry(kinds.APPOINTMENT_MADE, appointment, granted_by, rights)])
    return appointment


def fitting_end(role: str, unit: Unit, valid_from: date, valid_to: date | None) -> date | None:
    """Return when a post of `role` at `unit` ends: as wanted, and with the unit at the latest.

    Raises Invalid when the role cannot sit on this kind of unit, or the days lie outside of the unit's.
    """
    if unit.kind not in ROLES[role].sits_on:
        raise Invalid(
            "role",
            _("A %(role)s cannot sit on a unit of the kind “%(kind)s”."),
            role=ROLES[role].label,
            kind=unit.get_kind_display(),
        )
    if unit.valid_to and (valid_to is None or valid_to > unit.valid_to):
        valid_to = unit.valid_to
    if valid_from < unit.valid_from or (valid_to and valid_from >= valid_to):
        raise Invalid("valid_from", _("A post lies within the days of its unit (%(unit)s)."), unit=unit)
    return valid_to


@transaction.atomic
def end_appointment(
    appointment: Appointment, *, on: date, by: Officer | None = None, reason: str = ""
) -> None:
    """End a post: from the legal day `on` it carries nothing, nor does any grant or delegation of it.

    `on` today takes effect at once, for a file in the officer's hands and a page already open too.
    A post that ends on its first day never held. Raises Invalid when `on` is before the first day.
    """
    stored = Appointment.objects.select_for_update(of=("self",)).get(pk=appointment.pk)
    if on < stored.valid_from:
        raise Invalid("on", _("A post ends on its first day at the earliest."))
    appointment.valid_to = on
    appointment.save(update_fields=["valid_to"])
    cut(UnitGrant.objects.filter(appointment=appointment, delegation=None), on)
    either = Q(from_post=appointment) | Q(to_post=appointment)
    lent = Delegation.objects.filter(either, valid_to__gt=on).order_by("pk")
    end_delegations(list(lent.select_for_update(of=("self",))), on, by)
    rights = sorted(right.value for right in ROLES[appointment.role].rights)
    record_many([entry(kinds.APPOINTMENT_ENDED, appointment, by, rights, reason=reason)])


def end_delegations(delegations: list[Delegation], on: date, by: Officer | None) -> None:
    """End delegations with their grants from the legal day `on`, and record it; the rows are locked."""
    chosen = [delegation.pk for delegation in delegations]
    cut(UnitGrant.objects.filter(delegation__in=chosen), on)
    cut(Delegation.objects.filter(pk__in=chosen), on)
    Delegation.objects.filter(pk__in=chosen).update(ended_by=by)
    for delegation in delegations:
        delegation.valid_to = max(on, delegation.valid_from)
    record_many([delegation_entry(kinds.DELEGATION_ENDED, item, by) for item in delegations])


def cut(rows: QuerySet, on: date) -> None:
    """Let dated rows hold no longer than until the legal day `on`; what ended before is left alone."""
    longer = rows.filter(Q(valid_to=None) | Q(valid_to__gt=on))
    longer.update(valid_to=Greatest(F("valid_from"), on))


def hand_on(
    delegation: Delegation, *, only: Sequence[str] | None = None, since: date | None = None
) -> list[UnitGrant]:
    """Store the grants of a delegation: its rights, and reading what its post reads; `only` some, from a day on."""
    post = delegation.from_post
    reading = READING & ROLES[post.role].rights
    rights = (
        sorted({*delegation.rights, *(right.value for right in reading)}) if only is None else sorted(only)
    )
    return _rows(
        rights,
        post,
        user=delegation.to_post.officer,
        delegation=delegation,
        valid_from=since or delegation.valid_from,
        valid_to=delegation.valid_to,
    )


def delegation_entry(kind: str, delegation: Delegation, by: Officer | None) -> Entry:
    """Return the event of a delegation on its own stream, to be recorded by the caller."""
    giver, taker = delegation.from_post, delegation.to_post
    return Entry(
        stream=f"delegation:{delegation.uid}",
        kind=kind,
        actor=str(by.uid) if by else "system",
        post=str(giver.uid),
        role=giver.role,
        unit=giver.unit.code,
        data={
            "from": delegation.valid_from.isoformat(),
            "to": delegation.valid_to.isoformat() if delegation.valid_to else None,
            "rights": list(delegation.rights),
            "form": delegation.form,
            "giver": str(giver.officer.uid),
            "taker": str(taker.officer.uid),
            "to_post": str(taker.uid),
        },
        text={
            "giver": giver.officer.full_name,
            "giver_position": giver.position,
            "taker": taker.officer.full_name,
            "taker_position": taker.position,
            "unit": giver.unit.name,
            "reason": delegation.reason,
            "document": delegation.document,
            "by": by.full_name if by else "",
        },
    )


def entry(
    kind: str,
    appointment: Appointment,
    by: Officer | None,
    rights: list[str],
    *,
    grant: UnitGrant | None = None,
    reason: str = "",
    **data: object,
) -> Entry:
    """Return the event of a post on its officer's stream, to be recorded by the caller.

    With `grant`, the officer, the unit and the days are those of that grant of the post.
    """
    officer = grant.user if grant else appointment.officer
    unit = grant.content_object if grant else appointment.unit
    dated = grant or appointment
    return Entry(
        stream=f"officer:{officer.uid}",
        kind=kind,
        actor=str(by.uid) if by else "system",
        post=str(appointment.uid),
        role=appointment.role,
        unit=unit.code,
        data={
            "from": dated.valid_from.isoformat(),
            "to": dated.valid_to.isoformat() if dated.valid_to else None,
            "rights": rights,
            **data,
        },
        text={
            "officer": officer.full_name,
            "position": appointment.position,
            "unit": unit.name,
            "document": appointment.document,
            "by": by.full_name if by else "",
            "identity": officer.identity_hash,  # separation of duties looks at it
        }
        | ({"reason": reason} if reason else {}),
    )


def _grant(appointment: Appointment) -> list[UnitGrant]:
    rights = sorted(Right(right).value for right in ROLES[appointment.role].rights)
    return _rows(
        rights,
        appointment,
        user=appointment.officer,
        valid_from=appointment.valid_from,
        valid_to=appointment.valid_to,
    )


def _rows(rights: list[str], appointment: Appointment, **values: object) -> list[UnitGrant]:
    permissions = Permission.objects.filter(
        content_type__app_label="permissions", content_type__model="unit", codename__in=rights
    ).order_by("codename")
    rows = [
        UnitGrant(permission=permission, content_object=appointment.unit, appointment=appointment, **values)
        for permission in permissions
    ]
    if len(rows) != len(rights):
        raise RuntimeError(f"Rights without a permission row: {rights}; run the migrations.")
    return UnitGrant.objects.bulk_create(rows)

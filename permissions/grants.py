"""The only door to grants: who holds which right at which unit on which legal day."""

from collections.abc import Iterable
from datetime import date

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from history import clock, kinds
from history.ledger import Entry, record_many
from permissions.catalogue import ROLES, Right
from permissions.errors import Invalid
from permissions.models import Appointment, Officer, Unit, UnitClosure, UnitGrant


def units_where(
    officer: Officer, right: str, *, post: Appointment | None = None, day: date | None = None
) -> QuerySet:
    """Return the ids of the units at which `officer` holds `right`, to be used as a subquery.

    `post` narrows to one appointment; `day` is a legal day (default: today). An inactive
    officer holds nothing.
    """
    held = UnitGrant.objects.on(day or clock.today()).filter(
        user=officer, user__is_active=True, permission__codename=right
    )
    if post is not None:
        held = held.filter(appointment=post)
    return held.values("content_object")


def units_under(officer: Officer, right: str, *, day: date | None = None) -> QuerySet:
    """Return the ids of the units at or below which `officer` holds `right` (a subquery).

    A unit that has ended stays below its former ancestors: old files remain in scope.
    """
    ancestors = units_where(officer, right, day=day)
    return UnitClosure.objects.filter(ancestor__in=ancestors).values("unit")


def rights_anywhere(officer: Officer, *, day: date | None = None) -> set[str]:
    """Return the rights that `officer` holds at any unit on the legal day `day`."""
    held = UnitGrant.objects.on(day or clock.today()).filter(user=officer, user__is_active=True)
    return set(held.values_list("permission__codename", flat=True).distinct())


def rights_at(officer: Officer, unit: Unit, *, day: date | None = None) -> set[str]:
    """Return the rights that `officer` holds at `unit` on the legal day `day`."""
    held = UnitGrant.objects.on(day or clock.today()).filter(
        user=officer, user__is_active=True, content_object=unit
    )
    return set(held.values_list("permission__codename", flat=True))


def posts_with(officer: Officer, right: str, unit: Unit, *, day: date | None = None) -> QuerySet[Appointment]:
    """Return the posts in which `officer` holds `right` at `unit` today, oldest first."""
    day = day or clock.today()
    held = UnitGrant.objects.on(day).filter(
        user=officer, user__is_active=True, permission__codename=right, content_object=unit
    )
    return Appointment.objects.filter(pk__in=held.values("appointment")).select_related("unit")


def posts_by_right(officer: Officer, units: Iterable[Unit]) -> dict[tuple[int, str], list[Appointment]]:
    """Return the posts in which `officer` holds a right at one of `units` today, oldest first; one statement.

    The keys are (primary key of the unit, right).
    """
    held = UnitGrant.objects.on(clock.today()).filter(
        user=officer, user__is_active=True, content_object__in={unit.pk for unit in units}
    )
    found: dict[tuple[int, str], list[Appointment]] = {}
    rows = held.select_related("appointment__unit", "permission")
    for grant in rows.order_by("appointment__valid_from", "appointment"):
        key = (grant.content_object_id, grant.permission.codename)
        found.setdefault(key, []).append(grant.appointment)
    return found


def post_with(officer: Officer, right: str, unit: Unit) -> Appointment:
    """Return the oldest post in which `officer` holds `right` at `unit` today.

    Raises PermissionDenied when there is none.
    """
    post = posts_with(officer, right, unit).first()
    if post is None:
        raise PermissionDenied(_("No post held today carries this right at %(unit)s.") % {"unit": unit})
    return post


def holders(right: str, unit: Unit, *, day: date | None = None) -> QuerySet[Officer]:
    """Return the active officers who hold `right` at `unit` on the legal day `day`."""
    held = UnitGrant.objects.on(day or clock.today()).filter(permission__codename=right, content_object=unit)
    return Officer.objects.filter(is_active=True, pk__in=held.values("user"))


def officers_with_posts(*, day: date | None = None) -> QuerySet[Officer]:
    """Return the active officers who hold any right at any unit on the legal day `day`."""
    held = UnitGrant.objects.on(day or clock.today()).values("user")
    return Officer.objects.filter(is_active=True, pk__in=held)


def posts_of(officer: Officer, *, day: date | None = None) -> QuerySet[Appointment]:
    """Return the posts that `officer` holds on the legal day `day` (default: today)."""
    return Appointment.objects.on(day or clock.today()).filter(officer=officer).select_related("unit")


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

    Raises Invalid when the role cannot sit on this kind of unit, or when the post would
    begin before or end after the unit itself.
    """
    Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
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


@transaction.atomic
def end_appointment(appointment: Appointment, *, on: date, by: Officer | None = None) -> None:
    """End a post: from the legal day `on` it carries nothing, and no grant of it does.

    Raises Invalid when the post would end before its second day: rows keep their history.
    """
    Appointment.objects.select_for_update(of=("self",)).get(pk=appointment.pk)
    if on <= appointment.valid_from:
        raise Invalid("on", _("A post ends after the day on which it began."))
    appointment.valid_to = on
    appointment.save(update_fields=["valid_to"])
    UnitGrant.objects.filter(appointment=appointment).update(valid_to=on)
    record_many([entry(kinds.APPOINTMENT_ENDED, appointment, by, sorted(ROLES[appointment.role].rights))])


def entry(
    kind: str,
    appointment: Appointment,
    by: Officer | None,
    rights: list[str],
    *,
    grant: UnitGrant | None = None,
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
        },
    )


def _grant(appointment: Appointment) -> list[UnitGrant]:
    rights = sorted(Right(right).value for right in ROLES[appointment.role].rights)
    permissions = Permission.objects.filter(
        content_type__app_label="permissions", content_type__model="unit", codename__in=rights
    ).order_by("codename")
    rows = [
        UnitGrant(
            user=appointment.officer,
            permission=permission,
            content_object=appointment.unit,
            appointment=appointment,
            valid_from=appointment.valid_from,
            valid_to=appointment.valid_to,
        )
        for permission in permissions
    ]
    if len(rows) != len(rights):
        raise RuntimeError(f"Rights without a permission row: {rights}; run the migrations.")
    return UnitGrant.objects.bulk_create(rows)

"""What administrators do with posts: give, propose, confirm, refuse, end; never to themselves."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from history import clock, kinds
from history.ledger import Entry, record
from permissions import grants
from permissions.catalogue import DECISIVE, ROLES, Right
from permissions.errors import Invalid
from permissions.models import Appointment, Officer, PendingAppointment, Unit
from permissions.text import normalised

LEAST_ADMINISTRATORS = 2  # two pairs of eyes need two people
ADMINISTRATOR = "system_administrator"


class Decided(Exception):
    """Another administrator was first: the proposal is confirmed or refused already."""

    def __init__(self, pending: PendingAppointment):
        super().__init__(f"{pending.uid} is {pending.status}")
        self.pending = pending


def managed_units(by: Officer) -> QuerySet[Unit]:
    """Return the units whose accounts and posts `by` manages today: where the right is held, and all below."""
    return Unit.objects.filter(pk__in=grants.units_under(by, Right.MANAGE_ACCOUNTS))


@transaction.atomic
def appoint(
    officer: Officer, role: str, unit: Unit, *, position: str, document: str, valid_from: date,
    valid_to: date | None = None, by: Officer,
) -> Appointment | PendingAppointment:  # fmt: skip
    """Give `officer` a post, or propose it when the role is decisive; days are legal days, half-open.

    Raises PermissionDenied for a unit that `by` does not manage and for oneself, and Invalid for a
    role that cannot sit there, days outside the unit's, a missing text, or a proposal that waits already.
    """
    _check(by, unit, officer)
    position, document = normalised(position), normalised(document)
    for field, text in (("position", position), ("document", document)):
        if not text:
            raise Invalid(
                field, _("A post has its position as printed and its legal document: fill in both.")
            )
    if role in DECISIVE:
        return propose(
            officer, role, unit, position=position, document=document, valid_from=valid_from, valid_to=valid_to, by=by
        )  # fmt: skip
    return grants.appoint(
        officer, role, unit, position=position, document=document, valid_from=valid_from, valid_to=valid_to,
        granted_by=by,
    )  # fmt: skip


@transaction.atomic
def propose(
    officer: Officer, role: str, unit: Unit, *, position: str, document: str, valid_from: date,
    valid_to: date | None = None, by: Officer | None,
) -> PendingAppointment:  # fmt: skip
    """Store a post that another administrator has to confirm. `by` is None from the console.

    Raises Invalid for a role that cannot sit there, days outside the unit's, or when it waits already.
    """
    end_ = grants.fitting_end(role, unit, valid_from, valid_to)
    waiting = PendingAppointment.objects.filter(officer=officer, role=role, unit=unit, status="pending")
    if waiting.exists():
        raise Invalid("role", _("This post is proposed already and waits for another administrator."))
    pending = PendingAppointment.objects.create(
        officer=officer, role=role, unit=unit, position=position, document=document, valid_from=valid_from,
        valid_to=end_, proposed_by=by,
    )  # fmt: skip
    record(_entry(kinds.APPOINTMENT_PROPOSED, pending, by))
    return pending


@transaction.atomic
def confirm(pending: PendingAppointment, *, by: Officer) -> Appointment:
    """Turn a proposal into a post, as another administrator than who proposed it and than the appointee.

    Raises PermissionDenied, Decided when somebody was first, and Invalid when the post no longer fits.
    """
    locked = _undecided(pending, by)
    post = grants.appoint(
        locked.officer, locked.role, locked.unit, position=locked.position, document=locked.document,
        valid_from=locked.valid_from, valid_to=locked.valid_to, granted_by=by,
    )  # fmt: skip
    _decide(locked, PendingAppointment.Status.CONFIRMED, by, appointment=post)
    record(_entry(kinds.APPOINTMENT_CONFIRMED, locked, by, appointment=str(post.uid)))
    return post


@transaction.atomic
def refuse(pending: PendingAppointment, *, reason: str, by: Officer) -> PendingAppointment:
    """Refuse a proposal with a reason; the proposer cannot. Raises as `confirm`, and Invalid without a reason."""
    locked = _undecided(pending, by)
    if not normalised(reason):
        raise Invalid("reason", _("State why it is refused."))
    _decide(locked, PendingAppointment.Status.REFUSED, by, reason=normalised(reason))
    record(_entry(kinds.APPOINTMENT_REFUSED, locked, by))
    return locked


@transaction.atomic
def end(appointment: Appointment, *, on: date, reason: str, by: Officer) -> Appointment:
    """End a post from the legal day `on` (today: at once), with everything that hangs on it.

    Raises PermissionDenied for a unit that `by` does not manage and for oneself, and Invalid without a
    reason, for a day gone by, for a post that has ended, or when too few administrators would remain.
    """
    locked = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("unit", "officer")
        .get(pk=appointment.pk)
    )
    _check(by, locked.unit, locked.officer)
    if not normalised(reason):
        raise Invalid("reason", _("State the reason or the legal document."))
    if on < clock.today():
        raise Invalid("on", _("A post is not ended for days gone by: choose a day from today on."))
    if locked.has_ended(on):
        raise Invalid("on", _("The post ends earlier already."))
    if locked.role == ADMINISTRATOR and len(administrators(on) - {locked.officer_id}) < LEAST_ADMINISTRATORS:
        raise Invalid("on", _("Two system administrators have to remain: appoint another one first."))
    grants.end_appointment(locked, on=on, by=by, reason=normalised(reason))
    return locked


def administrators(day: date) -> set[int]:
    """Return the keys of the active officers who are system administrators on a legal day, locking their posts."""
    posts = Appointment.objects.on(day).filter(role=ADMINISTRATOR, officer__is_active=True).order_by("pk")
    return set(posts.select_for_update(of=("self",)).values_list("officer", flat=True))


def to_decide(by: Officer) -> QuerySet[PendingAppointment]:
    """Return the proposals in the units that `by` manages, the oldest first."""
    waiting = PendingAppointment.objects.filter(
        status="pending", unit__in=managed_units(by).order_by().values("pk")
    )
    return waiting.select_related("officer", "unit", "proposed_by")


def may_decide(pending: PendingAppointment, by: Officer) -> bool:
    """Whether `by` is another person than who proposed it and than the appointee."""
    return by.pk not in (pending.proposed_by_id, pending.officer_id)


def _undecided(pending: PendingAppointment, by: Officer) -> PendingAppointment:
    locked = (
        PendingAppointment.objects.select_for_update(of=("self",))
        .select_related("officer", "unit")
        .get(pk=pending.pk)
    )
    _check(by, locked.unit, locked.officer)
    if not may_decide(locked, by):
        raise PermissionDenied(_("Another administrator confirms what this one proposed."))
    if locked.status != PendingAppointment.Status.PENDING:
        raise Decided(locked)
    return locked


def _decide(pending: PendingAppointment, status: str, by: Officer, **changes: Any) -> None:
    pending.status, pending.decided_by, pending.decided_at = status, by, clock.now()
    for name, value in changes.items():
        setattr(pending, name, value)
    pending.save(update_fields=["status", "decided_by", "decided_at", *changes])


def _check(by: Officer, unit: Unit, officer: Officer) -> None:
    if not managed_units(by).filter(pk=unit.pk).exists():
        raise PermissionDenied(
            _("The posts of %(unit)s are not managed by a post held today.") % {"unit": unit}
        )
    if officer.pk == by.pk:
        raise PermissionDenied(
            _("Nobody gives, confirms or ends their own post: another administrator does.")
        )


def _entry(kind: str, pending: PendingAppointment, by: Officer | None, **data: Any) -> Entry:
    facts: Mapping[str, Any] = {
        "proposal": str(pending.uid),
        "from": pending.valid_from.isoformat(),
        "to": pending.valid_to.isoformat() if pending.valid_to else None,
        "rights": sorted(right.value for right in ROLES[pending.role].rights),
    }
    return Entry(
        stream=f"officer:{pending.officer.uid}",
        kind=kind,
        actor=str(by.uid) if by else "console",
        role=pending.role,
        unit=pending.unit.code,
        data={**facts, **data},
        text={
            "officer": pending.officer.full_name,
            "position": pending.position,
            "unit": pending.unit.name,
            "document": pending.document,
            "reason": pending.reason,
            "by": by.full_name if by else "",
        },
    )

"""Accounts: invited by a one-time link, suspended and restored, locked out and let in again; each is recorded."""

from datetime import timedelta

from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from history import clock, kinds
from history.ledger import Entry, last_at, record
from permissions import grants
from permissions.catalogue import DECISIVE, Right
from permissions.errors import Invalid
from permissions.models import Delegation, Officer
from permissions.text import normalised


def may_manage(by: Officer) -> bool:
    """Whether `by` manages accounts at any unit today."""
    return grants.units_where(by, Right.MANAGE_ACCOUNTS).exists()


@transaction.atomic
def invitation(officer: Officer, by: Officer) -> str:
    """Return the path at which `officer` sets a password, once, within `PASSWORD_RESET_TIMEOUT`; recorded.

    Raises PermissionDenied unless `by` manages accounts and is somebody else, and for an account of the system's own.
    """
    _check(officer, by)
    if officer.is_automatic:
        raise PermissionDenied(_("This account works by itself: nobody signs in with it."))
    _record(kinds.OFFICER_INVITED, officer, by)
    uid = urlsafe_base64_encode(force_bytes(officer.pk))
    token = default_token_generator.make_token(officer)
    return reverse("password_set", kwargs={"uidb64": uid, "token": token})


@transaction.atomic
def unlock(officer: Officer, by: Officer) -> None:
    """Let an account in again that failures have locked out; recorded. Raises PermissionDenied as above."""
    _check(officer, by)
    reset(username=officer.username)
    _record(kinds.OFFICER_UNLOCKED, officer, by)


@transaction.atomic
def suspend(officer: Officer, *, reason: str, by: Officer) -> None:
    """Let an account do nothing any more, at once: its sessions end at their next request, and what it handed on ends.

    Raises Invalid without a reason, and PermissionDenied as above.
    """
    _set_active(officer, False, kinds.OFFICER_SUSPENDED, reason, by)
    today = clock.today()
    given = Delegation.objects.filter(from_post__officer=officer, valid_to__gt=today).order_by("pk")
    grants.end_delegations(list(given.select_for_update(of=("self",))), today, by)


@transaction.atomic
def restore(officer: Officer, *, reason: str, by: Officer) -> None:
    """Let a suspended account in again; its posts hold as before. Raises Invalid and PermissionDenied as above."""
    _set_active(officer, True, kinds.OFFICER_RESTORED, reason, by)


def password_was_set(officer: Officer) -> None:
    """Record that the officer chose a password (which is not)."""
    _record(kinds.OFFICER_PASSWORD_SET, officer, officer)


def signed_in(officer: Officer) -> None:
    """Record the sign-in of whoever holds a decisive role."""
    if is_decisive(officer):
        _record(kinds.OFFICER_SIGNED_IN, officer, officer)


def locked_out(username: str) -> None:
    """Record, once for each lockout, that failures locked out whoever holds a decisive role."""
    officer = Officer.objects.filter(username=username).first()
    if officer is None or not is_decisive(officer):
        return
    stream = f"officer:{officer.uid}"
    before = last_at(stream, kinds.OFFICER_LOCKED_OUT)
    if before is None or clock.now() - before > timedelta(seconds=settings.LOCKOUT_SECONDS):
        with transaction.atomic():
            _record(kinds.OFFICER_LOCKED_OUT, officer, None)


def is_decisive(officer: Officer) -> bool:
    """Whether the officer holds a decisive role today."""
    return grants.posts_of(officer).filter(role__in=DECISIVE).exists()


def is_locked_out(officer: Officer) -> bool:
    """Whether failures keep somebody with this user name out, from at least one address, now."""
    since = clock.now() - timedelta(seconds=settings.LOCKOUT_SECONDS)
    attempts = AccessAttempt.objects.filter(username=officer.username, attempt_time__gte=since)
    return attempts.filter(failures_since_start__gte=settings.AXES_FAILURE_LIMIT).exists()


def forget_attempts() -> int:
    """Forget the failed sign-ins that no longer count; return how many. Names and addresses are not kept for nothing."""
    before = clock.now() - timedelta(seconds=settings.LOCKOUT_SECONDS)
    return AccessAttempt.objects.filter(attempt_time__lt=before).delete()[0]


def _check(officer: Officer, by: Officer) -> None:
    if not may_manage(by):
        raise PermissionDenied(_("Accounts are managed by the system administrator."))
    if officer.pk == by.pk:
        raise PermissionDenied(_("Nobody manages their own account: another administrator does."))


def _set_active(officer: Officer, active: bool, kind: str, reason: str, by: Officer) -> None:
    _check(officer, by)
    if not normalised(reason):
        raise Invalid("reason", _("State the reason."))
    locked = Officer.objects.select_for_update(of=("self",)).get(pk=officer.pk)
    locked.is_active = officer.is_active = active
    locked.save(update_fields=["is_active"])
    _record(kind, locked, by, reason=normalised(reason))


def _record(kind: str, officer: Officer, by: Officer | None, reason: str = "") -> None:
    record(
        Entry(
            stream=f"officer:{officer.uid}",
            kind=kind,
            actor=str(by.uid) if by else "system",
            text={"officer": officer.full_name, "by": by.full_name if by else "", "reason": reason},
        )
    )

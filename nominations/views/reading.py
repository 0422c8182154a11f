"""How a page finds its file: what one may not read is refused with the reason, not hidden as missing."""

from typing import TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from nominations import rules
from nominations.models import Nomination
from permissions.models import Officer

Subject = TypeVar("Subject", bound=Model)


def nomination_for(officer: Officer, uid: UUID) -> Nomination:
    """Return the file with what every page of it shows, in one statement.

    Raises Http404 when there is none, and PermissionDenied when `officer` may not read it.
    """
    files = Nomination.objects.select_related(
        "unit",
        "holder",
        "round__rule_set",
        "round__programme__appraising_unit",
        "round__programme__deciding_unit",
        "process",
        "sent_post__unit",
        "assigned_post__officer",
        "opened_by",
    )
    return read_or_refuse(
        files,
        rules.readable(officer),
        uid,
        _(
            "This file is open to its own unit and to the bodies it has reached. No post held "
            "today is in one of them."
        ),
    )


def read_or_refuse(subjects: QuerySet[Subject], readable: Q, uid: UUID, refusal: str) -> Subject:
    """Return the one of `subjects` with this `uid` if it is `readable`.

    Raises Http404 when there is none, and PermissionDenied with `refusal` when it is not readable.
    """
    found = subjects.filter(readable, uid=uid).first()
    if found:
        return found
    if subjects.filter(uid=uid).exists():
        raise PermissionDenied(refusal)
    raise Http404

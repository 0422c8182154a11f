"""How a page finds its file: what one may not read is refused with the reason, not hidden as missing."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from nominations import rules
from nominations.models import Nomination
from permissions.models import Officer


def nomination_for(officer: Officer, uid: UUID) -> Nomination:
    """Return the file with what every page of it shows, in one statement.

    Raises Http404 when there is none, and PermissionDenied when `officer` may not read it.
    """
    return read_or_refuse(
        Nomination.objects.select_related(
            "unit",
            "holder",
            "round__rule_set",
            "round__programme__appraising_unit",
            "round__programme__deciding_unit",
            "process",
        ),
        officer,
        uid,
    )


def read_or_refuse(nominations: QuerySet[Nomination], officer: Officer, uid: UUID) -> Nomination:
    """Return the nomination `uid` of `nominations` if `officer` may read it."""
    found = nominations.filter(rules.readable(officer), uid=uid).first()
    if found:
        return found
    if Nomination.objects.filter(uid=uid).exists():
        raise PermissionDenied(
            _(
                "This file is open to its own unit and to the bodies it has reached. No post held "
                "today is in one of them."
            )
        )
    raise Http404

"""How a page finds its file: what one may not read is as missing as what does not exist."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.http import Http404

from nominations import readings, rules
from nominations.conditions import in_hands_of
from nominations.models import Nomination
from permissions.models import Officer

Subject = TypeVar("Subject", bound=Model)


def nomination_for(officer: Officer, uid: UUID) -> Nomination:
    """Return the file with what every page of it shows, in one statement.

    Raises Http404 when there is none that `officer` may read: that one exists is not told either.
    """
    files = Nomination.objects.select_related(
        "unit",
        "holder",
        "round__rule_set",
        "round__programme__appraising_unit",
        "round__programme__deciding_unit",
        "process",
        "sent_post__unit",
        "opened_by",
        "deadline",
    ).annotate(hands=in_hands_of("full_name"), by_audit=readings.by_audit(officer, Nomination))
    found = read_or_404(files, rules.readable(officer), uid)
    if found.by_audit:
        readings.note(officer, found)
    return found


def read_or_404(subjects: QuerySet[Subject], readable: Q, uid: UUID) -> Subject:
    """Return the one of `subjects` with this `uid` if it is `readable`; else Http404, whether it exists or not."""
    found = subjects.filter(readable, uid=uid).first()
    if found is None:
        raise Http404
    return found

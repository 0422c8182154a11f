"""How a page finds its file: what one may not read is as missing as what does not exist."""

from collections.abc import Hashable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from nominations import looks, readings, rules
from nominations.conditions import in_hands_of
from nominations.models import Nomination
from permissions import prepared
from permissions.models import Officer


def nomination_for(officer: Officer, uid: UUID) -> Nomination:
    """Return the file with what every page of it shows, in one statement.

    Raises Http404 when there is none that `officer` may read: that one exists is not told either.
    """
    found: Nomination = read_or_404(_file, officer, uid=uid)
    if found.by_audit:
        readings.note(officer, found)
    return found


def _file(officer: Officer, uid: UUID) -> QuerySet[Nomination]:
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
    ).annotate(
        hands=in_hands_of("full_name"),
        by_audit=readings.by_audit(officer, Nomination),
        seen_until=looks.seen_by(officer),
    )
    return files.filter(rules.readable(officer), uid=uid)


def read_or_404(question: prepared.Question, officer: Officer, *form: Hashable, uid: UUID) -> Any:
    """Return the one row of `question(officer, *form, uid=uid)`, which asks whether it may be read; else Http404."""
    found = prepared.rows(question, officer, *form, uid=uid)
    if not found:
        raise Http404
    return found[0]

"""What came to a file since one looked at it last; what one did oneself is not news."""

from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from nominations.models import Look, Nomination
from nominations.story import Line, Story
from permissions.models import Officer


def seen_by(officer: Officer) -> Subquery:
    """Return until which event `officer` has seen the story of the outer nomination, as a column; null if never."""
    looks: QuerySet[Look] = Look.objects.filter(nomination=OuterRef("pk"), officer=officer)
    return Subquery(looks.values("at")[:1])


def opened(nomination: Nomination, officer: Officer, told: Story) -> list[Line]:
    """Return what others did since `officer` saw the story last, the newest first, and note that they see it now.

    `nomination` comes with `seen_by` as `seen_until`. Nothing is news at the first look. What is noted is the
    last event shown, not the moment: what comes while the page is made is news next time. One statement, none
    when nothing came.
    """
    seen: datetime | None = nomination.seen_until
    last = told.lines[-1].at if told.lines else None
    if last is None or (seen is not None and seen >= last):
        return []
    Look.objects.bulk_create(
        [Look(nomination=nomination, officer=officer, at=last)],
        update_conflicts=True,
        unique_fields=["officer", "nomination"],
        update_fields=["at"],
    )
    if seen is None:
        return []
    return [line for line in told.newest_first if line.at > seen and line.actor != str(officer.uid)]

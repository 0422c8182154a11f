"""The time limits in force on a legal day and the calendar, in one question that holds the calendar for an act."""

from datetime import date
from functools import cached_property

from django.db import connection

from nominations.models import AwardDecision, DeadlinePolicy, Nomination
from nominations.working_days import Calendar, of_rows

Subject = Nomination | AwardDecision

# One statement: an act may cost no more than the architecture allows. The function holds the calendar for the length
# of the act; while an administrator changes it the act is refused as busy, so that no clock begins by the old one.
LIMITS_AND_CALENDAR = "SELECT limits, days FROM nominations_clock_tables(%s)"
CALENDAR_LOCK = (
    6_820_418  # of the advisory lock that the function shares, and a change of the calendar takes alone
)


class Clocks:
    """The time limits in force on a legal day, and the calendar; read when the first clock needs them."""

    def __init__(self, day: date):
        self.day = day

    @cached_property
    def _read(self) -> tuple[list[DeadlinePolicy], Calendar]:
        with connection.cursor() as cursor:
            cursor.execute(LIMITS_AND_CALENDAR, [self.day])
            limits, days = cursor.fetchone()
        rows = [(date.fromisoformat(day), kind) for day, kind in days or ()]
        return [DeadlinePolicy(**row) for row in limits or ()], of_rows(rows)

    @property
    def calendar(self) -> Calendar:
        return self._read[1]

    def policy(self, subject: Subject) -> DeadlinePolicy | None:
        """Return the time limit in force for the step where `subject` is: the one that says most exactly."""
        kind = subject.unit.kind if isinstance(subject, Nomination) else ""
        fits = [policy for policy in self._read[0] if policy.step == subject.state]
        if not fits:
            return None
        award = subject.round.programme.award_form
        fits = [item for item in fits if item.award in ("", award) and item.unit_kind in ("", kind)]
        return max(fits, key=lambda item: (item.award != "", item.unit_kind != ""), default=None)

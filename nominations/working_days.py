"""Counting days as the law does: the days that offices work, from the table of the calendar."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from nominations.models import CalendarDay

DAY = timedelta(days=1)
SATURDAY = 5
Kind = CalendarDay.Kind


@dataclass(frozen=True)
class Calendar:
    """The days that differ from the week's order."""

    off: frozenset[date] = field(default=frozenset())
    worked: frozenset[date] = field(default=frozenset())

    def is_working(self, day: date) -> bool:
        """Whether offices work on `day`: Monday to Friday, but for what the table says otherwise."""
        return day in self.worked or (day.weekday() < SATURDAY and day not in self.off)

    def first_working(self, day: date) -> date:
        """Return `day` if offices work on it, else the first day after it on which they do."""
        while not self.is_working(day):
            day += DAY
        return day

    def add(self, start: date, days: int, *, working: bool = True) -> date:
        """Return the last day of a time limit of `days`; `start`, the day of arrival, is not counted.

        A limit in calendar days that ends when offices are closed ends on the next working day
        (Civil Code 2015, Art. 147 and 148). 0 days end on the first working day from `start` on.
        """
        if not working:
            return self.first_working(start + days * DAY)
        day = self.first_working(start) if days == 0 else start
        while days > 0:
            day += DAY
            days -= self.is_working(day)
        return day

    def between(self, start: date, end: date, *, working: bool = True) -> int:
        """Return how many days were counted after `start` and before `end`, neither included; never negative."""
        if not working:
            return max((end - start).days - 1, 0)
        days = range(1, max((end - start).days, 1))
        return sum(self.is_working(start + n * DAY) for n in days)


def calendar() -> Calendar:
    """Return the calendar as the table has it now; one statement."""
    return of_rows(CalendarDay.objects.values_list("day", "kind"))


def of_rows(rows: Iterable[tuple[date, str]]) -> Calendar:
    """Return the calendar of (day, kind) pairs."""
    found = list(rows)
    return Calendar(
        frozenset(day for day, kind in found if kind != Kind.WORKING_SWAP),
        frozenset(day for day, kind in found if kind == Kind.WORKING_SWAP),
    )

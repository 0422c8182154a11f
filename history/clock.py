"""Legal time has one source: the day in Việt Nam, and the database's clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils import timezone

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = timedelta(days=1)
CLOSES = time(17)  # when offices close, by the clock of Việt Nam

# Set only by the demo's middleware and by tests: each walks its own legal day.
_chosen_day: ContextVar[date | None] = ContextVar("legal_day", default=None)


def today() -> date:
    """Return the legal day: the calendar day in Asia/Ho_Chi_Minh.

    `LEGAL_TODAY` (demo and tests only, checked at start-up) or a day chosen
    with `legal_day` replaces it.
    """
    return _chosen_day.get() or settings.LEGAL_TODAY or timezone.localdate(timezone=VIETNAM)


def day_of(at: datetime) -> date:
    """Return the legal day of what happens at this moment: its day in Việt Nam, or the day that is walked."""
    return _chosen_day.get() or settings.LEGAL_TODAY or local(at).date()


def chosen_day() -> date | None:
    """Return the day that the demo or a test walks; None on a real day. Effects carry it along."""
    return _chosen_day.get()


def walked(at: datetime, legal_day: date) -> date | None:
    """Return `legal_day` when it is not the calendar day of `at` in Việt Nam; None when it is."""
    return legal_day if legal_day != timezone.localdate(at, VIETNAM) else None


def local(at: datetime) -> datetime:
    """Return the same moment by the clock of Việt Nam."""
    return at.astimezone(VIETNAM)


def moment(at: datetime) -> str:
    """Return a moment by the clock of Việt Nam, as lists show it."""
    return f"{local(at):%d/%m/%Y %H:%M}"


def is_after_hours(at: datetime) -> bool:
    """Whether offices had closed at this moment of its day in Việt Nam."""
    return local(at).time() >= CLOSES


def last_overdue(at: datetime) -> date:
    """Return the latest day that is over for whoever had to act on it; a day that is walked is not over."""
    day = day_of(at)
    over = _chosen_day.get() is None and settings.LEGAL_TODAY is None and is_after_hours(at)
    return day if over else day - DAY


def midnight(day: date) -> datetime:
    """Return the moment at which a day begins in Việt Nam."""
    return datetime.combine(day, time(), VIETNAM)


def now() -> datetime:
    """Return the database's clock (UTC, aware): one clock for all processes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


@contextmanager
def legal_day(day: date | None) -> Iterator[None]:
    """Walk another legal day inside the block; None leaves the real one.

    Raises RuntimeError where neither the demo nor the tests allow it.
    """
    if day is not None and not settings.LEGAL_DAY_MAY_BE_SET:
        raise RuntimeError("Only the demo and the tests may set the legal day.")
    token = _chosen_day.set(day)
    try:
        yield
    finally:
        _chosen_day.reset(token)

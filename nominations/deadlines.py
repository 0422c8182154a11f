"""How a file stands with its time limit: due when, how many days are left, whose clock runs, and why it stands."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from history import clock
from nominations import opinions
from nominations.models import AwardDecision, DeadlinePolicy, Nomination
from nominations.models.deadlines import DayUnit
from nominations.states import State
from nominations.working_days import Calendar, calendar
from permissions.models import Unit

Subject = Nomination | AwardDecision
SOON = 2  # working days


@dataclass(frozen=True)
class Deadline:
    """The time limit of a step, as it stands on a legal day."""

    policy: DeadlinePolicy
    due: date | None  # None while the clock stands
    used: int  # days, as the limit counts them; the legal day itself not among them
    whose: Unit | None  # with whom the file is, and the clock runs
    stands: str | Promise  # why the clock stands; empty while it runs

    @property
    def left(self) -> int:
        """Days left, the legal day among them; 0 or less once the time is over."""
        return self.policy.days - self.used

    @property
    def over(self) -> int:
        """Days by which the time is over; 0 while it is not."""
        return max(-self.left, 0)

    @property
    def share(self) -> float:
        """How much of the time limit is used: 0 at its beginning, 1 at its end."""
        return self.used / self.policy.days


def of(subject: Subject, *, today: date, days: Calendar | None = None) -> Deadline | None:
    """Return how `subject` stands with its time limit on the legal day `today`; None without one.

    At most two statements: the calendar, unless `days` is given, and the opinions awaited of a clock that stands.
    """
    policy = subject.deadline
    if policy is None:
        return None
    used = subject.spent
    if subject.clock_from is not None:
        working = policy.unit == DayUnit.WORKING
        used += (days or calendar()).between(subject.clock_from, today, working=working)
    return Deadline(policy, subject.due, used, subject.holder, _stands(subject))


def late(at: datetime) -> Q:
    """Return what is overdue at the moment `at` (UTC): its due day is over at 17:00 in Việt Nam."""
    return Q(due__lte=clock.last_overdue(at))


def soon(at: datetime) -> Q:
    """Return what is not late at the moment `at` (UTC), and due within `SOON` working days; one statement."""
    return Q(due__gt=clock.last_overdue(at), due__lte=calendar().add(clock.day_of(at), SOON))


def running() -> Q:
    """Return what has a clock that runs."""
    return Q(due__isnull=False)


def _stands(subject: Subject) -> str | Promise:
    if subject.clock_from is not None:
        return ""
    if subject.state in (State.SUPPLEMENT, State.SIGN_PROPOSAL):
        return _("the proposing unit supplements the file")
    if isinstance(subject, Nomination) and opinions.awaited(subject).exists():
        return _("another body's opinion is awaited")
    return _("the file is not with whoever decides on it")

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
THRESHOLDS = (50, 80, 100)  # percent of a time limit after which somebody is told


@dataclass(frozen=True)
class Deadline:
    """The time limit of a step, as it stands at a moment."""

    policy: DeadlinePolicy
    due: date | None  # None while the clock stands
    used: int  # days that are over, as the limit counts them
    left: int  # days until the due day, which is one of them; 0 once it is over
    over: int  # days since the due day
    late: bool
    whose: Unit | None  # with whom the file is, and the clock runs
    stands: str | Promise  # why the clock stands; empty while it runs

    @property
    def share(self) -> float:
        """How much of the time limit is used: 0 at its beginning, 1 at its end."""
        return self.used / self.policy.days


def of(subject: Subject, *, at: datetime | None = None, days: Calendar | None = None) -> Deadline | None:
    """Return how `subject` stands with its time limit at the moment `at` (UTC), by default now; None without one.

    A day is over at 17:00 in Việt Nam. At most two statements: now and the calendar, where they are not given, or the
    opinions awaited of a clock that stands; none without a time limit.
    """
    policy = subject.deadline
    if policy is None:
        return None
    if subject.clock_from is None or subject.due is None:
        left = max(policy.days - subject.spent, 0)
        return Deadline(policy, None, subject.spent, left, 0, False, subject.holder, _stands(subject))
    working, days, over = (
        policy.unit == DayUnit.WORKING,
        days or calendar(),
        clock.last_overdue(at or clock.now()),
    )
    used = subject.spent + days.between(subject.clock_from, over + clock.DAY, working=working)
    counted = days.between(over, subject.due + clock.DAY, working=working)
    left = min(counted, max(policy.days - subject.spent, 1))  # the day of arrival is not counted
    since = days.between(subject.due, over + clock.DAY, working=working)
    return Deadline(policy, subject.due, used, left, since, subject.due <= over, subject.holder, "")


def is_over(due: date, at: datetime) -> bool:
    """Whether a due day is over at the moment `at` (UTC): at 17:00 in Việt Nam."""
    return due <= clock.last_overdue(at)


def late(at: datetime) -> Q:
    """Return what is overdue at the moment `at` (UTC): its due day is over at 17:00 in Việt Nam."""
    return Q(due__lte=clock.last_overdue(at))


def soon(at: datetime) -> Q:
    """Return what is not late at the moment `at` (UTC), and due within `SOON` working days; one statement."""
    return Q(due__gt=clock.last_overdue(at), due__lte=calendar().add(clock.day_of(at), SOON))


def remind_on(subject: Subject, days: Calendar, *, told: int = 0) -> date | None:
    """Return the day at whose end the clock of `subject` passes the first threshold above `told` percent.

    None where no threshold is left, or the clock stands.
    """
    policy, percent = subject.deadline, min((p for p in THRESHOLDS if p > told), default=None)
    if policy is None or subject.clock_from is None or percent is None:
        return None
    needed = -(-policy.days * percent // 100) - subject.spent
    if percent == 100 or needed <= 0:
        return subject.due if percent == 100 else subject.clock_from - clock.DAY
    if policy.unit == DayUnit.WORKING:
        return days.add(subject.clock_from, needed)
    return subject.clock_from + needed * clock.DAY


def _stands(subject: Subject) -> str | Promise:
    if subject.state in (State.SUPPLEMENT, State.SIGN_PROPOSAL):
        return _("the proposing unit supplements the file")
    if isinstance(subject, Nomination) and opinions.awaited(subject).exists():
        return _("another body's opinion is awaited")
    return _("the file is not with whoever decides on it")

"""Who is told before a step is late, and who when it is: at half, at four fifths and at the end of its time."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from history import clock
from nominations import deadlines
from nominations.models import AwardDecision, Nomination
from nominations.models.deadlines import AtExpiry
from nominations.working_days import Calendar, calendar
from workflows import outbox
from workflows.asking import Subject
from workflows.models import OutboxMessage, Reminder

KINDS = {50: "due_half", 80: "due_soon", 100: "due_over"}  # percent of the time limit → kind of notice
ESCALATED = "due_escalated"
A_WALK = timedelta(days=200)  # files of the demo's other days are watched on those days alone


def watch(limit: int = 500) -> int:
    """Tell of the thresholds that running clocks have passed since they were watched last; return of how many files.

    Each threshold of a stay is told of once, whoever asks and however often: the mark and the message are written
    together, under the lock of the file. After a long silence only the highest is told of.
    """
    now, days, told = clock.now(), calendar(), 0
    for subject in _passed(now, days):
        if told >= limit:
            break
        told += _tell(type(subject), subject.pk, now, days)
    return told


def late_count() -> int:
    """Return how many files and decisions are overdue now; two statements and a clock."""
    over = deadlines.late(clock.now())
    return sum(model._default_manager.filter(over).count() for model in (Nomination, AwardDecision))


def reached(subject: Subject, now: datetime, days: Calendar) -> int:
    """Return the highest threshold, in percent, that the clock of `subject` has passed; 0 before the first.

    The last is passed at 17:00 of the due day; the others at the end of a working day.
    """
    found = deadlines.of(subject, at=now, days=days)
    if found is None or found.due is None:
        return 0
    if found.late:
        return 100
    return max((percent for percent in KINDS if percent < 100 and found.share * 100 >= percent), default=0)


def _passed(now: datetime, days: Calendar) -> Iterator[Subject]:
    """What has passed a threshold of which it was not told yet."""
    models: tuple[Any, ...] = (Nomination, AwardDecision)
    for model in models:
        name = model._meta.model_name.replace("award", "")
        marks: dict[int, int] = defaultdict(int)
        known = Reminder.objects.filter(**{f"{name}__due__isnull": False}, since=F(f"{name}__since"))
        for pk, percent in known.values_list(name, "percent"):
            marks[pk] = max(marks[pk], percent)
        for subject in (
            model.objects.filter(deadlines.running())
            .select_related("deadline", "holder")
            .order_by("due", "pk")
        ):
            if not _is_walked(subject) and reached(subject, now, days) > marks[subject.pk]:
                yield subject


def _tell(model: Any, pk: int, now: datetime, days: Calendar) -> bool:
    """Mark and tell of one file; False when it is in somebody's hands this moment, or another was first."""
    with transaction.atomic():
        found = model.objects.select_for_update(of=("self",), skip_locked=True).select_related(
            "deadline", "holder"
        )
        subject = found.filter(pk=pk).first()
        if subject is None:
            return False
        name = "nomination" if isinstance(subject, Nomination) else "decision"
        stay = {name: subject, "since": subject.since}
        marked = set(Reminder.objects.filter(**stay).values_list("percent", flat=True))
        highest = reached(subject, now, days)
        if highest <= max(marked, default=0):
            return False
        payload = {name: subject.pk, "state": subject.state, "since": subject.since.isoformat()}
        kinds = [KINDS[highest]]
        if highest == 100 and subject.deadline.at_expiry == AtExpiry.ESCALATE:
            kinds.append(ESCALATED)
        messages = outbox.write([OutboxMessage(kind=kind, payload=payload) for kind in kinds])
        Reminder.objects.bulk_create(
            Reminder(**stay, percent=percent, message=messages[0] if percent == highest else None)
            for percent in KINDS
            if percent <= highest and percent not in marked
        )
        return True


def _is_walked(subject: Subject) -> bool:
    """Whether a file lives on another day of the demo than today: its clock does not run by the real one."""
    if not settings.LEGAL_DAY_MAY_BE_SET or subject.clock_from is None:
        return False
    return abs(subject.clock_from - clock.today()) > A_WALK

"""Who is told before a step is late, and who when it is: at half, at four fifths and at the end of its time."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from history import clock
from nominations import deadlines
from nominations.heads import HEADS
from nominations.models import AwardDecision, Nomination
from nominations.models.deadlines import AtExpiry
from nominations.working_days import Calendar, calendar
from workflows import notices, outbox
from workflows.asking import Subject
from workflows.models import OutboxMessage, Reminder

KINDS = {50: "due_half", 80: "due_soon", 100: "due_over"}  # percent of the time limit → kind of notice
ESCALATED = "due_escalated"
A_WALK = timedelta(days=200)


def watch(limit: int = 500) -> int:
    """Tell of the thresholds that running clocks have passed since they were watched last; return of how many files.

    Each threshold of a clock is told of once, whoever asks and however often, also when it stood in between: the mark
    and the message are written together, under the lock of the file. After a long silence only the highest is told of.
    """
    now, days = clock.now(), calendar()
    return sum(_tell(model, pk, now, days) for model, pk in _passed(now, limit))


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


def _passed(now: datetime, limit: int) -> list[tuple[Any, int]]:
    """What may have passed a threshold of which it was not told yet, at most `limit` of each kind; two statements."""
    passed = Q(remind_on__lte=clock.last_overdue(now))
    if (
        settings.LEGAL_DAY_MAY_BE_SET
    ):  # a file that lives on another day of the demo is watched on that day alone
        passed &= Q(clock_from__range=(clock.today() - A_WALK, clock.today() + A_WALK))
    models: tuple[Any, ...] = (Nomination, AwardDecision)
    return [
        (model, pk)
        for model in models
        for pk in model.objects.filter(passed)
        .order_by("remind_on", "pk")
        .values_list("pk", flat=True)[:limit]
    ]


def _tell(model: Any, pk: int, now: datetime, days: Calendar) -> bool:
    """Mark and tell of one file; False when it is in somebody's hands this moment, or it was told of before."""
    with transaction.atomic():
        found = model.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
        subject = found.select_related("deadline", "holder").filter(pk=pk).first()
        if subject is None:
            return False
        clock_of = {_name(subject): subject, "since": subject.clock_since}
        marked = set(Reminder.objects.filter(**clock_of).values_list("percent", flat=True))
        highest, told = reached(subject, now, days), max(marked, default=0)
        following = deadlines.remind_on(subject, days, told=max(highest, told))
        model.objects.filter(pk=pk).update(remind_on=following)
        if highest <= told:
            return False
        payload = {_name(subject): subject.pk} | notices.stay_of(subject)
        kinds = [KINDS[highest]] + [ESCALATED] * (highest == 100 and _is_reported(subject))
        messages = outbox.write([OutboxMessage(kind=kind, payload=payload) for kind in kinds])
        Reminder.objects.bulk_create(
            Reminder(**clock_of, percent=percent, message=messages[0] if percent == highest else None)
            for percent in deadlines.THRESHOLDS
            if percent <= highest and percent not in marked
        )
        return True


def _is_reported(subject: Subject) -> bool:
    """What should have counted as done and is late all the same was refused: its head hears of it too."""
    return subject.deadline.at_expiry != AtExpiry.NOTHING and subject.state in HEADS


def _name(subject: Subject) -> str:
    return "nomination" if isinstance(subject, Nomination) else "decision"

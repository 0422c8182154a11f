"""The clock of a step: it begins when the file is complete there, stands while others have to act, and goes on."""

from datetime import date, datetime
from typing import Any

from django.db import connection

from history import clock
from nominations import deadlines, opinions
from nominations.clocks import CALENDAR_LOCK, Clocks
from nominations.models import AwardDecision, DeadlinePolicy, Nomination
from nominations.models.deadlines import DayUnit
from nominations.states import State
from nominations.working_days import Calendar, calendar

Subject = Nomination | AwardDecision
NONE: dict[str, Any] = {
    "due": None,
    "deadline": None,
    "clock_since": None,
    "clock_from": None,
    "spent": 0,
    "remind_on": None,
    "clock_before": None,
}
CLOCK = tuple(NONE)
# While a supplement is on its way the clock of the step that asked for it stands, and is kept.
WITH_THE_UNIT = (State.SUPPLEMENT, State.SIGN_PROPOSAL)


def counts_from(at: datetime) -> date:
    """Return the day on which what arrives at `at` (UTC) counts as arrived.

    Offices close at 17:00 in Việt Nam: what comes later came on the next day, and what comes on a day off came on the
    next working day (`go_on`). A day that the demo walks has no hours.
    """
    day = clock.day_of(at)
    return day if day != clock.local(at).date() or not clock.is_after_hours(at) else day + clock.DAY


def arrive(subject: Subject, at: datetime, clocks: Clocks | None = None) -> None:
    """Begin the clock of the step to which `subject` just moved, or let it go on after a supplement.

    A file that ended, or is written at, has none; one that is being supplemented keeps what was spent.
    """
    day = counts_from(at)
    if isinstance(subject, Nomination) and subject.resume_at and subject.state in WITH_THE_UNIT:
        stand(subject, day)
        return
    if subject.deadline is not None and subject.clock_from is None and subject.deadline.step == subject.state:
        if not _opinion_awaited(subject):
            go_on(subject, day)  # as after a supplement
        return
    put(subject, NONE | {"clock_before": subject.clock_before})
    if subject.holder_id is None or subject.state in (State.DRAFT, *WITH_THE_UNIT):
        return
    clocks = clocks or Clocks(day)
    subject.deadline = clocks.policy(subject)
    subject.clock_since = at if subject.deadline else None
    if subject.deadline is not None and not _opinion_awaited(subject):
        go_on(subject, day, clocks)


def stand(subject: Subject, day: date) -> None:
    """Let the clock stand from `day` on: the days counted so far are kept, that day with them, and nothing is due.

    Were the day on which it stops not counted, stopping it for a moment each day would stop it for ever.
    """
    if subject.deadline is not None and subject.clock_from is not None:
        days, working = Clocks(day).calendar, _working(subject.deadline)
        subject.spent += days.between(subject.clock_from, day + clock.DAY, working=working)
    subject.clock_from = subject.due = subject.remind_on = None


def go_on(subject: Subject, day: date, clocks: Clocks | None = None) -> None:
    """Let the clock run from the first working day from `day` on, with the days left; nothing without a time limit."""
    if subject.deadline is None:
        return
    days = (clocks or Clocks(day)).calendar
    subject.clock_from = days.first_working(day)
    _count(subject, days)


def leave(subject: Subject) -> dict[str, Any] | None:
    """Return the clock of the step that `subject` leaves, for a sender who takes it back."""
    if subject.deadline is None:
        return None
    since = subject.clock_from.isoformat() if subject.clock_from else None
    began = subject.clock_since.isoformat() if subject.clock_since else None
    return {"deadline": subject.deadline.pk, "began": began, "from": since, "spent": subject.spent}


def take_back(subject: Subject, before: dict[str, Any] | None) -> None:
    """Let the clock run as if the file had not been sent: taking it back gives nobody more time."""
    put(subject, NONE)
    if before is None:
        return
    subject.deadline = DeadlinePolicy.objects.get(pk=before["deadline"])
    subject.spent, began = before["spent"], before["began"]
    subject.clock_since = datetime.fromisoformat(began) if began else None
    if before["from"]:
        go_on(subject, date.fromisoformat(before["from"]))


def hold_calendar() -> None:
    """Hold the calendar alone until the transaction ends; acts that began a clock by it are waited for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CALENDAR_LOCK])


def recount(day: date) -> dict[str, list[str]]:
    """Count running clocks anew that are due on `day` or later; return the due days before and now, by stream.

    The caller holds the calendar alone (`hold_calendar`). They are locked in the house's order, decisions first.
    """
    days, moved = calendar(), {}
    models: tuple[Any, ...] = (AwardDecision, Nomination)
    for model in models:
        running = model.objects.filter(due__gte=day, clock_from__isnull=False).order_by("pk")
        changed = []
        for subject in running.select_related("deadline").select_for_update(of=("self",), no_key=True):
            before = subject.due
            _count(subject, days)
            if subject.due != before:
                moved[subject.stream] = [before.isoformat(), subject.due.isoformat()]
            changed.append(subject)
        model.objects.bulk_update(changed, ["due", "remind_on"])
    return moved


def put(subject: Subject, values: dict[str, Any]) -> None:
    """Set the columns of the clock."""
    for name, value in values.items():
        setattr(subject, name, value)


def _opinion_awaited(subject: Subject) -> bool:
    """Whether a file comes to be appraised again, of which another body's opinion is awaited still."""
    again = subject.state == State.APPRAISE and subject.sent_from in (State.INTAKE, State.SIGN_PROPOSAL)
    return again and isinstance(subject, Nomination) and opinions.awaited(subject).exists()


def _count(subject: Subject, days: Calendar) -> None:
    """Set the due day of a clock that runs, and the day at whose end somebody is to be reminded first."""
    assert subject.deadline is not None and subject.clock_from is not None
    left = max(subject.deadline.days - subject.spent, 0)
    subject.due = days.add(subject.clock_from, left, working=_working(subject.deadline))
    subject.remind_on = deadlines.remind_on(subject, days)


def _working(policy: DeadlinePolicy) -> bool:
    return policy.unit == DayUnit.WORKING

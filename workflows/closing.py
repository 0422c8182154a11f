"""Publishing and closing a round end many files at once, with the rows viewflow would write."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from viewflow.workflow.models import Process, Task
from viewflow.workflow.status import PROCESS, STATUS

from history import clock
from nominations.models import AwardDecision, Nomination, Round
from nominations.states import DECISION_OPEN, NOT_SUBMITTED, OPEN, State
from nominations.transitions import (
    Act,
    Moved,
    close_round_files,
    reopen_for_appraisal,
    settle_decision,
    touched,
)
from permissions import grants
from permissions.catalogue import Right
from permissions.models import Appointment, Officer
from workflows import outbox
from workflows.flows import NominationFlow
from workflows.models import NominationProcess
from workflows.recording import record_moved, record_round_closed


def lock_files_behind(decision: AwardDecision) -> None:
    """Lock the files behind the list before the act writes at them: the decision is locked already."""
    lock_files(Nomination.objects.filter(nominees__lines__decision=decision))


def follow(decision: AwardDecision, deed: Act) -> None:
    """Let the files behind the list follow an act on it: some end with its publication, some go back.

    The files are locked. The number of statements does not grow with the number of files.
    """
    ended: list[Moved] = []
    if decision.published_on and deed.action.name == "publish":
        ended = settle_decision(decision, deed.now)
    back = reopen_for_appraisal(decision, deed.now)
    _end_journeys(ended)
    _lead_back(back)
    stayed = touched(decision, deed.now) if deed.action.name in ("publish", "sign") else []
    because = {"action": deed.action.name, "decision": str(decision.uid)}
    record_moved([*ended, *back, *stayed], deed.actor, deed.post, deed.post.unit, because, deed.delegation)
    outbox.told_by_closing(ended, decision)


def close_round(round: Round, actor: Officer, post: Appointment) -> None:
    """End the last files of a locked round.

    Raises ValidationError while a decision is open or a submitted file is on its way: their
    nominees have a right to be judged first.
    """
    _refuse_while_on_the_way(round)
    lent = grants.delegation_behind(actor, Right.CLOSE_ROUND, post)
    grants.hold(actor, post, lent)
    lock_files(Nomination.objects.filter(round=round, state__in=OPEN))
    now = clock.now()
    closings = close_round_files(round, now)
    _end_journeys(closings)
    round.closed_on = clock.today()
    round.save(update_fields=["closed_on"])
    unit = round.programme.appraising_unit
    record_round_closed(round, actor, post, unit, len(closings), lent)
    record_moved(closings, actor, post, unit, {"action": "close_round"}, lent)
    outbox.told_by_closing(closings)


def _refuse_while_on_the_way(round: Round) -> None:
    problems = [
        _("Decision %(reference)s is open: publish or abandon it first.") % {"reference": decision.reference}
        for decision in round.decisions.filter(state__in=DECISION_OPEN).select_related("round")
    ]
    on_the_way = (
        round.nominations.filter(state__in=OPEN)
        .exclude(state__in=(*NOT_SUBMITTED, State.AWAIT_DECISION))
        .select_related("round", "holder")
    )
    problems += [
        _("File %(reference)s waits at %(unit)s: %(state)s.")
        % {
            "reference": nomination.reference,
            "unit": nomination.holder,
            "state": nomination.get_state_display(),
        }
        for nomination in on_the_way
    ]
    if problems:
        raise ValidationError({"round": problems})


def lock_files(nominations: QuerySet[Nomination]) -> None:
    """Lock the processes, then the nominations, each in one blocking statement in key order."""
    keys = list(nominations.order_by("pk").values_list("pk", flat=True).distinct())
    list(
        NominationProcess.objects.filter(nomination__in=keys)
        .order_by("pk")
        .select_for_update(of=("self",))
        .values_list("pk")
    )
    list(
        Nomination.objects.filter(pk__in=keys)
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
        .values_list("pk")
    )


def _end_journeys(closings: Sequence[Moved]) -> None:
    """Write what viewflow writes for each: the step done, an end task behind it, the process done."""
    if not closings:
        return
    now = timezone.now()
    tasks = _finish_open(closings, now)
    _follow_by(tasks, NominationFlow.end, status=STATUS.DONE, started=now, finished=now)
    Process.objects.filter(pk__in=[task.process_id for task in tasks]).update(
        status=PROCESS.DONE, finished=now
    )


def _lead_back(moved: Sequence[Moved]) -> None:
    """Write what viewflow writes when a step leads on: the step done, the next one new."""
    if moved:
        _follow_by(_finish_open(moved, timezone.now()), NominationFlow.appraise, status=STATUS.NEW)


def _finish_open(moved: Sequence[Moved], now: datetime) -> list[Task]:
    tasks = list(
        Task.objects.filter(
            process__nominationprocess__nomination__in=[item.nomination.pk for item in moved],
            finished=None,
        ).order_by("pk")
    )
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update(
        status=STATUS.DONE, started=now, finished=now
    )
    return tasks


def _follow_by(tasks: Sequence[Task], node: Any, **values: Any) -> None:
    following = Task.objects.bulk_create(
        [
            Task(
                process_id=task.process_id,
                flow_task=node,
                flow_task_type=node.task_type,
                token=task.token,
                **values,
            )
            for task in tasks
        ]
    )
    through = Task.previous.through
    through.objects.bulk_create(
        [through(from_task_id=new.pk, to_task_id=task.pk) for new, task in zip(following, tasks, strict=True)]
    )

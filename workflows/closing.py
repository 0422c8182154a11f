"""Publishing and closing a round end many files at once, with the rows viewflow would write."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from viewflow.workflow.models import Process, Task
from viewflow.workflow.status import PROCESS, STATUS

from history import clock
from nominations.models import AwardDecision, Nomination, Round
from nominations.states import DECISION_OPEN, NOT_SUBMITTED, OPEN, State
from nominations.transitions import Act, Closing, close_round_files, settle_decision
from permissions.models import Appointment, Officer
from workflows import outbox
from workflows.flows import NominationFlow
from workflows.models import NominationProcess
from workflows.recording import record_closings, record_round_closed


def publish(decision: AwardDecision, deed: Act) -> None:
    """Give the lines their outcomes and end the files with nobody left pending.

    The decision's process and the decision are locked; the files are locked here, in the
    order of their keys. The number of statements does not grow with the number of files.
    """
    _lock_files(Nomination.objects.filter(nominees__lines__decision=decision))
    closings = settle_decision(decision, deed.now)
    _end_journeys(closings)
    unit = decision.round.programme.office_unit
    record_closings(
        closings,
        deed.actor,
        deed.post,
        unit,
        {"action": "publish", "decision": str(decision.uid)},
    )
    outbox.told_by_closing(closings)


def close_round(round: Round, actor: Officer, post: Appointment) -> None:
    """End the last files of a locked round.

    Raises ValidationError while a decision is open or a submitted file is on its way: their
    nominees have a right to be judged first.
    """
    _refuse_while_on_the_way(round)
    _lock_files(Nomination.objects.filter(round=round, state__in=OPEN))
    now = clock.now()
    closings = close_round_files(round, now)
    _end_journeys(closings)
    round.closed_on = clock.today()
    round.save(update_fields=["closed_on"])
    unit = round.programme.appraising_unit
    record_round_closed(round, actor, post, unit, len(closings))
    record_closings(closings, actor, post, unit, {"action": "close_round"})
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


def _lock_files(nominations: QuerySet[Nomination]) -> None:
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


def _end_journeys(closings: Sequence[Closing]) -> None:
    """Write what viewflow writes for each: the step done, an end task behind it, the process done."""
    now = timezone.now()
    tasks = list(
        Task.objects.filter(
            process__nominationprocess__nomination__in=[item.nomination.pk for item in closings],
            finished=None,
        ).order_by("pk")
    )
    keys = [task.pk for task in tasks]
    Task.objects.filter(pk__in=keys).update(status=STATUS.DONE, started=now, finished=now)
    ends = Task.objects.bulk_create(
        [
            Task(
                process_id=task.process_id,
                flow_task=NominationFlow.end,
                flow_task_type=NominationFlow.end.task_type,
                status=STATUS.DONE,
                token=task.token,
                started=now,
                finished=now,
            )
            for task in tasks
        ]
    )
    through = Task.previous.through
    through.objects.bulk_create(
        [through(from_task_id=end.pk, to_task_id=task.pk) for end, task in zip(ends, tasks, strict=True)]
    )
    Process.objects.filter(pk__in=[task.process_id for task in tasks]).update(
        status=PROCESS.DONE, finished=now
    )

"""The one door: `open` and `act` are the only ways in which anything moves."""

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from viewflow.workflow.base import Flow
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from history import clock
from nominations import checks, deadlines, drafts, rules
from nominations.actions import Action
from nominations.content import seen_digest
from nominations.models import AwardDecision, Handling, Nomination, Remark, Round
from nominations.states import EDIT, LEVELS
from nominations.transitions import (
    DECISION_STEPS,
    NOMINATION_STEPS,
    Act,
    Done,
    open_decision,
    open_nomination,
)
from permissions import grants
from permissions.catalogue import Right
from permissions.models import Appointment, Officer, Unit
from workflows import asking, closing, deeming, outbox
from workflows.asking import Subject
from workflows.errors import Busy, OneRefused, StaleState
from workflows.flows import DecisionFlow, NominationFlow
from workflows.lock import bound_waiting, transaction_or_busy
from workflows.recording import record_act, record_opening
from workflows.refusing import refusal, stale
from workflows.tasks_open import Step, task_of, tasks_of

logger = logging.getLogger(__name__)


def open(flow: type[Flow], subject: Subject, *, actor: Officer, post: Appointment | None = None) -> Subject:
    """Store a new nomination or decision and begin its journey; return it.

    `subject` is unsaved: a `Nomination` with unit and round, or an `AwardDecision` with its
    round. Raises PermissionDenied when `actor` may not open it in `post` today, and
    ValidationError when the window is closed or nobody waits for a decision.
    """
    if flow is not (NominationFlow if isinstance(subject, Nomination) else DecisionFlow):
        raise TypeError(f"{subject!r} does not travel by {flow.__name__}.")
    with transaction_or_busy():
        bound_waiting()
        return open_one(subject, actor, post)


def open_one(subject: Subject, actor: Officer, post: Appointment | None = None) -> Subject:
    """Open `subject` as `open` does, in a transaction of the caller's that bounds its waiting."""
    subject.created_by = actor
    if isinstance(subject, Nomination):
        return _open_nomination(subject, actor, post)
    return _open_decision(subject, actor, post)


def act(
    task: Task,
    action: str,
    *,
    actor: Officer,
    post: Appointment | None = None,
    payload: Mapping[str, Any] | None = None,
    seen: str,
) -> Subject:
    """Do `action` on the file that waits at `task`, whole or not at all; return the file.

    `post` is the appointment in which the act is done (the oldest that allows it when None);
    `payload` what the action asks for (`nominations.payloads`); `seen` the digest of what
    the page showed. Raises PermissionDenied (no right here and now, or separation of duties),
    StaleState (someone was first, or the page showed something else), Busy (the lock was not
    free within 3 s) and ValidationError (the payload). A refusal leaves no trace but a log line.
    """
    try:
        return _act(task, action, actor, post, payload or {}, seen)
    except (PermissionDenied, StaleState, Busy, ValidationError) as error:
        logger.warning(
            "refused: task=%s action=%s actor=%s because=%s",
            task.pk,
            action,
            actor.uid,
            type(error).__name__,
        )
        raise


def act_on_all(steps: Sequence[Step], *, actor: Officer, post: Appointment | None = None) -> list[Subject]:
    """Do one act on each of many nominations, all of them or none; return them.

    Every process is locked first, by one blocking statement in key order; then each act is asked,
    done and recorded as if it stood alone. Raises OneRefused, which names the file and holds the
    reason, when any is refused (nothing is written then), and Busy.
    """
    with transaction_or_busy():
        bound_waiting()
        keys = [step.task.process_id for step in steps]
        closing.lock_files(Nomination.objects.filter(process__in=keys))
        done = []
        for step in steps:
            try:
                done.append(_under_the_lock(step.task, step.action, actor, post, step.payload, step.seen))
            except (PermissionDenied, StaleState, ValidationError) as error:
                raise OneRefused(step.task.process_id, error) from error
    return done


def close_round(round: Round, *, actor: Officer, post: Appointment | None = None) -> Round:
    """Close a round: its last files end with "not selected", rank and reason; drafts lapse.

    Raises PermissionDenied, and ValidationError while a decision or a file is still on its way.
    """
    with transaction_or_busy():
        bound_waiting()
        locked = _lock_round(round.pk)
        if locked.closed_on:
            raise StaleState(locked, what=_("The round is closed."))
        if not Round.objects.filter(rules.may_close(actor, post=post), pk=locked.pk).exists():
            raise PermissionDenied(_("Closing a round belongs to Home Affairs."))
        unit = locked.programme.appraising_unit
        post = post or grants.post_with(actor, Right.CLOSE_ROUND, unit)
        closing.close_round(locked, actor, post)
        return locked


def _act(
    task: Task,
    action: str,
    actor: Officer,
    post: Appointment | None,
    payload: Mapping[str, Any],
    seen: str,
) -> Subject:
    flow = task.flow_task.flow_class
    with transaction_or_busy(), flow.lock(task.process_id):
        return _under_the_lock(task, action, actor, post, payload, seen)


def _under_the_lock(
    task: Task,
    action: str,
    actor: Officer,
    post: Appointment | None,
    payload: Mapping[str, Any],
    seen: str,
) -> Subject:
    """Do the act; the process is locked."""
    flow = task.flow_task.flow_class
    current = Task.objects.get(pk=task.pk)
    subject: Subject = flow.lock_subject(task.process_id)
    if current.status not in (STATUS.NEW, STATUS.ASSIGNED):
        raise stale(actor, subject)
    row = asking.table_of(type(subject)).get((subject.state, action))
    if row is None:
        raise PermissionDenied(refusal(actor, subject, row))
    deemed = deeming.by_limit(subject, row, actor) if actor.is_automatic else None
    may = deeming.is_allowed if deemed else partial(asking.is_allowed, post=post)
    if not may(actor, subject, row):
        raise PermissionDenied(refusal(actor, subject, row))
    if seen != seen_digest(subject):
        raise stale(actor, subject)
    unit = asking.seat_of(row, subject)
    post = post or _post(actor, subject, row, unit)
    lent = grants.delegation_behind(actor, row.right, post)
    grants.hold(actor, post, lent)
    deed = Act(row, actor, post, payload, clock.today(), clock.now(), lent, deemed)
    if row.files and isinstance(subject, AwardDecision):
        closing.lock_files_behind(subject)
    came = outbox.Before(subject)
    done = _steps(subject)[row.key](subject, deed)
    handling = _handle(subject, came, unit, deed, done)
    record_act(subject, came.state, came.due, unit, deed, done)
    outbox.told_by(subject, row, handling, came)
    if not row.stays:
        _advance(flow, current, subject)
    if row.files and isinstance(subject, AwardDecision):
        closing.follow(subject, deed)
    return subject


def _lock_round(pk: int) -> Round:
    return (
        Round.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme__appraising_unit")
        .get(pk=pk)
    )


def _steps(subject: Subject) -> Mapping[tuple[str, str], Callable[..., Done]]:
    return NOMINATION_STEPS if isinstance(subject, Nomination) else DECISION_STEPS


def _post(actor: Officer, subject: Subject, row: Action, unit: Unit) -> Appointment:
    """The post in which the act is done when none was named: the oldest that allows it."""
    if row.right is None and subject.sent_post:
        return subject.sent_post
    return grants.post_with(actor, str(row.right), unit)


def _handle(subject: Subject, came: outbox.Before, unit: Unit, deed: Act, done: Done) -> Handling:
    kind = "nomination" if isinstance(subject, Nomination) else "decision"
    handling = Handling.objects.create(
        **{kind: subject},
        version=subject.version,
        leg_id=done.leg_id,
        level=deed.action.level(came.sent_from),
        step=came.state,
        action=deed.action.name,
        officer=deed.actor,
        on_behalf_of=deed.post.officer if deed.delegation else None,
        post=deed.post,
        delegation=deed.delegation,
        unit=unit,
        at=deed.now,
        late=deadlines.is_over(came.due, deed.now) if came.due else None,
    )
    Remark.objects.bulk_create(
        [
            Remark(**{kind: subject}, handling=handling, version=subject.version, **item)
            for item in done.remarks
        ]
    )
    if done.opinion:
        done.opinion.handled_by(handling)
    return handling


def _advance(flow: type[Flow], task: Task, subject: Subject) -> None:
    """End the task and create the next one; viewflow gets the subject as it was just written."""
    process = flow.process_class.objects.get(pk=task.process_id)
    if isinstance(subject, Nomination):
        process.nomination = subject
    else:
        process.decision = subject
    task.process = process
    activation = task.flow_task.activation_class(task)
    activation.perform()
    activation.activate_next()


def _open_nomination(nomination: Nomination, actor: Officer, post: Appointment | None) -> Nomination:
    if (
        not grants.units_where(actor, Right.PREPARE, post=post)
        .filter(content_object=nomination.unit_id)
        .exists()
    ):
        raise PermissionDenied(
            _("Preparing a file belongs to the clerk of %(unit)s.") % {"unit": nomination.unit}
        )
    nomination.round = _lock_round(nomination.round_id)  # it must not close under the opening
    if nomination.round.closed_on:
        raise ValidationError({"round": _("The round is closed.")})
    if not nomination.round.is_open_on(clock.today()):
        raise ValidationError({"round": checks.window_of(nomination.round)})
    post = post or grants.post_with(actor, Right.PREPARE, nomination.unit)
    grants.hold(actor, post, None)
    open_nomination(nomination, clock.now())
    drafts.remember_author(nomination, actor)
    NominationFlow.start.run(nomination=nomination)
    record_opening(nomination, actor, post)
    return nomination


def _open_decision(decision: AwardDecision, actor: Officer, post: Appointment | None) -> AwardDecision:
    decision.round = round = _lock_round(decision.round_id)
    if not Round.objects.filter(rules.may_compile(actor, post=post), pk=round.pk).exists():
        raise PermissionDenied(_("Compiling a decision belongs to the head of division of Home Affairs."))
    unit = round.programme.appraising_unit
    post = post or grants.post_with(actor, Right.COMPILE, unit)
    lent = grants.delegation_behind(actor, Right.COMPILE, post)
    grants.hold(actor, post, lent)
    now = clock.now()
    count = open_decision(decision, now)
    Handling.objects.create(
        decision=decision,
        level=LEVELS[decision.state],
        step=decision.state,
        action=EDIT,
        officer=actor,
        on_behalf_of=post.officer if lent else None,
        post=post,
        delegation=lent,
        unit=unit,
        at=now,
    )
    DecisionFlow.start.run(decision=decision)
    record_opening(decision, actor, post, lent, data={"lines": count})
    return decision


__all__ = ["Step", "act", "act_on_all", "close_round", "open", "task_of", "tasks_of"]

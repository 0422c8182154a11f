"""What counts as done when a time limit is over and says so: an act by the system's own officer, through the engine."""

import logging
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from history import clock
from nominations import deadlines, rules
from nominations.actions import Action
from nominations.clocks import Clocks
from nominations.content import seen_digest
from nominations.models import AwardDecision, Nomination
from nominations.models.deadlines import DEEMED_ACTS, AtExpiry
from permissions.models import Officer
from workflows.asking import Subject
from workflows.errors import Busy, StaleState

logger = logging.getLogger(__name__)


def deem(limit: int = 200) -> int:
    """Do what counts as done by now, at most `limit` files and decisions; return how many were done.

    Each is an act of its own, asked and recorded as such. One that is refused stays where it is and is reported as
    late: its remarks may be open, the officer without a post, or the file in somebody's hands this moment.
    """
    from workflows import engine  # it asks this module

    done = 0
    for model, pk in _over(clock.now(), limit):
        subject = model.objects.select_related("deadline__deemed_by", "process").get(pk=pk)
        if subject.deadline is None or subject.deadline.deemed_by is None:
            continue
        action, actor = DEEMED_ACTS[subject.deadline.step], subject.deadline.deemed_by
        try:
            task = engine.task_of(subject)
            engine.act(task, action, actor=actor, seen=seen_digest(subject))
            done += 1
        except (PermissionDenied, StaleState, Busy, ValidationError) as error:
            logger.warning("not deemed done: %s %s: %s", subject.stream, action, error)
    return done


def by_limit(subject: Subject, action: Action, actor: Officer) -> dict[str, Any]:
    """Return, for the ledger, the time limit by which `actor`, the system's own, does `action` on `subject`, whose process is locked.

    Read anew under the lock: the time must be over now, by the clock that runs, and the limit in force today must say
    that the step counts as done, by this very officer. Raises PermissionDenied otherwise.
    """
    now = clock.now()
    policy = Clocks(clock.today()).policy(subject)
    says = policy is not None and policy.at_expiry == AtExpiry.DEEMED and policy.deemed_by_id == actor.pk
    if policy is None or not says or DEEMED_ACTS.get(subject.state) != action.name:
        raise PermissionDenied(_("No time limit in force says that this step counts as done."))
    if subject.due is None or not deadlines.is_over(subject.due, now):
        raise PermissionDenied(_("The time for this step is not over."))
    which = {name: getattr(policy, name) for name in ("step", "award", "unit_kind")}
    return {**which, "from": str(policy.valid_from), "due": subject.due.isoformat()}


def is_allowed(actor: Officer, subject: Subject, action: Action) -> bool:
    """Check one act by the rule for everybody, but in whosever hands the file is."""
    rule = rules.deemed(actor, action)
    return type(subject)._default_manager.filter(rule, pk=subject.pk).exists()


def _over(now: datetime, limit: int) -> list[tuple[Any, int]]:
    models: tuple[Any, ...] = (Nomination, AwardDecision)
    late = deadlines.late(now) & Q(deadline__at_expiry=AtExpiry.DEEMED, holder__isnull=False)
    return [
        (model, pk)
        for model in models
        for pk in model.objects.filter(late).order_by("due", "pk").values_list("pk", flat=True)[:limit]
    ]

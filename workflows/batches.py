"""One act on many files: chosen on one page, done file by file by the person's own requests, and resumable.

No background task decides for a person: each request does some files, each in a transaction of its own
through the engine, and what became of each is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from viewflow.workflow.models import Task

from history import clock
from nominations import rules
from nominations.actions import NOMINATION_ACTIONS, Action, Needs
from nominations.models import Handling, Nomination
from nominations.rules import Part
from nominations.states import State
from permissions import grants, prepared
from permissions.models import Officer
from workflows import engine, rule_words
from workflows.errors import Busy, StaleState
from workflows.models import Batch, BatchItem, NominationProcess, Result
from workflows.tasks_open import tasks_of

MOST = 500  # files in one batch
STEPS = (State.REVIEW, State.ENDORSE, State.INTAKE, State.APPRAISE, State.CONFIRM)

# What can be done on many files at once: what asks for nothing but the click, at the steps that many files reach.
BATCHED: dict[str, Action] = {
    f"{action.source}.{action.name}": action
    for action in NOMINATION_ACTIONS
    if action.source in STEPS
    and action.needs == Needs.NOTHING
    and (action.tone == "primary" or action.name in ("claim", "release"))
}


@dataclass(frozen=True)
class Chance:
    """One file on which an act could be done: whether it can be now, and why not."""

    nomination: Nomination
    why_not: str

    @property
    def allowed(self) -> bool:
        return not self.why_not


def offered(officer: Officer) -> dict[str, int]:
    """Return the batched actions that `officer` has files for, with how many; one statement for each right held."""
    held = grants.units_by_right(officer)
    found = {}
    for key, action in BATCHED.items():
        if action.right in held and (count := prepared.count(_possible, officer, action)):
            found[key] = count
    return found


def _possible(officer: Officer, action: Action) -> QuerySet[Any]:
    return Nomination.objects.filter(rules.may(officer, action)).order_by().values("pk")


def chances(officer: Officer, action: Action, most: int = MOST) -> list[Chance]:
    """Return the files at the step of `action` that are for `officer` to do, by due date, at most `most`.

    Each says whether the act is possible now, or which condition is not met; a flat number of statements.
    """
    conditions = _conditions(rules.parts(officer, action))
    found = []
    for file in prepared.rows(_chances, officer, action, most):
        unmet = [part for number, part in enumerate(conditions) if not getattr(file, f"met_{number}")]
        words = " ".join(rule_words.asks(file, action, part, None) for part in unmet)
        found.append(Chance(file, _("Not met: %(what)s") % {"what": words} if words else ""))
    return found


def _chances(officer: Officer, action: Action, most: int) -> QuerySet[Nomination]:
    rule = rules.parts(officer, action)
    met = {f"met_{number}": rules.true_if(rule[part]()) for number, part in enumerate(_conditions(rule))}
    files = Nomination.objects.filter(rules.duty(officer, action)).select_related("unit", "holder", "round")
    if action.option:  # a claim is a chance only where it is possible
        files = files.filter(rules.may(officer, action))
    return files.annotate(**met).order_by("due", "since", "pk")[:most]


def _conditions(rule: rules.Rule) -> list[Part]:
    return [part for part in rule if part.kind == "condition"]


def begin(officer: Officer, action: Action, chosen: Mapping[str, str]) -> Batch:
    """Keep what `officer` chose: by the uid of each file, the digest of what was shown of it.

    Nothing is done yet. Raises ValidationError when nothing, or more than `MOST`, is chosen; files that
    the officer may not read, or that have left the step, are not taken.
    """
    if not chosen:
        raise ValidationError({"file": _("Choose one file or more.")})
    if len(chosen) > MOST:
        raise ValidationError({"file": _("Choose at most %(most)s files at once.") % {"most": MOST}})
    files = Nomination.objects.filter(rules.duty(officer, action), uid__in=list(chosen))
    by_process = {file.process.pk: file for file in files.select_related("process")}
    tasks = tasks_of(NominationProcess.objects.filter(pk__in=list(by_process)))
    with transaction.atomic():
        batch = Batch.objects.create(
            officer=officer, state=action.source, action=action.name, created=clock.now()
        )
        BatchItem.objects.bulk_create(
            [
                BatchItem(
                    batch=batch,
                    nomination=by_process[task.process_id],
                    task=task.pk,
                    seen=chosen[str(by_process[task.process_id].uid)][:64],
                )
                for task in tasks.order_by("process__nominationprocess__nomination__due", "pk")
            ]
        )
    return batch


def go_on(batch: Batch, some: int) -> int:
    """Do the act on the next `some` files that wait, each by itself; return how many still wait.

    A refusal of one is kept with it and stops no other. What was done before a crash, and not noted, is
    noted now and not done again.
    """
    waiting = batch.items.filter(result=Result.WAITING).select_related("nomination")
    for item in waiting[:some]:
        result, words = _one(batch, item)
        BatchItem.objects.filter(pk=item.pk, result=Result.WAITING).update(result=result, words=words)
    return waiting.count()


def action_of(batch: Batch) -> Action:
    """Return the row of the table that the batch does."""
    return BATCHED[f"{batch.state}.{batch.action}"]


def of(officer: Officer) -> QuerySet[Batch]:
    """Return the officer's own batches: nobody goes on with another's."""
    return Batch.objects.filter(officer=officer)


def unfinished(officer: Officer) -> Batch | None:
    """Return the officer's latest batch in which files still wait; None when there is none."""
    return of(officer).filter(items__result=Result.WAITING).order_by("-pk").first()


def _one(batch: Batch, item: BatchItem) -> tuple[str, str]:
    task = Task.objects.get(pk=item.task)
    try:
        engine.act(task, batch.action, actor=batch.officer, seen=item.seen)
    except PermissionDenied as error:
        return Result.NOT_ALLOWED, str(error)
    except ValidationError as error:
        return Result.NOT_VALID, " ".join(error.messages)
    except StaleState as error:
        if _was_done(batch, item):
            return Result.DONE, ""
        return Result.FIRST, _first(error)
    except Busy:
        return Result.FIRST, _("Another act on this file was under way: try it again.")
    return Result.DONE, ""


def _was_done(batch: Batch, item: BatchItem) -> bool:
    """Whether this batch did it already: the server fell between the act and the note of it."""
    return Handling.objects.filter(
        nomination=item.nomination_id,
        officer=batch.officer_id,
        step=batch.state,
        action=batch.action,
        at__gte=batch.created,
    ).exists()


def _first(error: StaleState) -> str:
    if error.who and error.what:
        return _("%(who)s was first: %(what)s.") % {"who": error.who, "what": error.what}
    return _("The file has changed since it was chosen: look at it again.")


def choices(keys: Sequence[str]) -> list[tuple[str, str]]:
    """Return the actions of `keys` for a list to choose from: the step and the act in words."""
    return [(key, f"{State(BATCHED[key].source).label}: {BATCHED[key].label}") for key in keys]

"""Keeping away from a file: an officer's own word, at any time while it is open; nothing else moves."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from viewflow.workflow.base import Flow

from history import clock
from nominations import rules
from nominations.actions import DECISION_ACTIONS
from nominations.models import Nomination, Recusal, Round, RouteLeg
from permissions import grants, prepared
from permissions.models import Officer
from permissions.text import normalised_lines
from workflows import asking, outbox
from workflows.asking import Subject
from workflows.flows import DecisionFlow, NominationFlow
from workflows.lock import bound_waiting, transaction_or_busy
from workflows.recording import record_recusal

LONGEST = 2000  # characters of a reason


def recuse(subject: Subject, officer: Officer, reason: str) -> Recusal:
    """Note that `officer` keeps away from `subject` for good; a file in their hands is given free.

    Under the same locks as an act, so that none of theirs follows it: the file's own, and its round's,
    with which every act on a decision begins. Raises PermissionDenied for somebody who has nothing to
    do with it or has recused already, Busy, and ValidationError without a reason or when it has ended.
    """
    flow: type[Flow] = NominationFlow if isinstance(subject, Nomination) else DecisionFlow
    with transaction_or_busy():
        bound_waiting()
        rounds = Round.objects.select_for_update(of=("self",), no_key=True)
        rounds.values_list("pk").get(pk=subject.round_id)
        with flow.lock(subject.process.pk):
            return _note(flow.lock_subject(subject.process.pk), officer, normalised_lines(reason))


def _note(locked: Subject, officer: Officer, text: str) -> Recusal:
    if locked.holder is None:
        raise ValidationError(_("The file has ended: nobody has to keep away from it any more."))
    if not can_recuse(officer, locked):
        raise PermissionDenied(_("Whoever could act on the file, and has not done so yet, declares this."))
    if not text or len(text) > LONGEST:
        raise ValidationError(
            {"note": _("State the reason, in %(most)s characters at most.") % {"most": LONGEST}}
        )
    about = "nomination" if isinstance(locked, Nomination) else "decision"
    recusal = Recusal.objects.create(**{about: locked}, officer=officer, reason=text, at=clock.now())
    if isinstance(locked, Nomination):
        mine = Nomination.objects.filter(pk=locked.pk, assigned_post__officer=officer)
        mine.update(assigned_post=None, assigned_step="")
    record_recusal(locked, officer, text)
    outbox.told_by_recusal(locked)
    return recusal


def can_recuse(officer: Officer, subject: Subject) -> bool:
    """Check that `officer` may keep away from `subject` today: the rule, and a primary key; one statement."""
    if subject.holder is None:
        return False
    return bool(prepared.rows(_open_to, officer, type(subject), pk=subject.pk))


def _open_to(officer: Officer, model: type[Subject], pk: int) -> QuerySet[Any]:
    return model._default_manager.filter(_rule(officer, model), pk=pk).values("pk")


def _rule(officer: Officer, model: type[Subject]) -> Q:
    """Whoever may read it, holds a right at a unit by which it passes, and has not recused yet.

    It passes where it waits, proposes, appraises and decides.
    """
    acts = (*asking.table_of(model).values(), *DECISION_ACTIONS)  # a file leads to a decision
    rights = sorted({str(action.right) for action in acts if action.right})
    held = grants.units_with_any(officer, rights)
    concerned = Q(holder__in=held)
    for body in ("appraising_unit", "deciding_unit", "office_unit"):
        concerned |= Q(**{f"round__programme__{body}__in": held})
    if model is Nomination:
        legs = RouteLeg.objects.filter(nomination=OuterRef("pk"), unit__in=held)
        concerned |= Q(unit__in=held) | Q(Exists(legs))
        about, readable = "nomination", rules.readable(officer)
    else:
        about, readable = "decision", rules.readable_decisions(officer)
    mine = Recusal.objects.filter(**{about: OuterRef("pk")}, officer=officer)
    return readable & concerned & Q(~Exists(mine))

"""What must be true of a file before an action: each condition of the table as a Q."""

from collections.abc import Callable

from django.db.models import Case, Exists, F, Model, OuterRef, Q, QuerySet, When

from history import clock
from nominations.actions import Condition
from nominations.models import DecisionLine, Nomination, Opinion, ProcedurePolicy, Remark
from nominations.states import DECISION_OPEN, Recall
from permissions.dated import valid_on
from permissions.models import Officer

CONDITIONS: dict[Condition, Callable[[Officer, type[Model]], Q]] = {
    Condition.REMARKS_DONE: lambda _officer, model: ~Q(Exists(open_remarks(model))),
    Condition.SUPPLEMENT_LEFT: lambda _officer, _model: Q(
        Exists(_procedure().filter(supplements_at_most__gt=OuterRef("supplements")))
    ),
    Condition.REROUTE_ALLOWED: lambda _officer, _model: Q(
        Exists(_procedure().filter(reroute_at_intake=True))
    ),
    Condition.OFF_DECISION: lambda _officer, _model: ~Q(Exists(lines_on_open_decisions())),
    Condition.UNOPENED: lambda _officer, _model: Q(opened_at=None),
    Condition.OPENED: lambda _officer, _model: Q(opened_at__isnull=False),
    Condition.NOT_ASKED: lambda _officer, _model: Q(recall=Recall.NONE),
    Condition.ASKED: lambda _officer, _model: Q(recall=Recall.ASKED),
    Condition.UNASSIGNED: lambda _officer, _model: ~assigned(),
    Condition.MINE: lambda officer, _model: assigned() & Q(assigned_post__officer=officer),
    Condition.BODY_ENDED: lambda _officer, _model: Q(holder__valid_to__lte=clock.today()),
    Condition.UNIT_ENDED: lambda _officer, _model: Q(unit__valid_to__lte=clock.today()),
    Condition.OPINION_OPEN: lambda _officer, _model: Q(Exists(awaited_opinions())),
    Condition.OPINIONS_IN: lambda _officer, _model: ~Q(Exists(awaited_opinions())),
}


def on_the_list(prefix: str = "") -> Q:
    """Return the lines that a decision presents: those that stand, and those the signer struck out.

    `prefix` walks a relation ("lines__"). Lines left off the draft are no part of it.
    """
    return Q(**{f"{prefix}live": True}) | Q(**{f"{prefix}struck": True})


def assigned() -> Q:
    """Return the nominations that are in somebody's hands at this step and unit.

    A post that has ended, or an officer who was deactivated, holds nothing: the file frees itself.
    """
    return Q(
        assigned_step=F("state"), assigned_post__unit=F("holder"), assigned_post__officer__is_active=True
    ) & valid_on(clock.today(), "assigned_post__")


def in_hands_of(name: str = "pk") -> Case:
    """Return the column `name` of the officer in whose hands a nomination is; null when in nobody's."""
    return Case(When(assigned(), then=F(f"assigned_post__officer__{name}")), default=None)


def open_remarks(model: type[Model]) -> QuerySet[Remark]:
    """Return the remarks, made to the step where the outer row of `model` waits, not yet dealt with."""
    subject = "nomination" if model is Nomination else "decision"
    return Remark.objects.filter(
        **{subject: OuterRef("pk")},
        status=Remark.Status.OPEN,
        to_step=OuterRef("state"),
        to_unit=OuterRef("holder"),
    )


def awaited_opinions() -> QuerySet[Opinion]:
    """Return the opinions awaited on the outer nomination; what was asked about an earlier route is void."""
    return Opinion.objects.filter(
        nomination=OuterRef("pk"), answer="", version__gte=OuterRef("route_version")
    )


def lines_on_open_decisions() -> QuerySet[DecisionLine]:
    """Return the lines by which the outer nomination stands on a decision not yet published."""
    return DecisionLine.objects.filter(
        nominee__nomination=OuterRef("pk"), live=True, decision__state__in=DECISION_OPEN
    )


def _procedure() -> QuerySet[ProcedurePolicy]:
    return ProcedurePolicy.objects.on(clock.today())

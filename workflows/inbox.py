"""What waits for an officer: one query over nominations and decisions, not over viewflow's tasks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, F, QuerySet, Value

from nominations import references, rules
from nominations.actions import DECISION_ACTIONS, NOMINATION_ACTIONS
from nominations.models import AwardDecision, Nomination
from nominations.rules import Held
from nominations.states import DecisionState, State
from nominations.views.rows import with_nominees
from permissions import grants, prepared
from permissions.models import Officer

COLUMNS = ("uid", "pk", "state", "since", "due", "year", "programme_name", "kind", "unit_name")


@dataclass(frozen=True)
class Item:
    """One file or decision that waits for the officer to act."""

    kind: str  # "nomination" or "decision"
    uid: str
    pk: int
    year: int
    unit_name: str
    programme_name: str
    state: str
    since: datetime
    due: date | None

    @property
    def reference(self) -> str:
        return references.written(self.kind, self.year, self.pk)

    @property
    def state_label(self) -> str:
        states = State if self.kind == "nomination" else DecisionState
        return str(states(self.state).label)


def inbox(officer: Officer, *, held: Held | None = None) -> list[Item]:
    """Return what waits for `officer` now, by due date, then by how long it has waited; one statement.

    `held` are the units at which the officer holds each right today, if they are known already;
    otherwise they are asked first. Nothing is asked of somebody who holds no right that makes a duty.
    """
    held = grants.units_by_right(officer) if held is None else held
    return [Item(**row) for row in prepared.rows(question, officer, **{r: list(held[r]) for r in held})]


def question(officer: Officer, **held: Sequence[int]) -> QuerySet[Any] | None:
    """Return what waits as a queryset; None when there is nothing to ask. `held`: as of `inbox`."""
    asked = []
    for model, actions, kind, unit in (
        (Nomination, NOMINATION_ACTIONS, "nomination", "unit__name"),
        (AwardDecision, DECISION_ACTIONS, "decision", "holder__name"),
    ):
        if any(action.right in held and not action.option for action in actions):
            duties = rules.duties(officer, actions, held=held)
            asked.append(_columns(model._default_manager.filter(duties), kind, unit))
    if not asked:
        return None
    rows = asked[0].union(*asked[1:], all=True) if len(asked) > 1 else asked[0]
    return rows.order_by(F("due").asc(nulls_last=True), "since", "pk")


def sent(officer: Officer, waiting: Iterable[Item], limit: int = 20) -> list[Nomination]:
    """Return the open files that `officer` handled and that wait for others, newest first, as a table shows them.

    `waiting` is the officer's inbox: what is in it waits for nobody else.
    """
    mine = [item.pk for item in waiting if item.kind == "nomination"]
    return prepared.rows(_sent, officer, limit, waiting=mine)


def _sent(officer: Officer, limit: int, waiting: Sequence[int]) -> QuerySet[Nomination]:
    files = Nomination.objects.filter(handlings__officer=officer, holder__isnull=False)
    others = files.exclude(pk__any_of=waiting).filter(rules.readable(officer))
    return with_nominees(others).distinct().order_by("-since")[:limit]


def _columns(queryset: QuerySet[Any], kind: str, unit: str) -> QuerySet[Any]:
    return queryset.order_by().values(
        *COLUMNS[:5],
        year=F("round__year"),
        programme_name=F("round__programme__name"),
        kind=Value(kind, output_field=CharField()),
        unit_name=F(unit),
    )

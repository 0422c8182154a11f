"""What waits for an officer: one query over nominations and decisions, not over viewflow's tasks."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, F, QuerySet, Value

from nominations import references, rules
from nominations.actions import DECISION_ACTIONS, NOMINATION_ACTIONS
from nominations.models import AwardDecision, Nomination
from nominations.states import DecisionState, State
from permissions.models import Officer


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


def inbox(officer: Officer, *, rights: Collection[str] | None = None) -> list[Item]:
    """Return what waits for `officer` now, by due date, then by how long it has waited; one statement.

    `rights` are those that the officer holds anywhere today, if they are known already.
    """
    nominations = _columns(
        Nomination.objects.filter(rules.duties(officer, NOMINATION_ACTIONS, rights=rights)),
        "nomination",
        "unit__name",
    )
    decisions = _columns(
        AwardDecision.objects.filter(rules.duties(officer, DECISION_ACTIONS, rights=rights)),
        "decision",
        "holder__name",
    )
    rows = nominations.union(decisions, all=True).order_by(F("due").asc(nulls_last=True), "since", "pk")
    return [Item(**row) for row in rows]


def sent(officer: Officer, waiting: Iterable[Item], limit: int = 20) -> QuerySet[Nomination]:
    """Return the open files that `officer` handled and that wait for others, newest first.

    `waiting` is the officer's inbox: what is in it waits for nobody else.
    """
    return (
        Nomination.objects.filter(handlings__officer=officer, holder__isnull=False)
        .exclude(pk__in=[item.pk for item in waiting if item.kind == "nomination"])
        .filter(rules.readable(officer))
        .select_related("unit", "holder", "round")
        .distinct()
        .order_by("-since")[:limit]
    )


def _columns(queryset: QuerySet[Any], kind: str, unit: str) -> QuerySet[Any]:
    return queryset.order_by().values(
        "uid",
        "pk",
        "state",
        "since",
        "due",
        year=F("round__year"),
        programme_name=F("round__programme__name"),
        kind=Value(kind, output_field=CharField()),
        unit_name=F(unit),
    )

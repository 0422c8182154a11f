"""What waits for an officer: one query over nominations and decisions, not over viewflow's tasks."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, F, QuerySet, Value

from nominations import rules
from nominations.models import AwardDecision, Nomination
from nominations.states import DECISION_ACTIONS, NOMINATION_ACTIONS, DecisionState, State
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
        return f"HS-{self.year}-{self.pk:05}" if self.kind == "nomination" else f"DT-{self.year}-{self.pk:03}"

    @property
    def state_label(self) -> str:
        states = State if self.kind == "nomination" else DecisionState
        return str(states(self.state).label)


def inbox(officer: Officer) -> list[Item]:
    """Return what waits for `officer` now, by due date, then by how long it has waited."""
    nominations = _columns(
        Nomination.objects.filter(rules.duties(officer, NOMINATION_ACTIONS)), "nomination", "unit__name"
    )
    decisions = _columns(
        AwardDecision.objects.filter(rules.duties(officer, DECISION_ACTIONS)),
        "decision",
        "holder__name",
    )
    rows = nominations.union(decisions, all=True).order_by(F("due").asc(nulls_last=True), "since", "pk")
    return [Item(**row) for row in rows]


def count(officer: Officer) -> int:
    """Return how many files and decisions wait for `officer`."""
    return len(inbox(officer))


def sent(officer: Officer, limit: int = 20) -> QuerySet[Nomination]:
    """Return the open files that `officer` handled and that wait for others, newest first."""
    return (
        Nomination.objects.filter(handlings__officer=officer, holder__isnull=False)
        .exclude(rules.duties(officer, NOMINATION_ACTIONS))
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

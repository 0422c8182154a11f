"""What waits for an officer: one query over nominations and decisions, not over viewflow's tasks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, cast

from django.db import connection
from django.db.models import CharField, F, QuerySet, Value

from history import clock
from nominations import references, rules
from nominations.actions import DECISION_ACTIONS, NOMINATION_ACTIONS
from nominations.models import AwardDecision, Nomination
from nominations.rules import Held
from nominations.states import DecisionState, State
from permissions import grants
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
    compiled = _compiled(frozenset(held), clock.today(), bool(officer.identity_hash))
    if compiled is None:
        return []
    sql, parameters = compiled
    known = {SOMEBODY: officer.pk, SOME_NUMBER: officer.identity_hash}
    values: list[Any] = [
        held[value.right] if isinstance(value, Units) else known.get(value, value) for value in parameters
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [Item(**dict(zip(COLUMNS, row, strict=True))) for row in cursor.fetchall()]


def plain(officer: Officer, held: Held) -> QuerySet[Any] | None:
    """Return the question of the inbox as a queryset; None when there is nothing to ask."""
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


@dataclass(frozen=True)
class Units:
    """Stands for the units of one right while the question is compiled."""

    right: str


# Stand for the officer while the question is compiled: no row has such a key or digest.
SOMEBODY, SOME_NUMBER = -(2**62), "~" * 64


@lru_cache(maxsize=256)
def _compiled(rights: frozenset[str], day: date, identified: bool) -> tuple[str, tuple[Any, ...]] | None:
    """Return the one rule as SQL for everybody who holds these rights; made once, since making it costs more than asking.

    It is the SQL of `plain`, with somebody in the place of the officer, whose own key is put in when it is asked.
    """
    somebody = Officer(pk=SOMEBODY, identity_hash=SOME_NUMBER if identified else "")
    question = plain(somebody, cast(Held, {right: Units(right) for right in rights}))
    return question.query.sql_with_params() if question is not None else None


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
        *COLUMNS[:5],
        year=F("round__year"),
        programme_name=F("round__programme__name"),
        kind=Value(kind, output_field=CharField()),
        unit_name=F(unit),
    )

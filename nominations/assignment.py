"""Who can take a file into their hands at its step, and how many each has already."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from nominations import rules
from nominations.actions import NOMINATION_TABLE, Action
from nominations.conditions import assigned
from nominations.models import Nomination
from nominations.states import State
from permissions import grants
from permissions.models import Officer, Unit

# The act for which a file is put into somebody's hands.
WORK: dict[str, Action] = {
    state: NOMINATION_TABLE[state, name]
    for state, name in ((State.REVIEW, "forward"), (State.INTAKE, "accept"), (State.APPRAISE, "conclude"))
}

# The right by which a file is put into somebody's hands at a step.
ASSIGNS: dict[str, str] = {state: str(NOMINATION_TABLE[state, "assign"].right) for state in WORK}
ASSIGN = frozenset(ASSIGNS.values())


@dataclass(frozen=True)
class Candidate:
    """An officer who may do the work of a step, with the number of files in their hands there."""

    officer: Officer
    load: int


def candidates(nomination: Nomination) -> list[Candidate]:
    """Return who may do the work on `nomination` at its step, least loaded first (three statements).

    Separation of duties is asked of each: whoever handled the file at another level is left out.
    """
    work = WORK.get(nomination.state)
    if work is None or nomination.holder is None:
        return []
    holders = list(grants.holders(str(work.right), nomination.holder))
    able = rules.those_who(nomination, holders, rules.able, work)
    held = loads(nomination.holder)
    found = [Candidate(officer, held[officer.pk]) for officer in able]
    return sorted(found, key=lambda candidate: (candidate.load, candidate.officer.name_sort))


def to_assign(officer: Officer) -> Q:
    """Return the files that `officer` may put into somebody's hands."""
    query = Q(pk__in=[])
    for state, right in ASSIGNS.items():
        query |= Q(state=state, holder__in=grants.units_where(officer, right))
    return query


def units_to_assign(officer: Officer) -> QuerySet[Unit]:
    """Return the units whose files `officer` assigns today."""
    held = Q(pk__in=[])
    for right in sorted(ASSIGN):
        held |= Q(pk__in=grants.units_where(officer, right))
    return Unit.objects.filter(held)


def loads(unit: Unit) -> Counter[int]:
    """Count the files in each officer's hands at `unit`, by the officer's key."""
    hands = Nomination.objects.filter(assigned(), holder=unit).order_by()
    return Counter(hands.values_list("assigned_post__officer", flat=True))

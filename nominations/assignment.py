"""Who can take a file into their hands at its step, and how many each has already."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Case, Value, When

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
    able = able_to(nomination, work, list(grants.holders(str(work.right), nomination.holder)))
    held = loads(nomination.holder)
    found = [Candidate(officer, held[officer.pk]) for officer in able]
    return sorted(found, key=lambda candidate: (candidate.load, candidate.officer.name_sort))


def able_to(nomination: Nomination, work: Action, officers: list[Officer]) -> list[Officer]:
    """Return those of `officers` who may do `work` on the file, in whose hands it may be aside; one statement."""
    if not officers:
        return []
    asked = {
        f"able_{officer.pk}": Case(When(rules.able(officer, work), then=Value(True)), default=Value(False))
        for officer in officers
    }
    answers: dict[str, object] = dict(Nomination.objects.filter(pk=nomination.pk).values(**asked).get())
    return [officer for officer in officers if answers[f"able_{officer.pk}"]]


def loads(unit: Unit) -> Counter[int]:
    """Count the files in each officer's hands at `unit`, by the officer's key."""
    hands = Nomination.objects.filter(assigned(), holder=unit).order_by()
    return Counter(hands.values_list("assigned_post__officer", flat=True))

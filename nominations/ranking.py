"""Who goes onto a decision: the confirmed nominees of a round, ranked, within what is left of the quota."""

from collections import Counter

from django.db.models import Exists, OuterRef, QuerySet

from nominations import rules
from nominations.models import DecisionLine, Nominee, Quota, Round
from nominations.models.programmes import NomineeKind
from nominations.states import Assessment, Outcome, State
from permissions.models import Officer

# Points first; among equals the plan prefers who works directly, then the grassroots.
RANKING = ("-total", "-is_direct_worker", "-is_grassroots", "name_sort", "pk")


def candidates(round: Round) -> QuerySet[Nominee]:
    """Return the confirmed nominees of `round` who wait for a decision, best first."""
    return _waiting().filter(nomination__round=round).select_related("nomination__round").order_by(*RANKING)


def to_compile(officer: Officer) -> QuerySet[Round]:
    """Return the rounds in which somebody waits for a decision that `officer` may compile."""
    waiting = Exists(_waiting().filter(nomination__round=OuterRef("pk")))
    return Round.objects.filter(rules.may_compile(officer), waiting).select_related("programme")


def _waiting() -> QuerySet[Nominee]:
    return (
        Nominee.objects.filter(
            nomination__state=State.AWAIT_DECISION,
            present=True,
            outcome=Outcome.PENDING,
            assessment=Assessment.ELIGIBLE,
        )
        .exclude(lines__live=True)
        .exclude(lines__struck=True)
    )


def used(round: Round, states: tuple[str, ...] = ()) -> Counter[str]:
    """Count the live lines of the round's decisions by kind; `states` narrows the decisions."""
    lines = DecisionLine.objects.filter(decision__round=round, live=True)
    if states:
        lines = lines.filter(decision__state__in=states)
    return Counter(lines.values_list("nominee__kind", flat=True))


def quota(round: Round) -> dict[str, int]:
    """Return how many nominees of each kind the round may award (0 where none is laid down)."""
    counts = dict(Quota.objects.filter(round=round).values_list("kind", "count"))
    return {kind.value: counts.get(kind, 0) for kind in NomineeKind}


def within_quota(round: Round) -> list[tuple[int, Nominee]]:
    """Return who fits into what is left of the quota: (rank within the kind, nominee).

    Called under the round's lock, so that two drafts cannot take the same places.
    """
    left = quota(round)
    taken = used(round)
    chosen: list[tuple[int, Nominee]] = []
    rank: Counter[str] = Counter()
    for nominee in candidates(round):
        rank[nominee.kind] += 1
        if rank[nominee.kind] <= left[nominee.kind] - taken[nominee.kind]:
            chosen.append((rank[nominee.kind], nominee))
    return chosen

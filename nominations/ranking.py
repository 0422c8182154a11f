"""Who goes onto a decision: the confirmed nominees of a round, ranked, within what is left of the quota."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from nominations import rules
from nominations.models import AwardDecision, DecisionLine, Nominee, Quota, Round
from nominations.models.programmes import NomineeKind
from nominations.states import Assessment, DecisionState, Outcome, State
from permissions import prepared
from permissions.models import Officer

# Points first; among equals the plan prefers who works directly, then the grassroots.
RANKING = ("-total", "-is_direct_worker", "-is_grassroots", "name_sort", "pk")


def candidates(round: Round) -> QuerySet[Nominee]:
    """Return the confirmed nominees of `round` who wait for a decision, best first."""
    return _waiting().filter(nomination__round=round).select_related("nomination__round").order_by(*RANKING)


def to_compile(officer: Officer) -> list[Round]:
    """Return the rounds in which somebody waits for a decision that `officer` may compile."""
    return prepared.rows(_to_compile, officer)


def _to_compile(officer: Officer) -> QuerySet[Round]:
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
        .exclude(Exists(struck_out()))
    )


def struck_out() -> QuerySet[DecisionLine]:
    """Return the lines by which a signer struck the outer nominee out for good.

    A decision abandoned since has no signature left: its nominees wait for another one, all of them.
    """
    lines = DecisionLine.objects.filter(nominee=OuterRef("pk"), struck=True, back=False)
    return lines.exclude(decision__state=DecisionState.ABANDONED)


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


def places_left(round: Round) -> dict[str, int]:
    """Return how many places of each kind no live line has taken yet."""
    taken = used(round)
    return {kind: max(0, count - taken[kind]) for kind, count in quota(round).items()}


def within_quota(round: Round, *, besides: AwardDecision | None = None) -> list[tuple[int, Nominee]]:
    """Return who fits into what is left of the quota: (rank within the kind, nominee).

    Called under the round's lock, so that two drafts cannot take the same places. Who was
    left off the draft `besides` was left off by a person, and is not taken again.
    """
    left = places_left(round)
    waiting = candidates(round)
    if besides is not None:
        waiting = waiting.exclude(Exists(left_off(besides).filter(nominee=OuterRef("pk"))))
    chosen: list[tuple[int, Nominee]] = []
    rank: Counter[str] = Counter()
    for nominee in waiting:
        rank[nominee.kind] += 1
        if rank[nominee.kind] <= left[nominee.kind]:
            chosen.append((rank[nominee.kind], nominee))
    return chosen


def left_off(decision: AwardDecision) -> QuerySet[DecisionLine]:
    """Return the lines taken off the draft by a person, each with its reason; they can be restored."""
    return decision.lines.filter(live=False, struck=False, back=False).select_related("nominee")


def equal(line: DecisionLine, other: DecisionLine) -> bool:
    """Whether two lines are of one kind and have the same points: only their order is a matter of choice."""
    return all(line.snapshot[key] == other.snapshot[key] for key in ("kind", "total"))


@dataclass(frozen=True)
class Tie:
    """Equals at the quota's edge: some stand on the list, some do not, and points do not tell why."""

    kind: str
    places: int  # how many of them the list has room for
    members: tuple[Nominee, ...]

    @property
    def sentence(self) -> str:
        """What is to be decided, in words."""
        return _(
            "%(kind)s: %(count)s nominees contend for %(places)s places: %(names)s. A person decides."
        ) % {
            "kind": NomineeKind(self.kind).label,
            "count": len(self.members),
            "places": self.places,
            "names": ", ".join(nominee.name for nominee in self.members),
        }


def ties_at_the_edge(decision: AwardDecision) -> list[Tie]:
    """Return the undecided ties of a draft: waiting nominees with no fewer points than one who is listed.

    That is a tie of equals, or somebody confirmed since the list was made. Where places are
    free there is no edge. Whoever was left off the draft by a person is decided upon.
    """
    left = places_left(decision.round)
    on_list = [
        line.nominee for line in decision.lines.filter(live=True).select_related("nominee__nomination__round")
    ]
    waiting = list(
        candidates(decision.round).exclude(Exists(left_off(decision).filter(nominee=OuterRef("pk"))))
    )
    ties = []
    for kind in NomineeKind:
        listed = [nominee for nominee in on_list if nominee.kind == kind]
        others = [nominee for nominee in waiting if nominee.kind == kind]
        if left[kind] or not listed or not others:
            continue
        lowest, highest = min(map(_points, listed)), max(map(_points, others))
        contending = [n for n in listed if _points(n) <= highest]
        if contending:
            members = (*contending, *(n for n in others if _points(n) >= lowest))
            ties.append(Tie(kind.value, len(contending), members))
    return ties


def _points(nominee: Nominee) -> int:
    return nominee.total or 0

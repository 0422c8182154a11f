"""A file read whole, once: what the checks look at and what a version freezes."""

from dataclasses import dataclass

from nominations.models import Criterion, Evidence, Nomination, Nominee, Score
from nominations.states import Level


@dataclass(frozen=True)
class File:
    """A nomination with all that was submitted with it (points as proposed, by criterion)."""

    nomination: Nomination
    nominees: list[Nominee]
    evidence: list[Evidence]
    criteria: list[Criterion]
    points: dict[tuple[int, str], int]  # (nominee, code of the criterion) → points


def read(nomination: Nomination) -> File:
    """Read `nomination` with four statements, however many nominees it has."""
    nominees = list(nomination.nominees.filter(present=True).select_related("officer", "body"))
    scores = Score.objects.filter(
        nominee__in=[nominee.pk for nominee in nominees], level=Level.PROPOSER, version=0
    ).values_list("nominee_id", "criterion__code", "points")
    return File(
        nomination=nomination,
        nominees=nominees,
        evidence=list(nomination.evidence.filter(present=True)),
        criteria=list(Criterion.objects.filter(rule_set=nomination.round.rule_set_id)),
        points={(nominee, code): points for nominee, code, points in scores},
    )

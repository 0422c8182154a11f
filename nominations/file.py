"""A file read whole, once: what the checks look at and what a version freezes."""

from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q

from nominations.models import Criterion, Evidence, Nomination, Nominee, RouteLeg, Score
from nominations.states import Level
from nominations.stops import legs_of

Points = dict[tuple[int, str], int]  # (nominee, code of the criterion) → points


@dataclass(frozen=True)
class File:
    """A nomination with all that was submitted with it (points as proposed, by criterion)."""

    nomination: Nomination
    nominees: list[Nominee]
    evidence: list[Evidence]
    criteria: list[Criterion]
    points: Points
    appraisals: dict[int, Points] = field(default_factory=dict)  # version → what the appraisal gave

    @cached_property
    def legs(self) -> list[RouteLeg]:
        """The legs of the route in force, in order, each with its unit; asked for once."""
        return legs_of(self.nomination)


def read(nomination: Nomination) -> File:
    """Read `nomination` with four statements, however many nominees it has."""
    nominees = list(nomination.nominees.filter(present=True).select_related("officer", "body"))
    scores = Score.objects.filter(nominee__in=[nominee.pk for nominee in nominees])
    scores = scores.filter(Q(level=Level.PROPOSER, version=0) | Q(level=Level.APPRAISAL))
    points: Points = {}
    appraisals: dict[int, Points] = {}
    for level, version, nominee, code, given in scores.order_by("version").values_list(
        "level", "version", "nominee_id", "criterion__code", "points"
    ):
        here = points if level == Level.PROPOSER else appraisals.setdefault(version, {})
        here[nominee, code] = given
    return File(
        nomination=nomination,
        nominees=nominees,
        evidence=list(nomination.evidence.filter(present=True)),
        criteria=list(Criterion.objects.filter(rule_set=nomination.round.rule_set_id)),
        points=points,
        appraisals=appraisals,
    )

"""Completeness is a list of named checks with their legal basis: shown while drafting, enforced at signing."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from history import clock
from nominations.file import File
from nominations.models import Nominee, Round
from nominations.models.nominations import EvidenceKind
from nominations.models.programmes import NomineeKind

ART_84 = gettext_lazy("Art. 84, Law on Emulation and Commendation 2022")
PLAN = gettext_lazy("Plan of the movement, scored criteria")


@dataclass(frozen=True)
class Result:
    """One check on one file."""

    name: str
    label: str
    basis: str
    problems: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not self.problems


@dataclass(frozen=True)
class Check:
    name: str
    label: str | Promise
    basis: str | Promise
    find: Callable[[File], list[str]]


def run(file: File) -> list[Result]:
    """Return the result of every check, in order; the file is complete when all have passed."""
    return [Result(check.name, str(check.label), str(check.basis), check.find(file)) for check in CHECKS]


def window_of(round: Round) -> str:
    """Return in one sentence when files are taken, for whoever comes too early or too late."""
    return _("The round takes files from %(opens)s to %(closes)s.") % {
        "opens": f"{round.opens:%d/%m/%Y}",
        "closes": f"{round.closes:%d/%m/%Y}",
    }


def _window(file: File) -> list[str]:
    round = file.nomination.round
    # A file returned for correction was in time: it may come back until the round is closed.
    if round.is_open_on(clock.today()) or (file.nomination.version and not round.closed_on):
        return []
    return [window_of(round)]


def _nominees(file: File) -> list[str]:
    if file.nominees:
        return []
    return [_("Add at least one collective or individual.")]


def _quota(file: File) -> list[str]:
    problems = []
    for quota in file.nomination.round.quotas.all():
        count = sum(nominee.kind == quota.kind for nominee in file.nominees)
        if count > quota.count:
            problems.append(
                _("%(count)s of the kind “%(kind)s”, while the whole province has %(quota)s: keep the best.")
                % {"count": count, "kind": NomineeKind(quota.kind).label, "quota": quota.count}
            )
    return problems


def _letter(file: File) -> list[str]:
    problems = []
    if not file.nomination.letter_number or not file.nomination.letter_date:
        problems.append(_("Enter the number and the date of the submission letter."))
    if not _has(file, EvidenceKind.LETTER):
        problems.append(_("Attach the submission letter."))
    return problems


def _minutes(file: File) -> list[str]:
    problems = []
    nomination = file.nomination
    if not nomination.minutes_date or not nomination.members_present or not nomination.members_total:
        problems.append(_("Enter the date of the review meeting and how many members were present."))
    elif nomination.members_present > nomination.members_total:
        problems.append(_("More members were present than there are: correct the numbers."))
    if not _has(file, EvidenceKind.MINUTES):
        problems.append(_("Attach the minutes of the review meeting."))
    return problems


def _reports(file: File) -> list[str]:
    return [
        _("%(name)s: write the achievement report or attach it.") % {"name": nominee.name}
        for nominee in file.nominees
        if not nominee.report.strip() and not _has(file, EvidenceKind.REPORT, nominee)
    ]


def _periods(file: File) -> list[str]:
    return [
        _("%(name)s: enter the period of the achievements.") % {"name": nominee.name}
        for nominee in file.nominees
        if not nominee.achieved_from or not nominee.achieved_to
    ]


def _titles(file: File) -> list[str]:
    return [
        _("%(name)s: enter the position as it is to be printed.") % {"name": nominee.name}
        for nominee in file.nominees
        if nominee.kind == NomineeKind.INDIVIDUAL and not nominee.title.strip()
    ]


def _scores(file: File) -> list[str]:
    problems = []
    for nominee in file.nominees:
        missing = [c for c in file.criteria if (nominee.pk, c.code) not in file.points]
        if missing:
            problems.append(
                ngettext(
                    "%(name)s: enter the points of %(count)s more criterion.",
                    "%(name)s: enter the points of %(count)s more criteria.",
                    len(missing),
                )
                % {"name": nominee.name, "count": len(missing)}
            )
    return problems


def _conditions(file: File) -> list[str]:
    return [
        _("%(name)s: “%(criterion)s” needs at least %(points)s points.")
        % {"name": nominee.name, "criterion": criterion, "points": criterion.min_points}
        for nominee in file.nominees
        for criterion in file.criteria
        if file.points.get((nominee.pk, criterion.code), criterion.min_points) < criterion.min_points
    ]


def _initiatives(file: File) -> list[str]:
    return [
        _("%(name)s: attach the recognition of the initiative for which points are claimed.")
        % {"name": nominee.name}
        for nominee in file.nominees
        if file.points.get((nominee.pk, "initiative")) and not _has(file, EvidenceKind.INITIATIVE, nominee)
    ]


def _has(file: File, kind: str, nominee: Nominee | None = None) -> bool:
    wanted = nominee.pk if nominee else None
    return any(
        item.kind == kind and (wanted is None or item.nominee_id in (wanted, None)) for item in file.evidence
    )


CHECKS = (
    Check("window", gettext_lazy("Within the window of the round"), PLAN, _window),
    Check("nominees", gettext_lazy("At least one nominee"), ART_84, _nominees),
    Check("quota", gettext_lazy("Not more nominees than the quota of the province"), PLAN, _quota),
    Check("letter", gettext_lazy("Submission letter"), ART_84, _letter),
    Check("minutes", gettext_lazy("Minutes of the review meeting"), ART_84, _minutes),
    Check("reports", gettext_lazy("Achievement report of each nominee"), ART_84, _reports),
    Check("periods", gettext_lazy("Period of the achievements of each nominee"), ART_84, _periods),
    Check("titles", gettext_lazy("Position of each individual"), ART_84, _titles),
    Check("scores", gettext_lazy("Points by criterion for each nominee"), PLAN, _scores),
    Check("conditions", gettext_lazy("Conditions of the criteria"), PLAN, _conditions),
    Check("initiatives", gettext_lazy("Recognition of initiatives"), ART_84, _initiatives),
)

"""The rows against what was frozen: the file that was submitted, the list that was presented or signed."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from history import canonical
from nominations import rules
from nominations.content import decision_content, nomination_content
from nominations.file import File
from nominations.models import (
    AwardDecision,
    Criterion,
    DecisionLine,
    DecisionVersion,
    Evidence,
    Nomination,
    NominationVersion,
    Nominee,
    Score,
)
from nominations.states import Level

Fault = Callable[[str, str], None]
Version = NominationVersion | DecisionVersion
CHUNK = 500  # contents read at once

RENAMED = ("unit_name", "body_name")  # units may lawfully get another name later


def check(fault: Fault, writing: Collection[str]) -> None:
    """Call `fault` for each content that is not that of its digest, and each row that says otherwise than the last.

    `writing` are the streams of what is being written at, or was when it ended: there the rows may say more.
    """
    for versions in _chunks(
        NominationVersion.objects.select_related("nomination__unit", "nomination__round")
    ):
        held = [v for v in versions if _is_last(v, v.nomination, writing)]
        files = _files([version.nomination for version in held])
        now = {version.pk: nomination_content(files[version.nomination_id]) for version in held}
        stored = _documents(versions)
        for version in versions:
            where = f"{version.nomination.stream} v{version.number}"
            kept = _compare(fault, where, version, now.get(version.pk))
            for item in version.content["evidence"] if kept else ():
                if stored.get(item["uid"]) != (version.nomination_id, item["sha256"]):
                    what = {"document": item["sha256"][:12]}
                    fault(
                        where, _("the document %(document)s that was submitted is not stored any more") % what
                    )
    for frozen in _chunks(DecisionVersion.objects.select_related("decision__round__programme")):
        held = [v for v in frozen if _is_last(v, v.decision, writing)]
        lines = _lines([version.decision_id for version in held])
        now = {version.pk: decision_content(version.decision, lines[version.decision_id]) for version in held}
        for version in frozen:
            _compare(fault, f"{version.decision.stream} v{version.number}", version, now.get(version.pk))


def _is_last(version: Version, subject: Nomination | AwardDecision, writing: Collection[str]) -> bool:
    return version.number == subject.version and subject.stream not in writing


def _compare(fault: Fault, where: str, version: Version, now: dict[str, Any] | None) -> bool:
    """Whether the content is still the one that was frozen; the rows are compared with it then."""
    if canonical.digest(version.content) != version.digest:
        fault(where, _("the frozen content is not the one that was signed"))
        return False
    if now is not None:
        frozen, stands = _without_names(version.content), _without_names(now)
        other = sorted(name for name in frozen | stands if frozen.get(name) != stands.get(name))
        if other:
            fault(
                where, _("the rows say otherwise than what was frozen: %(what)s") % {"what": ", ".join(other)}
            )
    return True


def _without_names(content: Any) -> Any:
    if isinstance(content, dict):
        return {name: _without_names(value) for name, value in content.items() if name not in RENAMED}
    return [_without_names(item) for item in content] if isinstance(content, list) else content


def _chunks(versions: QuerySet[Any]) -> Iterator[list[Any]]:
    rows = versions.order_by("pk").iterator(CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _documents(versions: list[NominationVersion]) -> dict[str, tuple[int, str]]:
    files = {version.nomination_id for version in versions}
    rows = Evidence.objects.filter(nomination__in=files).values_list("uid", "nomination", "sha256")
    return {str(uid): (nomination, sha256) for uid, nomination, sha256 in rows}


def _files(nominations: list[Nomination]) -> dict[int, File]:
    """Return the files as `nominations.file.read` would one by one; four statements."""
    nominees: dict[int, list[Nominee]] = defaultdict(list)
    evidence: dict[int, list[Evidence]] = defaultdict(list)
    criteria: dict[int, list[Criterion]] = defaultdict(list)
    points: dict[int, dict[tuple[int, str], int]] = defaultdict(dict)
    keys = [nomination.pk for nomination in nominations]
    for nominee in Nominee.objects.filter(nomination__in=keys, present=True).select_related(
        "officer", "body"
    ):
        nominees[nominee.nomination_id].append(nominee)
    for item in Evidence.objects.filter(nomination__in=keys, present=True):
        evidence[item.nomination_id].append(item)
    for criterion in Criterion.objects.all():
        criteria[criterion.rule_set_id].append(criterion)
    scores = Score.objects.filter(nominee__nomination__in=keys, level=Level.PROPOSER, version=0)
    for row in scores.values_list("nominee__nomination", "nominee", "criterion__code", "points"):
        points[row[0]][row[1], row[2]] = row[3]
    return {
        item.pk: File(
            item, nominees[item.pk], evidence[item.pk], criteria[item.round.rule_set_id], points[item.pk]
        )
        for item in nominations
    }


def _lines(decisions: list[int]) -> dict[int, list[DecisionLine]]:
    """Return what each decision presents, in the order in which it was frozen."""
    found: dict[int, list[DecisionLine]] = defaultdict(list)
    lines = DecisionLine.objects.filter(rules.on_the_list(), decision__in=decisions)
    for line in lines.order_by("nominee__kind", "rank", "pk"):
        found[line.decision_id].append(line)
    return found

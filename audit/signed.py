"""What the last reviewing body endorsed beside what the Chairman signed: from the events and the frozen contents."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from audit import files
from audit.differences import struck_or_place
from audit.files import Subject
from history.facts import Fact
from history.told import last_acts
from nominations.compare import grouped
from nominations.compare_lists import list_changes
from nominations.models import AwardDecision, DecisionVersion, Nomination, NominationVersion
from workflows.views.decision_page import title_of

BEFORE = ("endorse", "submit")  # a file without a reviewing body: what its unit submitted
Lines = list[dict[str, Any]]


def context(subject: Subject) -> dict[str, Any]:
    """Return what the page shows: a section for each signed decision that names nominees of `subject`."""
    decisions = [subject] if isinstance(subject, AwardDecision) else _decisions_of(subject)
    signed = last_acts([decision.stream for decision in decisions], ["sign"])
    lists = _lists(signed.values())
    sections = []
    for decision in decisions:
        act = signed.get((decision.stream, "sign"))
        lines = lists.get((decision.stream, act.data["version"])) if act else None
        if act and lines is not None:
            only = str(subject.uid) if isinstance(subject, Nomination) else ""
            sections.append(_section(decision, act, lines, only))
    return {
        "crumbs": files.crumbs(subject),
        "subject": subject,
        "title": files.title(subject),
        "sections": sections,
        "timeline_url": files.address("file_timeline", subject),
    }


def _decisions_of(nomination: Nomination) -> list[AwardDecision]:
    found = AwardDecision.objects.filter(lines__nominee__nomination=nomination).distinct()
    return list(found.select_related("round__programme", "register_number__register").order_by("pk"))


def _lists(acts: Iterable[Fact]) -> dict[tuple[str, int], Lines]:
    """The frozen lists that were signed, by stream and version; one statement."""
    numbers = {act.key: act.data["version"] for act in acts}
    rows = DecisionVersion.objects.filter(decision__uid__in=list(numbers))
    return {
        (f"decision:{uid}", number): content["lines"]
        for uid, number, content in rows.values_list("decision__uid", "number", "content")
        if numbers[str(uid)] == number
    }


def _section(decision: AwardDecision, act: Fact, lines: Lines, only: str) -> dict[str, Any]:
    """One decision: what was endorsed of the files on its list (of the file `only`, if given), and what was signed."""
    file_of = {line["nominee"]: line["file"] for line in act.after["lines"] if only in ("", line["file"])}
    behind = sorted(set(file_of.values()))
    acts = last_acts([f"nomination:{uid}" for uid in behind], (*BEFORE, "open"), until=act.at)
    endorsed = {uid: _endorsed(acts, uid) for uid in behind}
    before = _nominated(endorsed)
    signed = {line["nominee"]["uid"]: line for line in lines if line["nominee"]["uid"] in file_of}
    left_out = [{**line, "place": _("Not on the list")} for line in before if line["uid"] not in signed]
    struck = sum(line["struck"] for line in signed.values())
    return {
        "title": title_of(decision),
        "url": files.address("file_timeline", decision),
        "by": act.text.get("actor", ""),
        "position": act.text.get("position", ""),
        "at": act.at,
        "version": act.data["version"],
        "endorsements": [
            _told(fact, acts[fact.stream, "open"].data["reference"]) for fact in endorsed.values() if fact
        ],
        "endorsed": len(before),
        "stand": len(signed) - struck,
        "struck": struck,
        "left_out": len(left_out),
        "groups": grouped(list_changes(before, [*map(_signed, signed.values()), *left_out])),
    }


def _endorsed(acts: Mapping[tuple[str, str], Fact], uid: str) -> Fact | None:
    """What the last body said of a file, though it was supplemented afterwards; of one without a body, its unit."""
    return next(
        (acts[f"nomination:{uid}", name] for name in BEFORE if (f"nomination:{uid}", name) in acts), None
    )


def _nominated(endorsed: Mapping[str, Fact | None]) -> Lines:
    """The nominees of each file as the version says on which the body endorsed it; one statement."""
    wanted = {uid: fact.after.get("version", 0) for uid, fact in endorsed.items() if fact}
    rows = NominationVersion.objects.filter(nomination__uid__in=list(wanted)).order_by("nomination", "number")
    return [
        _line(nominee)
        for uid, number, content in rows.values_list("nomination__uid", "number", "content")
        if wanted[str(uid)] == number
        for nominee in content["nominees"]
    ]


def _line(nominee: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: nominee[name] for name in ("uid", "name", "title", "unit", "kind")}
    kept |= {name: nominee[name] for name in ("direct_worker", "grassroots")}
    return kept | {"total": sum(nominee["points"].values()), "place": _("Nominated")}


def _signed(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line as signed; to stand on the list is what was nominated, no change."""
    return {**line["nominee"], "place": struck_or_place(line) if line["struck"] else _("Nominated")}


def _told(fact: Fact, reference: str) -> dict[str, Any]:
    return {
        "url": reverse("audit:file_timeline", kwargs={"kind": fact.about, "uid": fact.key}),
        "reference": reference,
        "who": fact.text.get("actor", ""),
        "unit": fact.text.get("unit", ""),
        "at": fact.at,
        "endorsed": fact.action == "endorse",
        "version": fact.after.get("version", 0),
    }

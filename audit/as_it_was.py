"""A file as it was after an event or at the end of a day: the ledger's facts, and the content frozen by then."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import asof, contents, files
from audit.files import Subject
from audit.replay.known import File
from audit.timeline import entry_of
from history import clock
from history.facts import Fact
from history.told import Told, has_gap
from nominations.compare import KINDS
from nominations.models import AwardDecision, Criterion, DecisionLine, Nomination, Nominee
from permissions.fields import Day
from workflows.views.decision_page import CAPTIONS


class Moment(forms.Form):
    """When: after an event by its number, or at the end of a day; without either as it stands now."""

    day = Day(
        label=gettext_lazy("At the end of the day"),
        error_messages={"invalid": gettext_lazy("Write the day as dd/mm/yyyy, for example 05/11/2024.")},
    )
    event = forms.IntegerField(required=False, label=gettext_lazy("Event"))

    def __init__(self, *args: Any, last: int, **options: Any):
        super().__init__(*args, **options)
        self.last = last

    def clean_day(self) -> date | None:
        day = self.cleaned_data["day"]
        if day and day > timezone.localdate(timezone=clock.VIETNAM):
            raise forms.ValidationError(
                _("%(day)s is still to come: choose today or an earlier day.") % {"day": f"{day:%d/%m/%Y}"}
            )
        return day

    def clean_event(self) -> int | None:
        number = self.cleaned_data["event"]
        if number is not None and not 1 <= number <= self.last:
            raise forms.ValidationError(
                _("The events of this file have the numbers 1 to %(last)s: choose one of them.")
                % {"last": self.last}
            )
        return number


def context(subject: Subject, told: Sequence[Told], form: Moment) -> dict[str, Any]:
    """Return what the page shows; without `standing` when the file did not exist yet, or nobody can tell when."""
    values = {
        "crumbs": files.crumbs(subject),
        "subject": subject,
        "title": files.title(subject),
        "form": form,
        "timeline_url": files.address("file_timeline", subject),
        "first": told[0].event if told else None,
        "gap": has_gap(told),
        "standing": None,
    }
    if not form.is_valid() or not told or told[0].event.sequence != 1:
        return values
    day, number = form.cleaned_data["day"], form.cleaned_data["event"]
    standing = asof.of([item.fact for item in told], sequence=number, day=day)
    if standing is None:
        return values
    here = len(standing.facts)  # how many had happened: the next one is what was done on what is shown
    following = told[here] if here < len(told) else None
    return values | {
        "standing": standing,
        "day": day,
        "number": standing.last.sequence,
        "last": _entry(told[here - 1]),
        "earlier": told[here - 2].event.sequence if here > 1 else 0,
        "later": following.event.sequence if following else 0,
        "seen_by": _entry(following) if number and following else None,
        **_content(subject, standing, [item.fact for item in told[here:]]),
    }


def _entry(item: Told) -> dict[str, Any]:
    return entry_of(item.event, item.text)


def _content(subject: Subject, standing: asof.Standing, later: Sequence[Fact]) -> dict[str, Any]:
    """Where it was, and what was in it; what only waited for its signature is known by what was then signed."""
    file = standing.file
    waits = file.state == "sign_proposal"
    signed = _signed_next(later) if waits else 0
    number = signed or file.version
    names = files.unit_names(standing.facts, {file.holder} - {""})
    frozen = contents.read(subject, [*standing.facts, *later], {number}).get(number)
    about = {
        "state": file.state,
        "state_label": files.step_label(subject, file.state),
        "holder": names.get(file.holder, file.holder),
        "hands": _hands(file),
        "frozen": frozen,
        "version": file.version,
        "content_version": number,
    }
    if isinstance(subject, Nomination):
        return about | {
            "writing": file.state in ("draft", "supplement") or (waits and not signed),
            "signed_as": signed,
            "cards": _cards(subject, standing, frozen.content) if frozen else [],
            "documents": documents(frozen.content, None) if frozen else _stored(standing.facts),
        }
    return about | {"cards": None, "groups": _groups(subject, standing, frozen)}


def _signed_next(later: Sequence[Fact]) -> int:
    """The version as which a proposal was signed that could no longer be edited; 0 if it was not, or went back."""
    moved = next((fact for fact in later if fact.to_state and fact.to_state != fact.from_state), None)
    return int(moved.data["version"]) if moved and moved.action == "submit" else 0


def _hands(file: File) -> str:
    """In whose hands the file was at this step, as the name was written; empty when in nobody's."""
    if file.hands is None or file.hands.step != file.state:
        return ""
    return str(file.hands.text.get("to") or file.hands.text.get("actor", ""))


def documents(content: Mapping[str, Any], nominee: str | None) -> list[dict[str, Any]]:
    """Return the documents of a frozen content, those of the file or of one nominee, with their digests."""
    return [
        _document(item["uid"], item["name"], item["kind"], item["size"], item["sha256"])
        for item in content["evidence"]
        if item["nominee"] == nominee
    ]


def _stored(facts: Sequence[Fact]) -> list[dict[str, Any]]:
    """The documents that were added before anything was frozen."""
    return [
        _document(
            fact.data["evidence"],
            fact.text.get("name", ""),
            fact.data["kind"],
            fact.data["size"],
            fact.data["sha256"],
        )
        for fact in facts
        if fact.kind == "evidence.stored"
    ]


def _document(uid: str, name: str, kind: str, size: int, sha256: str) -> dict[str, Any]:
    return {
        "name": name or _("(name erased)"),
        "kind_label": str(KINDS.get(kind, kind)),
        "size": size,
        "url": reverse("nominations:evidence", kwargs={"uid": uid}),
        "digest": sha256,
    }


def _cards(subject: Nomination, standing: asof.Standing, content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each nominee of the frozen content with what the ledger says had become of it by then."""
    criteria = list(Criterion.objects.filter(rule_set=subject.round.rule_set_id))
    concluded = conclusions(standing.facts, standing.file.version)
    notes = remarks(standing.facts, standing.file.version)
    cards = []
    for number, entry in enumerate(content["nominees"], start=1):
        stood = standing.file.nominees.get(entry["uid"], {})
        appraised = concluded.get(entry["uid"], {}).get("points", {})
        rows = [
            {
                "label": str(criterion),
                "max": criterion.max_points,
                "min": criterion.min_points,
                "proposed": entry["points"].get(criterion.code),
                "appraised": appraised.get(criterion.code),
            }
            for criterion in criteria
        ]
        cards.append(
            {
                "nominee": _nominee(number, entry, stood, notes.get(entry["name"], "")),
                "number": number,
                "rows": rows,
                "proposed_total": sum(entry["points"].values()),
                "appraised_total": sum(appraised.values()) if appraised else None,
                "evidence": documents(content, entry["uid"]),
                "rank": stood.get("outcome_rank"),
            }
        )
    return cards


def conclusions(facts: Sequence[Fact], version: int) -> dict[str, dict[str, Any]]:
    """Return the last conclusion on each nominee of a version, with its points by criterion."""
    found: dict[str, dict[str, Any]] = {}
    for fact in facts:
        if fact.action == "conclude" and fact.after.get("version") == version:
            found |= fact.data["nominees"]
    return found


def remarks(facts: Sequence[Fact], version: int) -> dict[str, str]:
    """Return the appraiser's last remark on each nominee of a version, by the name it was written beside."""
    return {
        item["name"]: item.get("note", "")
        for fact in facts
        if fact.action == "conclude" and fact.after.get("version") == version
        for item in fact.text.get("nominees", ())
    }


def _nominee(number: int, entry: Mapping[str, Any], stood: Mapping[str, Any], note: str) -> Nominee:
    """The nominee as it was, for the card that draws one; never stored."""
    return Nominee(
        pk=number,
        uid=entry["uid"],
        kind=entry["kind"],
        name=entry["name"],
        title=entry["title"],
        unit_name=entry["unit"],
        report=entry["report"],
        is_direct_worker=entry["direct_worker"],
        is_grassroots=entry["grassroots"],
        achieved_from=entry["from"] and date.fromisoformat(entry["from"]),
        achieved_to=entry["to"] and date.fromisoformat(entry["to"]),
        assessment=stood.get("assessment", ""),
        assessment_note=note,
        total=stood.get("total"),
        outcome=stood.get("outcome", "pending"),
    )


def _groups(
    subject: AwardDecision, standing: asof.Standing, frozen: contents.Frozen | None
) -> list[dict[str, Any]]:
    """The list as the ledger has it, each nominee as the last frozen list prints it."""
    printed = {line["nominee"]["uid"]: line["nominee"] for line in frozen.content["lines"]} if frozen else {}
    reasons = {line["nominee"]["uid"]: line["reason"] for line in frozen.content["lines"]} if frozen else {}
    missing = [line["nominee"] for line in standing.file.lines if line["nominee"] not in printed]
    if missing:  # not frozen yet: whom the list names is the ledger's, how they are written the draft's
        drafted = DecisionLine.objects.filter(decision=subject, nominee__uid__in=missing)
        printed |= {shown["uid"]: shown for shown in drafted.values_list("snapshot", flat=True)}
    lines: dict[str, list[dict[str, Any]]] = {kind: [] for kind in CAPTIONS}
    for line in standing.file.lines:
        shown = printed.get(line["nominee"])
        if shown:
            lines[shown["kind"]].append(
                {
                    "rank": line["rank"],
                    "name": shown["name"],
                    "title": shown["title"],
                    "unit": shown["unit"],
                    "points": shown["total"],
                    "struck": not line["live"],
                    "back": False,
                    "reason": reasons.get(line["nominee"], ""),
                    "url": reverse("audit:file_timeline", kwargs={"kind": "nomination", "uid": line["file"]}),
                }
            )
    return [{"caption": caption, "lines": lines[kind]} for kind, caption in CAPTIONS.items() if lines[kind]]

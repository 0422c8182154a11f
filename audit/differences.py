"""Two versions of one file beside each other: word by word, document by document, score by score."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import contents, files
from audit.as_it_was import conclusions
from audit.files import Subject
from history.facts import Fact
from nominations import compare
from nominations.compare import Change, text_change
from nominations.compare_lists import list_changes
from nominations.models import Criterion, Nomination
from nominations.wording import Effort
from permissions.tables import Cell, Table


class Pair(forms.Form):
    """Which two versions; the last two without a choice."""

    before = forms.TypedChoiceField(label=gettext_lazy("Version before"), coerce=int)
    after = forms.TypedChoiceField(label=gettext_lazy("Version after"), coerce=int)

    def __init__(self, asked: Mapping[str, str], *, numbers: Sequence[int]):
        last = {"before": numbers[-2] if len(numbers) > 1 else 0, "after": numbers[-1] if numbers else 0}
        super().__init__({name: asked.get(name) or last[name] for name in last})
        for field in self.fields.values():
            field.choices = [(number, _("Version %(n)s") % {"n": number}) for number in numbers]  # type: ignore[attr-defined]
            field.error_messages["invalid_choice"] = _(
                "There is no version %(value)s: choose one of the list."
            )


def numbers(facts: Sequence[Fact]) -> list[int]:
    """Return the numbers of the versions that were frozen."""
    return sorted(contents.recorded(facts))


def between_versions(subject: Subject, facts: Sequence[Fact], form: Pair) -> dict[str, Any]:
    """Return what the page of two versions shows; without groups where fewer than two were frozen."""
    values: dict[str, Any] = {
        "crumbs": files.crumbs(subject),
        "subject": subject,
        "title": files.title(subject),
        "form": form,
        "versions": contents.recorded(facts),
        "timeline_url": files.address("file_timeline", subject),
        "groups": None,
    }
    if len(values["versions"]) < 2 or not form.is_valid():
        return values
    chosen = form.cleaned_data["before"], form.cleaned_data["after"]
    frozen = contents.read(subject, facts, set(chosen))
    before, after = (frozen.get(number) for number in chosen)
    if before is None or after is None:
        return values
    if isinstance(subject, Nomination):
        labels = _criteria(subject)
        found = compare.changes(before.content, after.content, labels)
        found += _appraised(facts, before, after, labels)
        papers = _papers(before, after)
    else:
        papers = None
        found = list_changes(*(_lines(version.content) for version in (before, after)))
    return values | {
        "versions_shown": [before, after],
        "count": len(found),
        "groups": compare.grouped(found),
        "papers": papers,
    }


def struck_or_place(line: Mapping[str, Any]) -> str:
    """Return where a line of a frozen list stands, in words."""
    if line["struck"]:
        return _("Struck out by the signer: %(reason)s") % {"reason": line["reason"]}
    return _("No. %(rank)s") % {"rank": line["rank"]}


def _lines(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{**line["nominee"], "place": struck_or_place(line)} for line in content["lines"]]


def _criteria(subject: Nomination) -> dict[str, str]:
    rows = Criterion.objects.filter(rule_set=subject.round.rule_set_id)
    return {criterion.code: str(criterion) for criterion in rows}


def _appraised(
    facts: Sequence[Fact], before: contents.Frozen, after: contents.Frozen, labels: Mapping[str, str]
) -> list[Change]:
    """What the appraiser gave otherwise, criterion by criterion; nothing where a version was not appraised."""
    was, now = (conclusions(facts, version.number) for version in (before, after))
    names = {entry["uid"]: entry["name"] for entry in after.content["nominees"]}
    found: list[Change] = []
    for uid in (uid for uid in names if uid in was and uid in now):
        old, new = was[uid]["points"], now[uid]["points"]
        for code in {**new, **old}:
            label = _("Appraised points for “%(criterion)s”") % {"criterion": labels.get(code, code)}
            about = f"nominee:{uid}:appraised:{code}"
            found += text_change(
                about, names[uid], label, str(old.get(code, "")), str(new.get(code, "")), Effort()
            )
    return found


def _papers(before: contents.Frozen, after: contents.Frozen) -> Table:
    """Every document of either version with its digest in both, and what became of it."""
    old, new = ({item["uid"]: item for item in version.content["evidence"]} for version in (before, after))
    rows = []
    for uid in {**new, **old}:
        was, now = old.get(uid), new.get(uid)
        shown = now or was or {}
        kind = str(compare.KINDS.get(shown["kind"], shown["kind"]))
        digests = [item["sha256"][:12] if item else "–" for item in (was, now)]
        rows.append([Cell(shown["name"], meta=kind), *map(Cell, digests), Cell(_became(was, now))])
    heads = [_("Document"), *(_("Version %(n)s") % {"n": version.number} for version in (before, after))]
    return Table(_("Documents of the two versions"), [*heads, _("What became of it")], rows)


def _became(was: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> str:
    if was is None or now is None:
        return _("Removed") if was else _("Added")
    return _("The same bytes") if was["sha256"] == now["sha256"] else _("Other bytes")

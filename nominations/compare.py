"""What one version of a file says otherwise than another, word by word; plain data in, plain data out."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nominations.models.nominations import EvidenceKind
from nominations.models.programmes import NomineeKind
from nominations.wording import Effort, Part, parts
from permissions.text import normalised_lines

Content = Mapping[str, Any]
Read = Callable[[Content], str]


@dataclass(frozen=True)
class Change:
    """One thing that is not as it was.

    `about` is stable ("letter", "nominee:<uid>:name", "document:<uid>"), `group` and `label` are
    for people. `kind` is "added", "removed" or "changed". `parts` are pairs of "same", "del", "ins"
    or "gap" and a text, to be set apart by a space; none when the values may not be shown.
    """

    about: str
    group: str
    label: str
    kind: str
    before: str = ""
    after: str = ""
    parts: tuple[Part, ...] = ()


def changes(before: Content, after: Content, criteria: Mapping[str, str] | None = None) -> list[Change]:
    """Return what `after` says otherwise than `before`: the submission, then nominees, then documents.

    Both are what `nomination_content` returns; either may carry a "route", the names of the bodies
    in order, which is compared when both do. `criteria` names the criteria by code. The order of
    nominees is no content, nor is white space within a line.
    """
    effort = Effort()
    old = {entry["uid"]: entry for entry in before.get("nominees", ())}
    new = {entry["uid"]: entry for entry in after.get("nominees", ())}
    found = [*_submission(before, after, effort)]
    for uid in {**new, **old}:
        found += _nominee(uid, old.get(uid), new.get(uid), criteria or {}, effort)
    names = {uid: entry["name"] for uid, entry in {**old, **new}.items()}
    return [*found, *_documents(before.get("evidence", ()), after.get("evidence", ()), names, effort)]


def grouped(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Return `changes` as sections of a page: a title and its changes, each nominee apart."""
    sections: dict[str, dict[str, Any]] = {}
    for change in changes:
        what, _colon, rest = change.about.partition(":")
        key = f"nominee:{rest.partition(':')[0]}" if what == "nominee" else what if rest else ""
        sections.setdefault(key, {"title": change.group, "changes": []})["changes"].append(change)
    return list(sections.values())


def _submission(before: Content, after: Content, effort: Effort) -> Iterator[Change]:
    group = _("Submission")
    for about, label, read in SUBMISSION:
        if about != "route" or ("route" in before and "route" in after):
            yield from text_change(about, group, str(label), read(before), read(after), effort)


def _nominee(
    uid: str, before: Content | None, after: Content | None, criteria: Mapping[str, str], effort: Effort
) -> Iterator[Change]:
    about, group = f"nominee:{uid}", (after or before or {})["name"]
    if before is None or after is None:
        old, new = (_presented(entry) if entry else "" for entry in (before, after))
        yield from text_change(about, group, _("Nominee"), old, new, effort)
        return
    for name, label, read in NOMINEE:
        yield from text_change(f"{about}:{name}", group, str(label), read(before), read(after), effort)
    for name, label in UNSHOWN:
        if (before.get(name) or "") != (after.get(name) or ""):
            yield Change(f"{about}:{name}", group, str(label), "changed")
    old_points, new_points = before.get("points") or {}, after.get("points") or {}
    for code in {**new_points, **old_points}:
        label = _("Points for “%(criterion)s”") % {"criterion": criteria.get(code, code)}
        old, new = _number(old_points.get(code)), _number(new_points.get(code))
        yield from text_change(f"{about}:points:{code}", group, label, old, new, effort)
    old, new = before.get("report") or "", after.get("report") or ""
    yield from text_change(f"{about}:report", group, _("Achievement report"), old, new, effort)


def _documents(
    before: Sequence[Content], after: Sequence[Content], names: Mapping[str, str], effort: Effort
) -> Iterator[Change]:
    old, new = ({item["uid"]: item for item in items} for items in (before, after))
    for uid in {**new, **old}:
        was, now = old.get(uid), new.get(uid)
        label = _kind((now or was or {})["kind"])
        other_kind = bool(was and now and was["kind"] != now["kind"])
        before_text, after_text = (_document(item, names, other_kind) if item else "" for item in (was, now))
        if was and now and was["sha256"] != now["sha256"]:
            after_text = _dotted(after_text, _("content replaced"))
        yield from text_change(f"document:{uid}", _("Documents"), label, before_text, after_text, effort)


def _document(item: Content, names: Mapping[str, str], with_kind: bool) -> str:
    kind = _kind(item["kind"]) if with_kind else ""
    return _dotted(item["name"], kind, names.get(item["nominee"] or "", ""), filesizeformat(item["size"]))


def text_change(
    about: str, group: str, label: str, before: str, after: str, effort: Effort
) -> Iterator[Change]:
    """Yield the change from one text to the other, if it is one."""
    if before == after:
        return
    before, after = normalised_lines(before), normalised_lines(after)
    if before != after:
        kind = "changed" if before and after else "added" if after else "removed"
        yield Change(about, group, label, kind, before, after, tuple(parts(before, after, effort)))


# What of a file is compared, and how it reads.


def _presented(nominee: Content) -> str:
    return _dotted(
        nominee["name"], _kind(nominee["kind"]), nominee["title"], nominee["unit"], _period(nominee)
    )


def _kind(value: str) -> str:
    return str(KINDS.get(value, value))


def _letter(content: Content) -> str:
    letter = content.get("letter") or {}
    return _dotted(letter.get("number"), _day(letter.get("date")))


def _minutes(content: Content) -> str:
    minutes = content.get("minutes") or {}
    members = ""
    if minutes.get("present") is not None or minutes.get("total") is not None:
        members = _("%(present)s of %(total)s members") % {
            "present": _number(minutes.get("present")) or "–",
            "total": _number(minutes.get("total")) or "–",
        }
    return _dotted(_day(minutes.get("date")), members)


def _period(nominee: Content) -> str:
    start, end = _day(nominee.get("from")), _day(nominee.get("to"))
    return f"{start or '…'} – {end or '…'}" if start or end else ""


def _written(name: str) -> Read:
    return lambda content: content.get(name) or ""


def _answered(name: str) -> Read:
    return lambda content: _("Yes") if content.get(name) else _("No")


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _day(value: str | None) -> str:
    return f"{date.fromisoformat(value):%d/%m/%Y}" if value else ""


def _dotted(*texts: str | None) -> str:
    return " · ".join(filter(None, texts))


KINDS: dict[str, Any] = {**dict(EvidenceKind.choices), **dict(NomineeKind.choices)}
SUBMISSION: tuple[tuple[str, str | Promise, Read], ...] = (
    ("unit", gettext_lazy("Proposing unit"), _written("unit_name")),
    ("letter", gettext_lazy("Submission letter"), _letter),
    ("summary", gettext_lazy("Summary of the proposal"), _written("summary")),
    ("minutes", gettext_lazy("Review meeting"), _minutes),
    ("route", gettext_lazy("Route of the file"), lambda content: " → ".join(content.get("route") or ())),
)
NOMINEE: tuple[tuple[str, str | Promise, Read], ...] = (
    ("kind", gettext_lazy("Kind of nominee"), lambda entry: _kind(entry["kind"])),
    ("name", gettext_lazy("Name, as to be printed"), _written("name")),
    ("title", gettext_lazy("Position, as to be printed"), _written("title")),
    ("unit", gettext_lazy("Unit, as to be printed"), _written("unit")),
    ("body", gettext_lazy("Body in the register of units"), _written("body_name")),
    ("period", gettext_lazy("Period of the achievements"), _period),
    ("direct_worker", gettext_lazy("Works directly on the task"), _answered("direct_worker")),
    ("grassroots", gettext_lazy("Works at the grassroots"), _answered("grassroots")),
)
UNSHOWN = (
    ("identity", gettext_lazy("Personal identity number")),
    ("officer", gettext_lazy("Account in this system")),
)

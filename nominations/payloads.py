"""What a person adds to a click, checked whole: every fault is named at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from nominations.models import Criterion, DecisionLine, Nominee
from nominations.remarks import LONGEST, About
from nominations.states import REJECTION_CODES, Assessment
from nominations.stops import Stop
from permissions import received
from permissions.text import normalised


@dataclass(frozen=True)
class Conclusion:
    """The appraiser's conclusion on one nominee."""

    nominee: Nominee
    assessment: str
    code: str
    note: str
    points: dict[str, int]


def note(payload: Mapping[str, Any], field: str = "note") -> str:
    """Return the reason in words. Raises ValidationError when it is missing or too long."""
    text = str(payload.get(field) or "").strip()
    if not text:
        raise ValidationError({field: _("Write the reason: the other side must know what to do.")})
    if len(text) > LONGEST:
        raise ValidationError({field: _("Shorten the reason to %(limit)s characters.") % {"limit": LONGEST}})
    return text


def reason(payload: Mapping[str, Any]) -> tuple[str, str]:
    """Return the legal reason code of a rejection and the reason in words (domain: Art. 84 files)."""
    code = str(payload.get("code") or "")
    errors = {}
    if code not in REJECTION_CODES:
        errors["code"] = _("Choose the legal ground of the rejection.")
    try:
        text = note(payload)
    except ValidationError as error:
        raise ValidationError({**error.message_dict, **errors}) from error
    if errors:
        raise ValidationError(errors)
    return code, text


def choice(payload: Mapping[str, Any], name: str, allowed: Sequence[str]) -> str:
    """Return the one of `allowed` that was chosen; the only one, or the first, when none was named."""
    chosen = str(payload.get(name) or allowed[0])
    if chosen not in allowed:
        raise ValidationError({name: _("Choose one of the possibilities offered.")})
    return chosen


def stop(payload: Mapping[str, Any], stops: list[Stop]) -> Stop:
    """Return the earlier stop to which the file goes: the usual one when none was chosen."""
    if not stops:
        raise ValidationError(
            {"to": _("No step before can take the file: the unit no longer exists. Re-route it first.")}
        )
    chosen = choice(payload, "to", [found.state for found in stops])
    return next(found for found in stops if found.state == chosen)


@dataclass(frozen=True)
class Item:
    """One remark as written: what it speaks of, and what is to be corrected."""

    about: About
    text: str


def remarks(payload: Mapping[str, Any], possible: list[About]) -> list[Item]:
    """Return the items of a return, [{"about": key, "text": …}] in the payload; at least one."""
    by_key = {about.key: about for about in possible}
    items, errors = [], []
    for number, item in enumerate(payload.get("remarks") or [], start=1):
        text = str(item.get("text") or "").strip()
        key = str(item.get("about") or "")
        if not text:
            continue
        if key not in by_key:
            errors.append(
                _("Remark %(number)s speaks of something that is not in the file.") % {"number": number}
            )
        if len(text) > LONGEST:
            errors.append(_too_long(number))
        items.append(Item(by_key.get(key, possible[0]), text))
    if not items and not errors:
        errors.append(_("Write at least one remark: what is to be corrected?"))
    if errors:
        raise ValidationError({"remarks": errors})
    return items


def line_remarks(payload: Mapping[str, Any], lines: list[DecisionLine]) -> list[dict[str, Any]]:
    """Return the remarks on single lines, by the nominee's uid: [{"nominee": Nominee, "text": …}]."""
    by_uid = {str(line.nominee.uid): line.nominee for line in lines}
    items, errors = [], []
    for number, item in enumerate(payload.get("remarks") or [], start=1):
        text, uid = str(item.get("text") or "").strip(), str(item.get("about") or "")
        if not text:
            continue
        if uid not in by_uid:
            errors.append(_("Remark %(number)s: choose the line of which it speaks.") % {"number": number})
        elif len(text) > LONGEST:
            errors.append(_too_long(number))
        else:
            items.append({"nominee": by_uid[uid], "text": text})
    if errors:
        raise ValidationError({"remarks": errors})
    return items


def _too_long(number: int) -> str:
    return _("Remark %(number)s: shorten it to %(limit)s characters.") % {"number": number, "limit": LONGEST}


def conclusions(
    payload: Mapping[str, Any], nominees: list[Nominee], criteria: list[Criterion]
) -> list[Conclusion]:
    """Return one conclusion for each nominee of the file, in order."""
    given = payload.get("nominees") or {}
    found: list[Conclusion] = []
    errors: dict[str, list[str]] = {}
    for nominee in nominees:
        entry = given.get(str(nominee.uid)) or {}
        problems: list[str] = []
        conclusion = _conclusion(nominee, entry, criteria, problems)
        if problems:
            errors[str(nominee.uid)] = [f"{nominee.name}: {problem}" for problem in problems]
        else:
            found.append(conclusion)
    if errors:
        raise ValidationError({"nominees": [line for lines in errors.values() for line in lines]})
    return found


def strikes(payload: Mapping[str, Any], lines: list[DecisionLine]) -> dict[int, tuple[str, bool]]:
    """Return the lines to strike out, by primary key: the reason, and whether it goes back to appraisal.

    In the payload: {"strikes": {uid: reason}, "back": [uids]}.
    """
    by_uid = {str(line.nominee.uid): line for line in lines}
    back = {str(uid) for uid in payload.get("back") or ()}
    found: dict[int, tuple[str, bool]] = {}
    errors: list[str] = []
    for uid, text in (payload.get("strikes") or {}).items():
        line = by_uid.get(str(uid))
        text = str(text or "").strip()
        if line is None:
            errors.append(_("A line to strike out is not on this decision."))
        elif not text:
            errors.append(_("%(name)s: write why the line is struck out.") % {"name": line.snapshot["name"]})
        elif len(text) > LONGEST:
            errors.append(
                _("%(name)s: shorten the reason to %(limit)s characters.")
                % {"name": line.snapshot["name"], "limit": LONGEST}
            )
        else:
            found[line.pk] = (text, str(uid) in back)
    if lines and len(found) == len(lines) and not errors:
        errors.append(_("Every line would be struck out: return the decision instead."))
    if errors:
        raise ValidationError({"strikes": errors})
    return found


def _conclusion(
    nominee: Nominee, entry: Mapping[str, Any], criteria: list[Criterion], problems: list[str]
) -> Conclusion:
    assessment = str(entry.get("assessment") or "")
    code, text = str(entry.get("code") or ""), normalised(str(entry.get("note") or ""))
    points: dict[str, int] = {}
    if assessment not in (Assessment.ELIGIBLE, Assessment.INELIGIBLE):
        problems.append(_("conclude whether eligible or not."))
    if assessment == Assessment.INELIGIBLE and (code not in REJECTION_CODES or not text):
        problems.append(_("choose the legal ground and write why not eligible."))
    for criterion in criteria:
        value = _points((entry.get("points") or {}).get(criterion.code))
        if value is None or value > criterion.max_points:
            problems.append(
                _("“%(criterion)s” takes 0 to %(max)s points.")
                % {"criterion": criterion, "max": criterion.max_points}
            )
        elif assessment == Assessment.ELIGIBLE and value < criterion.min_points:
            problems.append(
                _("“%(criterion)s” needs at least %(points)s points to be eligible.")
                % {"criterion": criterion, "points": criterion.min_points}
            )
        else:
            points[criterion.code] = value
    return Conclusion(nominee, assessment, code, text, points)


def _points(value: Any) -> int | None:
    return received.number(str(value if value is not None else "").strip(), most=9999)

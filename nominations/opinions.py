"""The written opinions of other bodies on a file: which are awaited, and what is given to ask for one or to record it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from nominations.models import Nomination, Opinion
from nominations.remarks import LONGEST
from permissions.fields import Day
from permissions.text import normalised, normalised_lines

LONGEST_LINE = {"body": 300, "letter_number": 40}  # as the database keeps them
GIVEN = [answer for answer in Opinion.Answer.values if answer]

Errors = dict[str, str]


@dataclass(frozen=True)
class Letter:
    """The number and the day of a letter; both may be missing."""

    number: str
    day: date | None

    def __str__(self) -> str:
        return ", ".join(filter(None, [self.number, date_format(self.day, "d/m/Y") if self.day else ""]))


@dataclass(frozen=True)
class Question:
    """What is asked of whom, until when."""

    body: str
    text: str
    answer_by: date
    letter: Letter


@dataclass(frozen=True)
class Reply:
    """What one of the bodies answered, or that it did not."""

    opinion: Opinion
    answer: str
    said: str
    letter: Letter


def of(nomination: Nomination) -> QuerySet[Opinion]:
    """Return every opinion that was asked for on a file, with who asked and who recorded the answer."""
    return nomination.opinions.select_related("asked__officer", "answered__officer")


def awaited(nomination: Nomination) -> QuerySet[Opinion]:
    """Return the opinions still awaited: those of a route that is no longer in force are void."""
    return nomination.opinions.filter(answer="", version__gte=nomination.route_version)


def is_void(opinion: Opinion, nomination: Nomination) -> bool:
    """Return whether nobody waits for this answer any more: the file ended, or a new version went the whole route."""
    over = nomination.holder_id is None or opinion.version < nomination.route_version
    return not opinion.answer and over


def question(payload: Mapping[str, Any], day: date) -> Question:
    """Return what is asked; `day` is the legal day, before which no answer can be due.

    Raises ValidationError, which names every fault at once.
    """
    errors: Errors = {}
    body = _line(payload, "body", errors)
    text = _text(payload, "question", errors)
    answer_by = _day(payload, "answer_by", errors)
    if not body:
        errors.setdefault("body", _("Name the body whose opinion is asked for."))
    if not text:
        errors.setdefault("question", _("Write what the body is asked."))
    if answer_by is None or answer_by < day:
        errors.setdefault("answer_by", _("Name the day until which the answer is awaited: today or later."))
    letter = _letter(payload, day, errors)
    if errors or answer_by is None:
        raise ValidationError(errors)
    return Question(body, text, answer_by, letter)


def reply(payload: Mapping[str, Any], open_ones: Sequence[Opinion], day: date) -> Reply:
    """Return the answer to one of `open_ones`; `day` is the legal day.

    An opinion in writing has a letter; a refusal says why; no answer in time comes after the day that was named.
    Raises ValidationError, which names every fault at once.
    """
    errors: Errors = {}
    uid, answer = str(payload.get("opinion") or ""), str(payload.get("answer") or "")
    found = next((item for item in open_ones if str(item.uid) == uid), None)
    if found is None:
        errors["opinion"] = _("Choose one of the opinions that are awaited.")
    if answer not in GIVEN:
        errors["answer"] = _("Choose what the body answered.")
    said = _text(payload, "said", errors)
    letter = _letter(payload, day, errors)
    if answer == Opinion.Answer.NONE:
        if found and day <= found.answer_by:
            errors["answer"] = _(
                "The answer is awaited until %(day)s: it can only be missing after that day."
            ) % {"day": date_format(found.answer_by, "d/m/Y")}
        if letter.number or letter.day:
            errors["letter_number"] = _("No letter came: leave its number and date empty.")
    elif answer in GIVEN:
        if not letter.number:
            errors.setdefault(
                "letter_number", _("Write the number of the letter in which the body answered.")
            )
        if letter.day is None:
            errors.setdefault("letter_date", _("Write the date of the letter in which the body answered."))
        if answer == Opinion.Answer.DISAGREES and not said:
            errors.setdefault("said", _("Write why the body does not agree."))
    if errors or found is None:
        raise ValidationError(errors)
    return Reply(found, answer, said, letter)


def _letter(payload: Mapping[str, Any], day: date, errors: Errors) -> Letter:
    number, dated = _line(payload, "letter_number", errors), _day(payload, "letter_date", errors)
    if dated and dated > day:
        errors["letter_date"] = _("The date of the letter is still to come.")
    return Letter(number, dated)


def _line(payload: Mapping[str, Any], name: str, errors: Errors) -> str:
    text, most = normalised(str(payload.get(name) or "")), LONGEST_LINE[name]
    if len(text) > most:
        errors[name] = _("Shorten this to %(limit)s characters.") % {"limit": most}
    return text


def _text(payload: Mapping[str, Any], name: str, errors: Errors) -> str:
    text = normalised_lines(str(payload.get(name) or ""))
    if len(text) > LONGEST:
        errors[name] = _("Shorten this to %(limit)s characters.") % {"limit": LONGEST}
    return text


def _day(payload: Mapping[str, Any], name: str, errors: Errors) -> date | None:
    try:
        return Day().clean(payload.get(name) or "")
    except ValidationError:
        errors[name] = _("Write the day as dd/mm/yyyy, for example 05/11/2024.")
        return None

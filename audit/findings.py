"""Eight questions that an auditor asks of many files at once; each is a reason to look, none a verdict."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit import answers
from audit.asking import Ask, Parameter
from audit.finding_rows import Found


@dataclass(frozen=True)
class Finding:
    """A named question: what it looks for, what it does not say, with which parameters, and how it is answered."""

    name: str  # in the address
    title: str | Promise
    looks_for: str | Promise
    is_not: str | Promise
    find: Callable[[Ask], Found]
    parameters: tuple[Parameter, ...] = ()


FINDINGS = {
    finding.name: finding
    for finding in (
        Finding(
            "gio-bat-thuong",
            _("Acts at odd hours"),
            _("Acts of persons outside the usual hours by the clock of Việt Nam, or at weekends."),
            _("Working late is not forbidden, and public holidays are not known here yet."),
            answers.odd_hours,
            (
                Parameter("from_hour", _("Usual from (hour)"), 6, 0, 23),
                Parameter("to_hour", _("Usual until (hour)"), 20, 1, 24),
                Parameter("weekends", _("Saturdays and Sundays too"), True),
            ),
        ),
        Finding(
            "trong-mot-ngay",
            _("Through the levels in one day"),
            _(
                "Files that persons of several levels sent on within one day: unit, reviewing body, Home Affairs."
            ),
            _("A short file, well prepared, can rightly take one day."),
            answers.one_day,
            (Parameter("levels", _("At least so many levels"), 3, 2, 4),),
        ),
        Finding(
            "tra-nhieu-lan",
            _("Returned more than once"),
            _("Files and decisions that were returned, sent back, or asked to be supplemented so often."),
            _("A return is a right of each step; what was asked for stands in the remarks."),
            answers.returned,
            (Parameter("times", _("At least so many times"), 2, 2, 100),),
        ),
        Finding(
            "khong-qua-kiem-tra",
            _("Set aside without the usual check"),
            _(
                "Somebody changed the computed list by hand or struck out a nominee, and nobody else checked it "
                "afterwards; or a decision was signed though the Office had not checked it as it was presented."
            ),
            _(
                "Each such act is lawful with its reason, and a draft may simply not have come to its check yet."
            ),
            answers.unchecked,
        ),
        Finding(
            "cham",
            _("Late steps"),
            _(
                "Files and decisions that lay at a step longer than so many days, or still wait after their due day."
            ),
            _(
                "Days are counted whole, holidays too; drafts are left out. The delay may lie with whoever was asked."
            ),
            answers.late,
            (Parameter("days", _("Longer than so many days"), 10, 1, 1000),),
        ),
        Finding(
            "sau-han",
            _("Done after the due day"),
            _("Acts that led a file or decision on only after its due day was over."),
            _("The day is the one that held then; a change of the calendar since does not move it."),
            answers.after_due,
        ),
        Finding(
            "lanh-dao",
            _("Leaders' share"),
            _(
                "Units whose awarded individuals are, to so great a part, not marked as working directly on the task."
            ),
            _("The mark is the unit's own statement. The law prefers direct workers; it sets no share here."),
            answers.leaders,
            (
                Parameter("share", _("At least so many per cent"), 50, 1, 100),
                Parameter("at_least", _("At least so many awarded"), 3),
            ),
        ),
        Finding(
            "mot-nguoi",
            _("One person, most approvals"),
            _(
                "Officers to whom more than this share of all signatures and approvals of a programme belongs."
            ),
            _("A post may lawfully be the only one with the right; small programmes have few signers."),
            answers.one_person,
            (
                Parameter("share", _("More than so many per cent"), 30, 1, 100),
                Parameter("at_least", _("At least so many acts"), 10),
            ),
        ),
    )
}

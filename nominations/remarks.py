"""Remarks: what each is about, and ticking them off before the file is sent on."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nominations import rules
from nominations.actions import actions_from
from nominations.models import AwardDecision, Evidence, Nomination, Nominee, Remark
from permissions.models import Officer
from permissions.text import normalised_lines

WITH = ("nominee", "evidence", "handling__officer", "answered_by")
LONGEST = 2000  # characters of a note, a remark or its answer, as the database keeps them

FILE_FIELDS = {
    "letter": gettext_lazy("Submission letter"),
    "summary": gettext_lazy("Summary of the proposal"),
    "minutes": gettext_lazy("Minutes of the review meeting"),
}
NOMINEE_FIELDS = {
    "name": gettext_lazy("name"),
    "title": gettext_lazy("position"),
    "unit": gettext_lazy("unit"),
    "period": gettext_lazy("period of the achievements"),
    "report": gettext_lazy("achievement report"),
    "points": gettext_lazy("points"),
}


@dataclass(frozen=True)
class About:
    """What a remark speaks of; all empty: the whole file. `key` is how forms and payloads name it."""

    nominee: Nominee | None = None
    evidence: Evidence | None = None
    field: str = ""

    @property
    def key(self) -> str:
        if self.evidence:
            return f"document:{self.evidence.uid}"
        if self.nominee:
            return f"nominee:{self.nominee.uid}" + (f":{self.field}" if self.field else "")
        return self.field

    @property
    def label(self) -> str:
        """What it speaks of, in words; "" for the whole file."""
        if self.evidence:
            return self.evidence.name
        if self.nominee and self.field:
            return f"{self.nominee.name}, {NOMINEE_FIELDS[self.field]}"
        if self.nominee:
            return self.nominee.name
        return str(FILE_FIELDS[self.field]) if self.field else ""


def possible(nominees: list[Nominee], evidence: list[Evidence]) -> list[About]:
    """Return all that a remark on a file can speak of: the file, its fields, nominees, documents."""
    about = [About(), *(About(field=field) for field in FILE_FIELDS)]
    for nominee in nominees:
        about += [About(nominee), *(About(nominee, field=field) for field in NOMINEE_FIELDS)]
    return about + [About(evidence=item) for item in evidence]


def of(remark: Remark) -> About:
    """Return what a stored remark speaks of."""
    return About(remark.nominee, remark.evidence, remark.field)


def asked(subject: Nomination | AwardDecision) -> QuerySet[Remark]:
    """Return the remarks made to the step where `subject` waits, the open ones and those ticked off since."""
    here = Q(to_step=subject.state, to_unit=subject.holder_id)
    return subject.remarks.filter(here).exclude(status=Remark.Status.DROPPED).select_related(*WITH)


def shown(subject: Nomination) -> tuple[list[Remark], list[Remark]]:
    """Return the remarks `asked`, and those of the last return that was dealt with; one statement."""
    every = list(subject.remarks.exclude(status=Remark.Status.DROPPED).select_related(*WITH))
    here = (subject.state, subject.holder_id)
    asked = [r for r in every if (r.to_step, r.to_unit_id) == here] if subject.holder_id else []
    done = [remark for remark in every if remark.status == Remark.Status.DONE]
    last = max((remark.handling_id for remark in done), default=None)
    return asked, [remark for remark in done if remark.handling_id == last]


@transaction.atomic
def answer(
    subject: Nomination | AwardDecision, answers: Mapping[int, tuple[bool, str]], *, by: Officer
) -> int:
    """Tick remarks off, or open them again: {primary key: (done, what was done)}. Return how many changed.

    It is writing, not acting: no event; the next act carries the answers into the history.
    Raises PermissionDenied when nothing at this step is for `by` to do, and ValidationError
    for an answer that is too long.
    """
    model = type(subject)
    model._default_manager.select_for_update(of=("self",), no_key=True).get(pk=subject.pk)
    duty = rules.duties(by, actions_from(subject.state))
    if not model._default_manager.filter(duty, pk=subject.pk).exists():
        raise PermissionDenied(_("Remarks are ticked off by whoever handles the file at this step."))
    changed = 0
    for remark in asked(subject).filter(pk__in=answers):
        done, text = answers[remark.pk]
        text = normalised_lines(text)
        if len(text) > LONGEST:
            raise ValidationError(
                {"answer": _("Shorten the answer to %(limit)s characters.") % {"limit": LONGEST}}
            )
        status = Remark.Status.DONE if done else Remark.Status.OPEN
        if (remark.status, remark.answer) != (status, text):
            remark.status, remark.answer, remark.answered_by = status, text, by
            remark.save(update_fields=["status", "answer", "answered_by"])
            changed += 1
    return changed


def told(subject: Nomination | AwardDecision) -> dict[str, list[dict[str, str]]]:
    """Return the remarks ticked off at this step, as the text of the next act keeps them; nothing if none are."""
    done = asked(subject).filter(status=Remark.Status.DONE)
    answers = [{"about": of(item).label, "text": item.text, "answer": item.answer} for item in done]
    return {"answers": answers} if answers else {}

"""What an auditor may open: files and decisions within the scope of the post, and every opening is recorded."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from nominations import readings, references
from nominations.models import AwardDecision, Nomination
from nominations.states import DecisionState, State
from nominations.views.reading import read_or_404
from permissions.models import Officer, Unit
from workflows.views.decision_page import title_of

Subject = Nomination | AwardDecision
MODELS: dict[str, type[Nomination] | type[AwardDecision]] = {
    "nomination": Nomination,
    "decision": AwardDecision,
}
WITH = {
    "nomination": ("unit", "round__programme", "round__rule_set"),
    "decision": ("round__programme", "register_number__register"),
}


def opened(officer: Officer, kind: str, uid: UUID) -> Subject:
    """Return what is asked for and record that the auditor opened it.

    Raises Http404 outside of the scope of an auditor's post: that it exists is not told either.
    """
    found: Subject = read_or_404(_of_scope, officer, kind, uid=uid)
    readings.note(officer, found)
    return found


def _of_scope(officer: Officer, kind: str, uid: UUID) -> QuerySet[Any]:
    model: Any = MODELS[kind]
    found: QuerySet[Any] = model._default_manager.select_related(*WITH[kind])
    return found.filter(readings.scope(officer, model), uid=uid)


def named(text: str) -> Subject | None:
    """Return the file or decision with this number or identity; None if there is none."""
    for kind, columns in references.named(text):
        found: Subject | None = (
            MODELS[kind]._default_manager.select_related("round").filter(**columns).first()
        )
        if found is not None:
            return found
    return None


def kind_of(subject: Subject) -> str:
    """Return the word that the addresses use for what `subject` is."""
    return "nomination" if isinstance(subject, Nomination) else "decision"


def address(page: str, subject: Subject) -> str:
    """Return the address of one of the pages of a file: "file_timeline", "file_at", …"""
    return reverse(f"audit:{page}", kwargs={"kind": kind_of(subject), "uid": subject.uid})


def page_of(subject: Subject) -> str:
    """Return the page on which officers work on it."""
    return reverse(f"workflows:{kind_of(subject)}", kwargs={"uid": subject.uid})


def title(subject: Subject) -> str:
    """Return what people call it."""
    if isinstance(subject, Nomination):
        return _("Commendation file of %(unit)s") % {"unit": subject.unit}
    return title_of(subject)


def crumbs(subject: Subject, *, below: bool = True) -> list[tuple[str, str]]:
    """Return the path to a page of `subject`; `below` for a page that hangs under its timeline."""
    lists = {
        "nomination": (_("Files"), reverse("nominations:list")),
        "decision": (_("Decisions"), reverse("workflows:decisions")),
    }
    path = [lists[kind_of(subject)], (subject.reference, page_of(subject))]
    return [*path, (_("History"), address("file_timeline", subject))] if below else path


def step_label(subject: Subject, state: str) -> str:
    """Return the word for a step; the bare name for one that the tables of today do not know."""
    states: Any = State if isinstance(subject, Nomination) else DecisionState
    return str(states(state).label) if state in states.values else state


def unit_names(facts: Any, codes: set[str]) -> dict[str, str]:
    """Return the names of units by code: as the events wrote them last, else as the register has them today."""
    names = {fact.unit: fact.text["unit"] for fact in facts if fact.unit and fact.text.get("unit")}
    missing = codes - set(names)
    return names | (
        dict(Unit.objects.filter(code__in=missing).values_list("code", "name")) if missing else {}
    )

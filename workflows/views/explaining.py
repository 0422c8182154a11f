"""Why can I not act: every act of a step, condition by condition; and keeping away from the file."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from nominations.models import Nomination
from nominations.views.reading import nomination_for
from permissions.fields import Paragraphs, show_refusal
from workflows import acting, explaining, recusing
from workflows.asking import Subject
from workflows.errors import Busy
from workflows.explaining import Explanation
from workflows.recusing import LONGEST
from workflows.views.decisions import decision_for


class RecusalForm(forms.Form):
    note = Paragraphs(label=gettext_lazy("Reason"), rows=3, max_length=LONGEST)


@require_safe
def nomination(request: HttpRequest, uid) -> HttpResponse:
    """Explain the acts on a file."""
    return _page(request, nomination_for(request.user, uid))


@require_safe
def decision(request: HttpRequest, uid) -> HttpResponse:
    """Explain the acts on a decision."""
    return _page(request, decision_for(request.user, uid))


@require_POST
def recuse_nomination(request: HttpRequest, uid) -> HttpResponse:
    """Declare that one keeps away from a file."""
    return _recuse(request, nomination_for(request.user, uid))


@require_POST
def recuse_decision(request: HttpRequest, uid) -> HttpResponse:
    """Declare that one keeps away from a decision."""
    return _recuse(request, decision_for(request.user, uid))


def _recuse(request: HttpRequest, subject: Subject) -> HttpResponse:
    form = RecusalForm(request.POST)
    if not form.is_valid():
        return _page(request, subject, form)
    try:
        recusing.recuse(subject, request.user, form.cleaned_data["note"])
    except ValidationError as error:
        show_refusal(form, error)
        return _page(request, subject, form)
    except Busy as error:
        return acting.conflict(request, error, url=acting.url_of(subject))
    messages.success(
        request, _("It is recorded: %(file)s goes to other officers.") % {"file": subject.reference}
    )
    return redirect("workflows:my_work")


def _page(request: HttpRequest, subject: Subject, refused: RecusalForm | None = None) -> HttpResponse:
    found = explaining.explain_all(request.user, subject)
    back = acting.url_of(subject)
    kind = "nomination" if isinstance(subject, Nomination) else "decision"
    context = {
        "crumbs": [(subject.reference, back)],
        "subject": subject,
        "back": back,
        "allowed": _alike([item for item in found if item.allowed]),
        "refused": _alike([item for item in found if not item.allowed]),
        "title": _("Who may act on %(file)s") % {"file": subject.reference},
        "recusal": (refused or RecusalForm()) if recusing.can_recuse(request.user, subject) else None,
        "recuse_url": reverse(f"workflows:recuse_{kind}", kwargs={"uid": subject.uid}),
    }
    return render(request, "workflows/explain.html", context, status=422 if refused else 200)


def _alike(found: list[Explanation]) -> list[dict[str, Any]]:
    """Acts with the same conditions and answers stand under one heading: nobody reads eight lists that are one."""
    groups: dict[tuple[object, ...], list[Explanation]] = {}
    for item in found:
        groups.setdefault((item.lines, item.instead, item.action.right), []).append(item)
    return [
        {"labels": " · ".join(str(item.action.label) for item in same), "item": same[0]}
        for same in groups.values()
    ]

"""Award decisions: the list, the page on which one signs, the acts, and a new draft."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from history import clock
from nominations import ranking, readings, rules
from nominations.models import AwardDecision, Round
from nominations.views.list import DUE
from nominations.views.reading import read_or_404
from permissions import grants, received
from permissions.catalogue import Right
from permissions.models import Officer
from workflows import acting, engine, opening
from workflows.acting import Refused
from workflows.errors import Busy
from workflows.flows import DecisionFlow
from workflows.views.decision_page import context, title_of

PER_PAGE = 25
WITH = ("round__programme", "holder", "register_number__register", "deadline")


@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """Show the decisions that the officer may read, the newest first; with `due` only what is late, or due soon."""
    due = received.word(request.GET, "due")
    found = (
        rules.decisions_for(request.user)
        .filter(DUE[due](clock.now()) if due in DUE else Q())
        .select_related(*WITH)
        .annotate(standing=Count("lines", filter=Q(lines__live=True)))
        .order_by("-pk")
    )
    page = received.page(found, request.GET, per_page=PER_PAGE)
    values = {
        "page": page,
        "rows": [{"decision": decision, "title": title_of(decision)} for decision in page],
        "due": due if due in DUE else "",
        "today": clock.today(),
        "may_see_register": grants.units_where(request.user, Right.READ_DECISIONS).exists(),
        "rounds_to_compile": list(ranking.to_compile(request.user)),
    }
    return render(request, "workflows/decisions.html", values)


@require_safe
def decision(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show everything that is needed to sign a decision."""
    subject = decision_for(request.user, uid)
    opening.mark(subject, request.user)
    return _page(request, subject)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Do what was clicked on the decision's page."""
    if request.method != "POST":  # the address of a refused act, opened again
        return redirect("workflows:decision", uid=uid)
    subject = decision_for(request.user, uid)
    return acting.perform(request, subject, again=lambda refused: _again(request, uid, refused))


@require_POST
def tick(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Tick off remarks that were made to the decision's step."""
    return acting.tick(request, decision_for(request.user, uid))


@require_POST
def open_decision(request: HttpRequest) -> HttpResponse:
    """Compile a draft decision from those who wait in a round."""
    round = get_object_or_404(Round, pk=received.key(request.POST, "round") or 0)
    try:
        opened = engine.open(DecisionFlow, AwardDecision(round=round), actor=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("nominations:round", pk=round.pk)
    except Busy as error:
        return acting.conflict(request, error, url=reverse("nominations:round", kwargs={"pk": round.pk}))
    messages.success(request, _("%(reference)s is compiled; check the list.") % {"reference": opened})
    return redirect("workflows:decision", uid=opened.uid)


def decision_for(officer: Officer, uid: UUID) -> AwardDecision:
    """Return the decision with what its page shows, in one statement.

    Raises Http404 when there is none that `officer` may read.
    """
    found: AwardDecision = read_or_404(_decision, officer, uid=uid)
    if found.by_audit:
        readings.note(officer, found)
    return found


def _decision(officer: Officer, uid: UUID) -> QuerySet[AwardDecision]:
    decisions = AwardDecision.objects.select_related(
        *WITH, "process", "round__programme__appraising_unit", "sent_post__unit", "opened_by"
    ).annotate(by_audit=readings.by_audit(officer, AwardDecision))
    return decisions.filter(rules.readable_decisions(officer), uid=uid)


def _again(request: HttpRequest, uid: UUID, refused: Refused) -> HttpResponse:
    return _page(request, decision_for(request.user, uid), refused)


def _page(request: HttpRequest, subject: AwardDecision, refused: Refused | None = None) -> HttpResponse:
    return render(
        request, "workflows/decision.html", context(request.user, subject, refused, acting.proof_of(request))
    )

"""The log of readings: of a file, who opened or exported it; of an officer, what they opened."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit import indexing, rows, searching, sight, wording
from audit.models import Entry
from audit.sight import Sight
from history import facts
from nominations import readings
from nominations.models import AwardDecision, Nomination
from permissions import received
from permissions.models import Appointment, Officer


@require_safe
def of_nomination(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show who opened a file or one of its documents, and who took it along in a bundle."""
    return _of_file(request, Nomination, uid)


@require_safe
def of_decision(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show who opened a decision, and who took it along in a bundle."""
    return _of_file(request, AwardDecision, uid)


@require_safe
def of_officer(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show what an officer opened, as far as it is in sight."""
    seen = sight.of(request.user)
    officer = Officer.objects.filter(uid=uid).first()
    if officer is None or not _in_sight(seen, officer):
        raise Http404
    found = Entry.objects.filter(seen.entries, actor=str(uid), kind__in=wording.READINGS)
    return _page(
        request,
        found,
        title=officer.full_name,
        subtitle=_("What this officer opened and exported"),
        columns=("when", "what", "about"),
        url=f"{reverse('audit:desk')}?person={uid}",
        action=_("All that this officer did"),
    )


def _of_file(request: HttpRequest, model: type[Nomination] | type[AwardDecision], uid: UUID) -> HttpResponse:
    seen = sight.of(request.user)
    subject = (
        model._default_manager.select_related("round")
        .filter(readings.scope(request.user, model), uid=uid)
        .first()
    )
    if subject is None:
        raise Http404
    # whoever may see a file is told of every export that holds it, whatever else that export is about
    of_it = seen.entries & Q(subject=subject.stream, kind__in=wording.READINGS)
    found = Entry.objects.filter(of_it | Q(event__in=facts.exports_with(subject.stream)))
    return _page(
        request,
        found,
        title=subject.reference,
        subtitle=_("Who opened or exported it"),
        note=_(
            "A list of events exported from the history is told among what its officer exported, not here."
        ),
        columns=("when", "who", "what"),
        url=rows.timeline(subject.stream),
        action=_("What happened to it"),
    )


def _page(request: HttpRequest, found: Any, *, columns: tuple[str, ...], **said: str) -> HttpResponse:
    indexing.catch_up(indexing.ON_OPENING)
    window = searching.page(
        found, before=received.word(request.GET, "before"), after=received.word(request.GET, "after")
    )
    table = rows.table(rows.told(window.entries), columns)
    crumbs = [(_("History of acts"), reverse("audit:desk"))]
    return render(
        request, "audit/readings.html", {"crumbs": crumbs, "window": window, "table": table, **said}
    )


def _in_sight(seen: Sight, officer: Officer) -> bool:
    """Whether an officer holds or held a post at a unit in sight; the province's auditors see everybody."""
    return seen.province or Appointment.objects.filter(officer=officer, unit__any_of=seen.units).exists()

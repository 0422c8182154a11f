"""The page of a file, on which one decides; the acts on it; and a new file."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from history import clock
from nominations.forms import NewNomination
from nominations.models import Nomination, Round
from nominations.states import State
from nominations.views.reading import nomination_for
from permissions import grants
from permissions.catalogue import Right
from permissions.models import Officer, Unit
from workflows import acting, engine, opening
from workflows.acting import Refused
from workflows.errors import Busy
from workflows.flows import NominationFlow
from workflows.views.nomination_page import context


@require_safe
def nomination(request: HttpRequest, uid) -> HttpResponse:
    """Show everything that is needed to decide on a file."""
    subject = nomination_for(request.user, uid)
    opening.mark(subject, request.user)
    return _page(request, subject)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, uid) -> HttpResponse:
    """Do what was clicked on the file's page."""
    if request.method != "POST":  # the address of a refused act, opened again
        return redirect("workflows:nomination", uid=uid)
    subject = nomination_for(request.user, uid)
    return acting.perform(request, subject, again=lambda refused: _again(request, uid, refused))


@require_POST
def tick(request: HttpRequest, uid) -> HttpResponse:
    """Tick off remarks that were made to the file's step."""
    return acting.tick(request, nomination_for(request.user, uid))


@require_http_methods(["GET", "HEAD", "POST"])
def new_nomination(request: HttpRequest) -> HttpResponse:
    """Choose the unit and the round, and begin a draft."""
    units, rounds = units_to_prepare(request.user), open_rounds()
    form = NewNomination(request.POST or None, units=units, rounds=rounds)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                return redirect("nominations:draft", uid=_draft(request.user, **form.cleaned_data).uid)
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            except Busy as error:
                return acting.conflict(request, error, url=request.path)
        elif not units.exists():
            raise PermissionDenied(_("Preparing a file belongs to the clerk of a unit."))
        status = 422
    open_files = (
        Nomination.objects.filter(
            unit__in=units.values("pk"), round__in=rounds.values("pk"), holder__isnull=False
        )
        .select_related("unit", "round")
        .order_by("-pk")[:10]
    )
    crumbs = [(_("Files"), reverse("nominations:list"))]
    values = {"crumbs": crumbs, "form": form, "units": units, "rounds": rounds, "open_files": open_files}
    return render(request, "nominations/new.html", values, status=status)


def units_to_prepare(officer: Officer):
    """Return the units for which `officer` may prepare files today."""
    return Unit.objects.filter(pk__in=grants.units_where(officer, Right.PREPARE))


def open_rounds():
    """Return the rounds that take files today."""
    today = clock.today()
    return Round.objects.filter(Q(closed_on=None), opens__lte=today, closes__gte=today).select_related(
        "programme"
    )


def _draft(officer: Officer, unit: Unit, round: Round) -> Nomination:
    """Open a draft, or give back the untouched one: a second click is harmless."""
    untouched = Nomination.objects.filter(
        unit=unit, round=round, state=State.DRAFT, version=0, revision=1, created_by=officer, nominees=None
    ).first()
    return untouched or engine.open(NominationFlow, Nomination(unit=unit, round=round), actor=officer)


def _again(request: HttpRequest, uid, refused: Refused) -> HttpResponse:
    return _page(request, nomination_for(request.user, uid), refused)


def _page(request: HttpRequest, subject: Nomination, refused: Refused | None = None) -> HttpResponse:
    return render(
        request,
        "nominations/nomination.html",
        context(request.user, subject, refused, acting.proof_of(request)),
    )

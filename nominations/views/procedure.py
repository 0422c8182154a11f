"""The rules of procedure: every dated policy for everybody; the form for new ones for who may lay them down."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from history import clock
from nominations import procedure
from nominations.forms_rounds import ProcedureForm
from nominations.models import ProcedurePolicy
from permissions.fields import show_refusal


@require_http_methods(["GET", "HEAD", "POST"])
def rules_of_procedure(request: HttpRequest) -> HttpResponse:
    """Show the rules of procedure; lay down new ones."""
    if request.method != "POST":
        return _show(request)
    if not procedure.may_lay_down(request.user):
        raise PermissionDenied(
            _("Laying down the rules of procedure belongs to the programme administrator.")
        )
    form = ProcedureForm(request.POST, latest=None)
    if form.is_valid():
        try:
            policy = procedure.lay_down(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            day = {"day": f"{policy.valid_from:%d/%m/%Y}"}
            messages.success(request, _("The new rules of procedure are in force from %(day)s.") % day)
            return redirect("nominations:procedure")
    return _show(request, refused=form)


def _show(request: HttpRequest, *, refused: ProcedureForm | None = None) -> HttpResponse:
    """Render the page; with a refused form, as a 422."""
    policies = list(procedure.policies())
    latest = policies[-1] if policies else None
    lays_down = procedure.may_lay_down(request.user)
    context = {
        "crumbs": [(_("Rounds"), reverse("nominations:rounds"))],
        "rows": [{"policy": policy, "state": _state(policy)} for policy in reversed(policies)],
        "form": (refused or ProcedureForm(latest=latest)) if lays_down else None,
    }
    return render(request, "nominations/procedure.html", context, status=422 if refused else 200)


def _state(policy: ProcedurePolicy) -> tuple[str, str]:
    """Return where the policy stands on the legal day: a tone of the badge, and its word."""
    today = clock.today()
    if policy.valid_from > today:
        return "none", _("Not yet in force")
    if policy.valid_to and policy.valid_to <= today:
        return "closed", _("No longer in force")
    return "eligible", _("In force")

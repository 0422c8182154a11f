"""The findings: the eight questions, and the list that one of them finds."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.asking import AskForm
from audit.findings import FINDINGS
from permissions import grants
from permissions.catalogue import Right


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show what may be asked."""
    _check(request)
    return render(request, "audit/findings.html", {"crumbs": [_desk()], "findings": FINDINGS.values()})


@require_safe
def finding(request: HttpRequest, name: str) -> HttpResponse:
    """Ask one question with the parameters in the address, and list what it finds."""
    _check(request)
    if name not in FINDINGS:
        raise Http404
    asked = FINDINGS[name]
    form = AskForm(request.GET, parameters=asked.parameters)
    valid = form.is_valid()
    values = {
        "crumbs": [_desk(), (_("Findings"), reverse("audit:findings"))],
        "finding": asked,
        "form": form,
        "found": asked.find(form.ask(request.user)) if valid else None,
    }
    return render(request, "audit/finding.html", values, status=200 if valid else 422)


def _desk() -> tuple[str, str]:
    return _("History of acts"), reverse("audit:desk")


def _check(request: HttpRequest) -> None:
    if not grants.units_where(request.user, Right.AUDIT).exists():
        raise PermissionDenied(_("The findings are open to auditors, for the units of their post."))

"""The administrators' first page: what waits for them, and where everything is."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from permissions import accounts, appointing


def check(request: HttpRequest) -> None:
    """Let only administrators of accounts go on. Raises PermissionDenied."""
    if not accounts.may_manage(request.user):
        raise PermissionDenied(_("Accounts and posts are managed by the system administrator."))


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Show the doors, those with something waiting first."""
    check(request)
    mine = sum(appointing.may_decide(item, request.user) for item in appointing.to_decide(request.user))
    doors = [
        (reverse("permissions:pending"), _("Confirmations"), _("%(count)s wait for you") % {"count": mine}),
        (reverse("permissions:officers"), _("Officers"), _("Accounts, posts, and what each may do")),
        (
            reverse("permissions:import"),
            _("Import from Excel"),
            _("Many officers and posts at once, all or nothing"),
        ),
        (reverse("permissions:units"), _("Units"), _("The tree as on any day; ends, successors, names")),
        (reverse("permissions:holders"), _("Who can act"), _("Who holds which right at a unit")),
        (
            reverse("permissions:audit"),
            _("Audit of rights"),
            _("Who may do what, where, since when and by whom"),
        ),
        (reverse("permissions:ties"), _("Declared ties"), _("Of whose files officers keep away")),
        (
            reverse("workflows:delegations"),
            _("Delegations"),
            _("What is handed on, and what was done under it"),
        ),
        (
            reverse("workflows:delivery"),
            _("Delivery"),
            _("Whether notices and e-mails go out, and what was set aside"),
        ),
    ]
    return render(request, "permissions/landing.html", {"doors": doors})

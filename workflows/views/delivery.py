"""How delivery stands, for the system administrator: what waits, when the clock beat, and what was set aside."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from permissions import accounts, received
from workflows import delivery, outbox, watching
from workflows.models import OutboxMessage

PER_PAGE = 25


def _check(request: HttpRequest) -> None:
    if not accounts.may_manage(request.user):
        raise PermissionDenied(_("Delivery is looked after by the system administrator."))


@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """Show the numbers, and what was set aside, the newest first; kinds and errors, and no file."""
    _check(request)
    aside = OutboxMessage.objects.filter(set_aside__isnull=False).order_by("-set_aside", "-pk")
    now = delivery.state()
    context = {
        "crumbs": [(_("Administration"), reverse("permissions:landing"))],
        "now": now,
        "stands": now["beat"] is None or now["beat"] > delivery.LATE_BEAT,
        "late": watching.late_count(),
        "page": received.page(aside, request.GET, per_page=PER_PAGE),
    }
    return render(request, "workflows/delivery.html", context)


@require_POST
def retry(request: HttpRequest, uid) -> HttpResponse:
    """Offer once more what was set aside."""
    _check(request)
    found = OutboxMessage.objects.filter(uid=uid).first()
    if found is None:
        raise Http404
    if outbox.retry(found.pk, by=request.user):
        messages.success(request, _("It is tried again now."))
    else:
        messages.info(request, _("It was not set aside any more: somebody was first."))
    return redirect("workflows:delivery")

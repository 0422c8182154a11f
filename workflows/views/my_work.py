"""Home: what waits for the officer, where it is that they sent, and the posts they hold."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from history import clock
from nominations import rules
from nominations.models import Nomination, Round
from permissions import grants
from permissions.catalogue import Right
from workflows import inbox

SOON = timedelta(days=3)  # this long before the due date a file is said to be due soon


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """Show each persona their own home, from one template."""
    officer, today = request.user, clock.today()
    posts = list(grants.posts_of(officer, day=today))
    context = {
        "waiting": [_waiting(item, today) for item in inbox.inbox(officer)],
        "sent": [_sent(nomination) for nomination in inbox.sent(officer)],
        "posts": posts,
        "can_open": grants.units_where(officer, Right.PREPARE).exists(),
        "rounds_to_compile": list(
            Round.objects.filter(rules.may_compile(officer)).select_related("programme")
        ),
        "today": today,
    }
    return render(request, "workflows/my_work.html", context)


def is_soon(due: date | None, today: date) -> bool:
    """Whether little time is left until `due`, the due day itself and later ones not counted."""
    return due is not None and today < due <= today + SOON


def _waiting(item: inbox.Item, today: date) -> dict[str, Any]:
    decision = item.kind == "decision"
    return {
        "url": reverse(f"workflows:{item.kind}", kwargs={"uid": item.uid}),
        "reference": item.reference,
        "title": _("Award decision of %(year)s") % {"year": item.year} if decision else item.unit_name,
        "state": item.state,
        "state_label": item.state_label,
        "due": item.due,
        "at_risk": is_soon(item.due, today),
        "since": item.since,
    }


def _sent(nomination: Nomination) -> dict[str, Any]:
    return {
        "url": reverse("workflows:nomination", kwargs={"uid": nomination.uid}),
        "reference": nomination.reference,
        "title": nomination.unit.name,
        "state": nomination.state,
        "state_label": nomination.get_state_display(),
        "where": nomination.holder.name if nomination.holder else "",
        "due": nomination.due,
        "since": nomination.since,
    }

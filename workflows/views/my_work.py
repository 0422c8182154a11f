"""Home: what waits for the officer, where it is that they sent, and the posts they hold."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from history import clock
from nominations import ranking, rules
from nominations.assignment import ASSIGN
from nominations.models import Nomination
from nominations.views.rows import names_of, row, title_of, with_nominees
from permissions import grants
from permissions.catalogue import Right
from permissions.models import Officer
from workflows import inbox
from workflows.batches import STEPS

MOST_ORPHANS = 50
MOST_SHOWN = 60  # of what waits, what is due first: more than a day's work, and quick on a phone
SOON = timedelta(days=3)  # this long before the due date a file is said to be due soon


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """Show each persona their own home, from one template."""
    officer, today = request.user, clock.today()
    held = grants.units_by_right(officer)
    rights = set(held)
    waiting = inbox.inbox(officer, held=held)
    shown = waiting[:MOST_SHOWN]
    names = names_of(item.pk for item in shown if item.kind == "nomination")
    context = {
        "waiting": [_waiting(item, names.get(item.pk, []), today) for item in shown],
        "count": len(waiting),
        "more": len(waiting) - len(shown),
        "sent": [row(nomination) for nomination in inbox.sent(officer, waiting)],
        "orphans": _orphans(officer) if Right.REROUTE in rights else [],
        "posts": list(grants.posts_of(officer, day=today)),
        "can_open": Right.PREPARE in rights,
        "can_administer": Right.MANAGE_ACCOUNTS in rights,
        "can_batch": sum(item.kind == "nomination" and item.state in STEPS for item in waiting) > 1,
        "can_assign": not rights.isdisjoint(ASSIGN),
        "rounds_to_compile": ranking.to_compile(officer),
        "today": today,
    }
    return render(request, "workflows/my_work.html", context)


def _orphans(officer: Officer) -> list[dict[str, Any]]:
    """The open files that lost their unit, for whoever re-routes them or hands them over; the oldest first."""
    files = Nomination.objects.filter(rules.to_lead_on(officer)).order_by("since", "pk")
    return [row(nomination) for nomination in with_nominees(files)[:MOST_ORPHANS]]


def is_soon(due: date | None, today: date) -> bool:
    """Whether little time is left until `due`, the due day itself and later ones not counted."""
    return due is not None and today < due <= today + SOON


def _waiting(item: inbox.Item, names: list[str], today: date) -> dict[str, Any]:
    decision = item.kind == "decision"
    return {
        "url": reverse(f"workflows:{item.kind}", kwargs={"uid": item.uid}),
        "reference": item.reference,
        "title": _("Award decision of %(year)s") % {"year": item.year} if decision else title_of(names),
        "unit": item.unit_name,
        "state": item.state,
        "state_label": item.state_label,
        "due": item.due,
        "at_risk": is_soon(item.due, today),
        "since": item.since,
    }

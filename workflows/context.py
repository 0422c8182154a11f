"""What every page shows around its content."""

from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from history import clock
from permissions import grants, prepared
from permissions.catalogue import Right
from permissions.models import Officer
from workflows.models import Notice


def page(request: HttpRequest) -> dict[str, Any]:
    """Return `unread_notices` and `audits` (one statement, and only if drawn), `demo_mode` and `legal_today`."""
    known = cache(lambda: _known(request))
    return {
        "unread_notices": lambda: known()["unread"],
        "audits": lambda: known()["audits"],
        "demo_mode": settings.DEMO,
        "legal_today": clock.today(),
    }


def _known(request: HttpRequest) -> dict[str, Any]:
    """How many notices wait for the officer, and whether they audit anything today."""
    officer = getattr(request, "user", None)  # an error page may come before the sign-in is read
    if officer is None or not officer.is_authenticated:
        return {"unread": 0, "audits": False}
    return prepared.rows(_waiting, officer)[0]


def _waiting(officer: Officer) -> QuerySet[Any]:
    notices = Notice.objects.filter(officer=OuterRef("pk"), read_at=None).order_by().values("officer")
    return Officer.objects.filter(pk=officer.pk).values(
        unread=Coalesce(Subquery(notices.values(count=Count("pk"))), 0),
        audits=Exists(grants.units_where(officer, Right.AUDIT)),
    )

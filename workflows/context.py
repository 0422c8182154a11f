"""What every page shows around its content."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from history import clock
from workflows.models import Notice


def page(request: HttpRequest) -> dict[str, Any]:
    """Return `unread_notices` (one statement, and only if drawn), `demo_mode` and `legal_today`."""
    return {
        "unread_notices": cache(lambda: _unread(request)),
        "demo_mode": settings.DEMO,
        "legal_today": clock.today(),
    }


def _unread(request: HttpRequest) -> int:
    officer = getattr(request, "user", None)  # an error page may come before the sign-in is read
    if officer is None or not officer.is_authenticated:
        return 0
    return Notice.objects.filter(officer=officer, read_at=None).count()

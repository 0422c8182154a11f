"""What the login page shows in demo mode: asked for only by the page that draws it."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from demo.days import DAYS
from demo.people import groups


def people(request: HttpRequest) -> dict[str, Any]:
    """Return `demo_groups` (groups of people with their days) and `demo_days`."""
    return {"demo_groups": SimpleLazyObject(groups), "demo_days": DAYS}

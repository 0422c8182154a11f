"""How often a page that is open to everybody may be asked for from one address; counted in the database for all processes.

Kept is a digest of the address that only this system can make, and only for the minute that counts.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac

from history.request import address_of

MINUTE = 60
COUNT = """
INSERT INTO permissions_visit AS visit (address, minute, count)
VALUES (%s, date_trunc('minute', clock_timestamp()), 1)
ON CONFLICT (address, minute) DO UPDATE SET count = visit.count + 1
RETURNING count, 60 - extract(second FROM clock_timestamp())::int
"""


def limited(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let an address ask `PUBLIC_PER_MINUTE` times a minute; answer 429 beyond it. One statement."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [_digest(request)])
            count, rest = cursor.fetchone()
        if count <= settings.PUBLIC_PER_MINUTE:
            return view(request, *args, **kwargs)
        wait = max(rest, 1)
        response = render(request, "429.html", {"seconds": wait}, status=429)
        response["Retry-After"] = str(wait)
        return response

    return asked


def forget() -> int:
    """Forget the counts of minutes gone by; return how many. Two hours are kept, should a clock be wrong."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM permissions_visit WHERE minute < clock_timestamp() - interval '2 hours'")
        return int(cursor.rowcount)


def _digest(request: HttpRequest) -> str:
    return salted_hmac("permissions.throttle", address_of(request), algorithm="sha256").hexdigest()

"""The identity of the request under way and where it came from, for its events and log lines."""

from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest

request_id: ContextVar[str] = ContextVar("request_id", default="")
address: ContextVar[str] = ContextVar("address", default="")


def address_of(request: HttpRequest) -> str:
    """Return the client's address: as the outermost of our own `TRUSTED_PROXIES` saw it, else the connection's."""
    proxies = settings.TRUSTED_PROXIES
    if proxies:
        seen = [
            part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
        ]
        if len(seen) >= proxies:
            return seen[-proxies]
    return request.META.get("REMOTE_ADDR", "")

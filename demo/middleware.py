"""Each demo person walks the legal day chosen at sign-in."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from demo.days import SESSION_KEY, day_of
from history import clock


class LegalDayMiddleware:
    """Set the legal day of the session for the length of the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with clock.legal_day(day_of(request.session.get(SESSION_KEY))):
            return self.get_response(request)

"""What a page says of a request that cannot be taken: which rule, and what to do; never a bare status."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import (
    DisallowedHost,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
    ValidationError,
)
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from config.buffering import LARGEST_BODY, TOO_LARGE
from config.failing import typed_words

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
LONGEST_QUERY = 8 * 1024  # bytes of an address behind its “?”
LIMITS = {
    "megabytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20,
    "fields": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS,
    "files": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
    "kilobytes": LONGEST_QUERY // 1024,
}

# What Django itself refuses to read: the status, the rule, the remedy.
UNREAD: tuple[tuple[type[Exception], int, Any, Any], ...] = (
    (
        RequestDataTooBig,
        413,
        _("More text was sent at once than the %(megabytes)s MB that one page may send."),
        _("Shorten the longest text, or add it as a document."),
    ),
    (
        TooManyFieldsSent,
        413,
        _("More than %(fields)s fields were sent at once."),
        _("Send less at once: a long list goes in as a sheet."),
    ),
    (
        TooManyFilesSent,
        413,
        _("More than %(files)s files were sent at once."),
        _("Go back and add the files in several goes."),
    ),
    (
        DisallowedHost,
        400,
        _("This system does not answer under the name in the address."),
        _("Open it by its official address; the system administrator knows it."),
    ),
    (
        MultiPartParserError,
        400,
        _("The form arrived incomplete or damaged."),
        _("Check the connection, go back and send it again."),
    ),
    (
        UnreadablePostError,
        400,
        _("The form did not arrive whole: the connection broke while it was being sent."),
        _("Check the connection, go back and send it again."),
    ),
)
# What the web server itself refuses to read: the rule, the remedy.
OF_SERVER: dict[int, tuple[Any, Any]] = {
    414: (
        format_lazy(_("The address is longer than {kilobytes} KB."), **LIMITS),
        _("Open the page anew and narrow it by less."),
    ),
    431: (
        _("The browser sent more about itself than the system reads."),
        _("Delete the cookies of this site in the browser and open the page again."),
    ),
}


class RefusalsMiddleware:
    """Take what a browser sends to a page; answer anything else with a page that says why not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return _not_allowed(request, METHODS)
        if request.META.get(TOO_LARGE):
            said = _("More than %(most)s MB were sent at once.") % {"most": LARGEST_BODY // 2**20}
            return _page(request, 413, said, _("Go back and add the files in several goes."))
        if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY:
            return _page(request, 414, *OF_SERVER[414])
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            return _not_allowed(request, response["Allow"].split(", "))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer bad input that the view has no field to show at: the sentence stands on a page of its own."""
        if isinstance(exception, UnreadablePostError):
            return bad_request(request, exception)
        if not isinstance(exception, ValidationError):
            return None
        return _page(request, 422, " ".join(exception.messages), _("Go back, correct it and send it again."))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django would not read, by the rule that it broke."""
    for kind, status, rule, remedy in UNREAD:
        if isinstance(exception, kind):
            return _page(request, status, rule % LIMITS, remedy)
    return _page(request, 400)


@cache
def of_server(status: int) -> bytes:
    """Return the page, in Vietnamese, of a request that never became one: it has no session and no reader known yet."""
    with translation.override(settings.LANGUAGE_CODE):
        if status == 500:
            return render_to_string("500.html").encode()
        return _page(HttpRequest(), status, *OF_SERVER.get(status, ())).content


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without a token of the session; the words that were typed are shown, to be copied."""
    page = render_to_string("403_csrf.html", {"typed": typed_words(request), "request": None})
    return HttpResponse(page, status=403)


def _not_allowed(request: HttpRequest, methods: Any) -> HttpResponse:
    page = render_to_string("405.html", {"request": None})
    return HttpResponse(page, status=405, headers={"Allow": ", ".join(methods)})


def _page(request: HttpRequest, status: int, rule: Any = "", remedy: Any = "") -> HttpResponse:
    """Return the page of `status`; a page that needs neither session nor database."""
    context = {"status": status, "rule": rule, "remedy": remedy, "request": None}
    if status == 422:
        context["typed"] = typed_words(request)
    return HttpResponse(render_to_string("400.html", context), status=status)

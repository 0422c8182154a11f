"""One's deadlines in one's own calendar program: the page of the address, and what is read there."""

import hashlib

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_http_methods, require_safe

from permissions import received
from workflows import feed
from workflows.models import CalendarFeed


@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """Make an address, shown this once, or take it back."""
    known = CalendarFeed.objects.filter(officer=request.user)
    if request.method == "POST" and received.word(request.POST, "what") == "end":
        feed.take_back(request.user)
        return redirect("workflows:calendar_feed")
    made = ""
    if request.method == "POST":
        secret = feed.make(request.user)
        made = settings.SITE_URL + reverse("workflows:calendar_file", kwargs={"secret": secret})
    return render(request, "workflows/calendar_feed.html", {"feed": known.first(), "made": made})


@login_not_required
@require_safe
def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """Answer a calendar program; whoever has the address needs nothing else, so it reveals no person but its owner."""
    officer = feed.whose(secret)
    if officer is None:
        raise Http404
    with translation.override(officer.language):
        text = feed.calendar(officer, settings.SITE_URL)
    body = "\r\n".join(line for line in text.split("\r\n") if not line.startswith("DTSTAMP"))
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["ETag"] = etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    response["Cache-Control"] = "private, max-age=300"
    return get_conditional_response(request, etag=etag, response=response)

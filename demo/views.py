"""Signing in as a demo person, on a demo day, by one button without a password; and that person's letters."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from demo import components as parts
from demo.days import SESSION_KEY, day_of
from demo.models import Letter
from demo.people import day_for, usernames
from permissions import received, sessions
from permissions.models import Officer

PER_PAGE = 25
SHEETS = ("css/work.css", "css/file.css", "css/diff.css")


@require_POST
@login_not_required
def demo_login(request: HttpRequest) -> HttpResponse:
    """Sign in the demo person `username` on the demo day `day`; nobody else and no other day.

    Who holds no post on the chosen day walks the day on which they do.
    """
    username, day = received.word(request.POST, "username"), day_of(received.word(request.POST, "day"))
    officer = Officer.objects.filter(username=username, is_active=True).first()
    if not settings.DEMO or day is None or officer is None or username not in usernames():
        raise Http404
    request.session.flush()  # nothing of the person before, not even the session's key
    sessions.enter(request, officer, ["demo"])
    request.session[SESSION_KEY] = day_for(username, day).isoformat()
    wanted = received.word(request.POST, "next")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return redirect(wanted if ours else settings.LOGIN_REDIRECT_URL)


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Show the letters that the person signed in would have got by e-mail, the newest first."""
    page = received.page(_letters(request), request.GET, per_page=PER_PAGE)
    return render(request, "demo/mailbox.html", {"page": page})


@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one letter as text, as a mail reader without pictures would."""
    return render(request, "demo/letter.html", {"letter": get_object_or_404(_letters(request), pk=pk)})


def _letters(request: HttpRequest) -> QuerySet[Letter]:
    address = request.user.email
    return Letter.objects.filter(to=address) if address else Letter.objects.none()


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show every part of the pages in every state."""
    context = {"parts": list(parts.shown()), "sheets": SHEETS}
    return render(request, "demo/components.html", context)

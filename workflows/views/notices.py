"""What the officer was told: each notice with its file, read or not yet."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from history import clock
from nominations.states import ENDED
from workflows.models import Notice
from workflows.notices import BY_ACT, KINDS

PER_PAGE = 25


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Show the officer's notices, the newest first."""
    found = Notice.objects.filter(officer=request.user).select_related(
        "nomination__unit", "nomination__round", "nomination__holder"
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": [_row(notice) for notice in page]}
    return render(request, "workflows/notices.html", context)


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark the notice `notice` as read, or all of them when none is named."""
    found = Notice.objects.filter(officer=request.user, read_at=None)
    key = request.POST.get("notice", "")
    if key:
        found = found.filter(pk=key if key.isdecimal() else 0)
    found.update(read_at=clock.now())
    return redirect("workflows:notices")


def _row(notice: Notice) -> dict[str, Any]:
    file = notice.nomination
    return {
        "notice": notice,
        "sentence": KINDS[notice.kind].sentence,
        "file": file,
        "url": reverse("workflows:nomination", kwargs={"uid": file.uid}),
        "moved_on": _has_moved_on(notice),
    }


def _has_moved_on(notice: Notice) -> bool:
    """Whether the file has left the state that the notice tells of."""
    told = {state for (state, _action), kind in BY_ACT.items() if kind == notice.kind}
    ended = notice.nomination.state in ENDED and told & set(ENDED)
    return not ended and notice.nomination.state not in told

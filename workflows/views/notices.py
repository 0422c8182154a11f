"""What the officer was told: each notice with its file, read or not yet."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from history import clock
from nominations.models import Nominee
from nominations.states import NOT_AWARDED
from permissions import prepared, received
from permissions.models import Officer
from workflows.models import Notice
from workflows.notices import KINDS, is_settled, notices_of

PER_PAGE = 25


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Show the officer's notices, the newest first."""
    count = Notice.objects.filter(officer=request.user).count()
    page = received.page(range(count), request.GET, per_page=PER_PAGE)
    first = page.paginator.per_page * (page.number - 1)
    found = prepared.rows(_page, request.user, first) if count else []
    refused = _refused(found)
    context = {"page": page, "rows": [_row(notice, refused) for notice in found]}
    return render(request, "workflows/notices.html", context)


def _page(officer: Officer, first: int) -> QuerySet[Notice]:
    return notices_of(officer)[first : first + PER_PAGE]


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark the notice `notice` as read, or all of them when none is named."""
    found = Notice.objects.filter(officer=request.user, read_at=None)
    if request.POST.get("notice"):
        found = found.filter(pk=received.key(request.POST, "notice") or 0)
    found.update(read_at=clock.now())
    return redirect("workflows:notices")


@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the file of a notice; where nothing can be done about it any more, say so first."""
    found = get_object_or_404(notices_of(request.user), pk=pk)
    Notice.objects.filter(pk=found.pk, read_at=None).update(read_at=clock.now())
    row = _row(found, {})
    if row["readable"] and not row["moved_on"]:
        return redirect(row["url"])
    return render(request, "workflows/notice.html", {"row": row})


def _row(notice: Any, refused: dict[int, list[Nominee]]) -> dict[str, Any]:
    subject = notice.nomination or notice.decision
    name = "nomination" if notice.nomination else "decision"
    named = set(notice.message.payload.get("nominees", ()))
    return {
        "notice": notice,
        "readable": notice.readable,
        "sentence": KINDS[notice.kind].sentence,
        "file": subject,
        "unit": notice.nomination.unit if notice.nomination else subject.round.programme,
        "url": reverse(f"workflows:{name}", kwargs={"uid": subject.uid}),
        "moved_on": is_settled(notice, subject),
        "not_awarded": [
            nominee
            for nominee in refused.get(notice.nomination_id or 0, ())
            if notice.kind == "not_awarded" and (not named or nominee.pk in named)
        ],
    }


def _refused(notices: Iterable[Any]) -> dict[int, list[Nominee]]:
    """The nominees without an award in the files that the readable notices tell of, in one statement."""
    files = [notice.nomination_id for notice in notices if notice.kind == "not_awarded" and notice.readable]
    found: dict[int, list[Nominee]] = defaultdict(list)
    if files:
        nominees = Nominee.objects.filter(nomination__in=files, present=True, outcome__in=NOT_AWARDED)
        for nominee in nominees.order_by("nomination", "position"):
            found[nominee.nomination_id].append(nominee)
    return found

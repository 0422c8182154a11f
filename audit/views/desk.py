"""The auditor's desk: a search over all that happened, and the export of what was found."""

from typing import Any

from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audit import exporting, indexing, rows, searching, sight, status
from audit.forms import SaveForm, SearchForm, kept
from audit.models import SavedSearch
from history import clock
from permissions import books, received


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Show what was asked for, the newest first; without a question, the last events."""
    seen = sight.of(request.user)
    indexing.catch_up(indexing.ON_OPENING)
    form = SearchForm(request.GET)
    sound = form.is_valid()
    window = searching.Window([])
    if sound:
        found = searching.find(seen, form.cleaned_data)
        window = searching.page(
            found, before=received.word(request.GET, "before"), after=received.word(request.GET, "after")
        )
    return render(
        request, "audit/desk.html", _context(request, seen, form, window), status=200 if sound else 422
    )


def _context(
    request: HttpRequest, seen: sight.Sight, form: SearchForm, window: searching.Window
) -> dict[str, Any]:
    query = kept(request.GET)
    searches = list(SavedSearch.objects.filter(officer=request.user))
    here = next((search.name for search in searches if search.query == query), "")
    return {
        "form": form,
        "window": window,
        "table": rows.table(rows.told(window.entries)),
        "query": query,
        "searches": searches,
        "here": here,
        "save": SaveForm(initial={"name": here}),
        "status": status.status(),
        "most": exporting.MOST,
        "may_take_everything": seen.everything,
        "logs": _logs(form) if window.entries else [],
        "asked": form.asked if form.is_valid() else [],
    }


def _logs(form: SearchForm) -> list[tuple[str, str]]:
    """Return the logs of readings of the one officer, and of the file, that are asked for."""
    found = []
    people, kind = form.cleaned_data.get("person"), form.cleaned_data["file"].partition(":")
    if people and len(people) == 1:
        found.append(
            (_("What this officer opened and exported"), reverse("audit:officer_readings", args=people))
        )
    if kind[2]:
        found.append((_("Who opened or exported it"), reverse(f"audit:{kind[0]}_readings", args=[kind[2]])))
    return found


@require_POST
def export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Send what was found as a file; that it was exported is recorded before."""
    seen = sight.of(request.user)
    form = SearchForm(request.GET)
    if not form.is_valid():
        return redirect(f"{reverse('audit:desk')}?{kept(request.GET)}")
    kind = "xlsx" if received.word(request.POST, "format") == "xlsx" else "csv"
    found = searching.find(seen, form.cleaned_data)
    count = found.order_by(*searching.NEWEST)[: exporting.MOST + 1].count()
    more, count = count > exporting.MOST, min(count, exporting.MOST)
    now = clock.now()
    with transaction.atomic():
        exporting.note(request.user, kind, form.asked, count)
    first = exporting.heading(request.user, form.asked, now, count, more)
    pieces = (rows.told(piece) for piece in searching.chunks(found, count))
    name = f"lich-su-{clock.local(now):%Y%m%d-%H%M}.{kind}"
    if kind == "xlsx":
        return FileResponse(
            exporting.as_xlsx(first, pieces), as_attachment=True, filename=name, content_type=books.XLSX
        )
    response = StreamingHttpResponse(exporting.as_csv(first, pieces), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

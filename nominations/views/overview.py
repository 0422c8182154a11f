"""The overview: pictures before tables, each with its table twin, the files behind each mark, and its export."""

from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from history import clock
from nominations import overview as sets
from nominations.figures import Figures, table
from nominations.models import Round
from permissions import books, grants, received
from permissions.models import Officer

KEPT = 300  # seconds; the page says as of when it counted
TYPES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "xlsx": books.XLSX,
}


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show the pictures of one round, over the files that the reader may read."""
    rounds = list(sets.rounds())
    round = _chosen(request, rounds)
    now, figures = _counted(request.user, round) if round else (clock.now(), [])
    context = {
        "rounds": rounds,
        "round": round,
        "pictures": [_shown(item) for item in figures],
        "now": now,
    }
    return render(request, "nominations/overview.html", context)


@require_safe
def export(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """Send one set of figures as a picture or as a sheet."""
    make = sets.SETS.get(name)
    if make is None or form not in TYPES:
        raise Http404
    wanted = received.key(request.GET, "round") or 0
    round = get_object_or_404(Round.objects.select_related("programme"), pk=wanted)
    figures = make(sets.Sight(request.user, round, clock.now()))
    from nominations import pictures  # not before a picture is asked for: it takes a second to load

    content = books.plain(figures.title, figures.heads, table(figures)) if form == "xlsx" else None
    name = f"{slugify(name)}-{round.year}.{form}"
    return books.attached(content or pictures.export(figures, form), name, TYPES[form])


def _chosen(request: HttpRequest, rounds: list[Round]) -> Round | None:
    """The round that the address names, else the latest that takes files."""
    wanted = received.key(request.GET, "round")
    named = next((round for round in rounds if round.pk == wanted), None)
    today = clock.today()
    return named or next((round for round in rounds if round.opens <= today), None)


def _counted(officer: Officer, round: Round) -> tuple[datetime, list[Figures]]:
    """The figures as they were counted within the last minute, and when: counting a province takes a while.

    A post that begins or ends counts anew at once.
    """
    held = hash(
        tuple(sorted((right, tuple(units)) for right, units in grants.units_by_right(officer).items()))
    )
    key = f"overview:{officer.pk}:{held}:{round.pk}:{clock.today()}:{get_language()}"
    known = cache.get(key)
    if known is None:
        now = clock.now()
        known = (now, sets.every(sets.Sight(officer, round, now)))
        cache.set(key, known, KEPT)
    return known


def _shown(figures: Figures) -> dict[str, Any]:
    from nominations import pictures  # as above

    return {
        "figures": figures,
        "picture": "" if figures.is_empty else pictures.svg(figures),
        "empty": _("Nothing to count yet."),
        "forms": list(TYPES),
    }

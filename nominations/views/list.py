"""The list of files: what one may read, narrowed by words, state, round and unit."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from history import clock
from nominations import deadlines, rules
from nominations.finding import matching
from nominations.forms import ListFilter
from nominations.models import Nomination, SavedFilter
from nominations.newest import newest
from nominations.rules import Held
from nominations.views import rows
from permissions import books, grants, received
from permissions.catalogue import Right
from permissions.models import Officer, Unit
from permissions.tables import Cell, Table

PER_PAGE = 25
DUE = {"late": deadlines.late, "soon": deadlines.soon}
MOST_EXPORTED = 5000
COLUMNS = {
    "reference": gettext_lazy("File number"),
    "nominees": gettext_lazy("Nominees"),
    "count": gettext_lazy("Number of nominees"),
    "unit": gettext_lazy("Proposing unit"),
    "year": gettext_lazy("Year"),
    "state": gettext_lazy("State"),
    "where": gettext_lazy("Where it is"),
    "due": gettext_lazy("Due"),
    "since": gettext_lazy("There since"),
}
RECENT = 200  # files whose units are offered to choose from
MOST_COUNTED = 1000
LAST_PAGE = 400  # whoever looks further back narrows the list by a filter


def nominations(request: HttpRequest) -> HttpResponse:
    """Show the files that the officer may read, the latest movement first."""
    held = grants.units_by_right(request.user)
    filtered = any(request.GET.get(name) for name in ListFilter.base_fields)
    form = ListFilter(request.GET or None, units=_offered(request.user, held))
    if filtered:
        wanted = form.cleaned_data if form.is_valid() else {}
        found = narrowed(Nomination.objects.filter(rules.readable(request.user, rights=held)), wanted)
        page = Bounded(_shown(found, wanted), PER_PAGE).get_page(received.word(request.GET, "page"))
    else:
        page = _newest(request.user, held, received.key(request.GET, "page"))
    chosen = columns(request.GET)
    context = {
        "form": form,
        "page": page,
        "rows": [rows.row(nomination) for nomination in page],
        "table": _table(page, chosen) if chosen else None,
        "columns": [(name, label, name in chosen) for name, label in COLUMNS.items()],
        "filters": [(key, value) for key in ListFilter.base_fields if (value := request.GET.get(key))],
        "chosen": [("cols", name) for name in chosen],
        "filtered": filtered,
        "kept": list(SavedFilter.objects.filter(officer=request.user)),
        "query": request.GET.urlencode(),
        "can_open": Right.PREPARE in held,
    }
    return render(request, "nominations/list.html", context)


def columns(data: QueryDict) -> list[str]:
    """Return the columns that were chosen on the screen, in their usual order; none means the usual table."""
    wanted = set(data.getlist("cols"))
    return [name for name in COLUMNS if name in wanted]


def _table(files: Iterable[Nomination], chosen: Sequence[str]) -> Table:
    """The files by the chosen columns; the first of them leads to the file."""
    lines = []
    for file in files:
        url = reverse("workflows:nomination", kwargs={"uid": file.uid})
        cells = [
            Cell(str(value), tone=file.state if name == "state" else "")
            for name, value in zip(chosen, _line(file, chosen, nominees=rows.title_of), strict=True)
        ]
        lines.append([replace(cells[0], text=cells[0].text or file.reference, url=url, tone=""), *cells[1:]])
    return Table(_("Files, the latest movement first"), [str(COLUMNS[name]) for name in chosen], lines)


def _offered(officer: Officer, held: Held) -> list[Unit]:
    """The units that proposed the files which moved last, of those the officer may read: whoever is active."""
    keys = newest(officer, held, limit=RECENT)
    return list(Unit.objects.filter(nominations__in=keys).distinct().order_by("name_sort", "-valid_from"))


class Bounded(Paginator):
    """Pages of a narrowed list, counted up to `MOST_COUNTED`: whoever finds more narrows it further."""

    @cached_property
    def count(self) -> int:
        return int(self.object_list.order_by()[: MOST_COUNTED + 1].count())

    @property
    def is_over(self) -> bool:
        return self.count > MOST_COUNTED


def _shown(found: QuerySet[Nomination], wanted: Mapping[str, Any]) -> QuerySet[Nomination]:
    """The narrowed list in its order, with all that a row shows."""
    return rows.with_nominees(found).order_by(*_order(wanted))


@dataclass(frozen=True)
class Window:
    """A page of the whole list, which is not counted: what is on it, and whether more follows."""

    files: list[Nomination]
    number: int
    has_next: bool

    def __iter__(self) -> Iterator[Nomination]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)

    paginator = None  # nothing is counted

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_other_pages(self) -> bool:
        return self.has_previous or self.has_next

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1


def _newest(officer: Officer, held: Held, wanted: int | None) -> Window:
    number = min(wanted or 1, LAST_PAGE)
    keys = newest(officer, held, limit=PER_PAGE + 1, offset=(number - 1) * PER_PAGE)
    files = rows.with_nominees(Nomination.objects.filter(pk__in=keys[:PER_PAGE])).order_by("-since", "-pk")
    return Window(list(files), number, len(keys) > PER_PAGE)


def narrowed(nominations: QuerySet[Nomination], wanted: Mapping[str, Any]) -> QuerySet[Nomination]:
    """Return the nominations that match the filters given; an empty filter narrows nothing."""
    if wanted.get("q"):
        nominations = nominations.filter(matching(wanted["q"]))
    if wanted.get("state"):
        nominations = nominations.filter(state=wanted["state"])
    if wanted.get("round"):
        nominations = nominations.filter(round=wanted["round"])
    if wanted.get("unit"):
        nominations = nominations.filter(unit=wanted["unit"])
    if wanted.get("due"):
        nominations = nominations.filter(DUE[wanted["due"]](clock.now()))
    return nominations


def _order(wanted: Mapping[str, Any]) -> tuple[str, ...]:
    """What is due first where time limits are asked for, else the latest movement first."""
    return ("due", "-since", "-pk") if wanted.get("due") else ("-since", "-pk")


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Send the narrowed list as a sheet, with the chosen columns or all; at most `MOST_EXPORTED` rows, the latest first."""
    form = ListFilter(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = _shown(narrowed(rules.nominations_for(request.user), wanted), wanted)[:MOST_EXPORTED]
    chosen = columns(request.GET) or list(COLUMNS)
    lines = (_line(file, chosen) for file in found)
    content = books.plain(_("Files"), [str(COLUMNS[name]) for name in chosen], lines)
    return books.attached(content, "ho-so.xlsx")


def _line(
    file: Nomination, chosen: Sequence[str], *, nominees: Callable[[Sequence[str]], str] = "; ".join
) -> list[object]:
    """A file by the chosen columns; `nominees` makes one text of their names: a sheet holds all, a screen the first."""
    values: dict[str, object] = {
        "reference": file.reference,
        "nominees": nominees([nominee.name for nominee in file.present_nominees]),
        "count": len(file.present_nominees),
        "unit": file.unit.name,
        "year": file.round.year,
        "state": file.get_state_display(),
        "where": file.holder.name if file.holder else "",
        "due": f"{file.due:%d/%m/%Y}" if file.due else "",
        "since": f"{clock.local(file.since):%d/%m/%Y}",
    }
    return [values[name] for name in chosen]

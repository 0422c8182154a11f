"""The list of files: what one may read, narrowed by words, state, round and unit."""

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from nominations import references, rules
from nominations.forms import ListFilter
from nominations.models import Nomination, Nominee
from nominations.views import rows
from permissions import grants
from permissions.catalogue import Right
from permissions.text import normalised, search_key

PER_PAGE = 25


def nominations(request: HttpRequest) -> HttpResponse:
    """Show the files that the officer may read, the latest movement first."""
    readable = rules.nominations_for(request.user)
    form = ListFilter(request.GET or None, readable=readable)
    found = narrowed(readable, form.cleaned_data) if form.is_valid() else readable
    page = Paginator(rows.with_nominees(found).order_by("-since", "-pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form,
        "page": page,
        "rows": [rows.row(nomination) for nomination in page],
        "filtered": any(request.GET.get(name) for name in form.fields),
        "can_open": grants.units_where(request.user, Right.PREPARE).exists(),
    }
    return render(request, "nominations/list.html", context)


def narrowed(nominations: QuerySet[Nomination], wanted: dict) -> QuerySet[Nomination]:
    """Return the nominations that match the filters given; an empty filter narrows nothing."""
    if wanted.get("q"):
        nominations = nominations.filter(_matching(wanted["q"]))
    if wanted.get("state"):
        nominations = nominations.filter(state=wanted["state"])
    if wanted.get("round"):
        nominations = nominations.filter(round=wanted["round"])
    if wanted.get("unit"):
        nominations = nominations.filter(unit=wanted["unit"])
    return nominations


def _matching(text: str) -> Q:
    """A file's number, or words of a nominee or unit, in any case and without diacritics."""
    key = search_key(text)
    named = Nominee.objects.filter(nomination=OuterRef("pk"), present=True, name_search__contains=key)
    query = Q(unit__name_search__contains=key) | Q(Exists(named))
    number = references.typed(normalised(text))
    if number:
        year, pk = number
        query |= Q(pk=pk, round__year=year) if year else Q(pk=pk)
    return query

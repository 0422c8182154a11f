"""Search across everything one may see, while typing or by a button; and lists of files kept under a name."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nominations import finding
from nominations.forms import ListFilter
from nominations.models import SavedFilter
from nominations.views.list import columns
from permissions import received

MOST_SAVED = 30
MOST_WORDS = 100  # characters of what is looked for
MOST_NAME = 80


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Show what the words find; only the results when the page asks for them while somebody types."""
    text = received.line(request.GET, "q", most=MOST_WORDS)
    context = {"q": text, "groups": finding.find(request.user, text), "shortest": finding.SHORTEST}
    part = request.headers.get("X-Requested-With") == "find"
    return render(request, "nominations/find_results.html" if part else "nominations/find.html", context)


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the list under a name; the same name again replaces them."""
    wanted, query = QueryDict(received.word(request.POST, "query", most=2000)), QueryDict(mutable=True)
    for name in ListFilter.base_fields:
        if wanted.get(name):
            query[name] = wanted[name]
    if chosen := columns(wanted):
        query.setlist("cols", chosen)
    back = f"{reverse('nominations:list')}?{query.urlencode()}"
    try:
        name = received.line(request.POST, "name", most=MOST_NAME)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(back)
    if not name or not query or len(query.urlencode()) > 500:
        messages.error(request, _("Narrow the list first, and give it a name."))
    elif SavedFilter.objects.filter(officer=request.user).count() >= MOST_SAVED:
        messages.error(request, _("At most %(most)s lists are kept: drop one first.") % {"most": MOST_SAVED})
    else:
        values = {"query": query.urlencode()}
        SavedFilter.objects.update_or_create(officer=request.user, name=name, defaults=values)
        messages.success(request, _("Kept as “%(name)s”.") % {"name": name})
    return redirect(back)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop one of one's own kept lists."""
    get_object_or_404(SavedFilter, pk=pk, officer=request.user).delete()
    return redirect("nominations:list")

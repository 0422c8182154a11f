"""Searches that an auditor comes back to: kept under a name, and forgotten; each sees their own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit import sight
from audit.forms import SaveForm, kept
from audit.models import SavedSearch


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the search of the address under a name; one of the same name is replaced."""
    sight.of(request.user)
    query, form = kept(request.GET), SaveForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(text for texts in form.errors.values() for text in texts))
    elif not query or len(query) > SavedSearch._meta.get_field("query").max_length:
        messages.error(request, _("Filter the list first: an empty search is not kept."))
    else:
        name = form.cleaned_data["name"]
        SavedSearch.objects.update_or_create(officer=request.user, name=name, defaults={"query": query})
        messages.success(request, _("The search “%(name)s” is saved.") % {"name": name})
    return redirect(f"{reverse('audit:desk')}?{query}")


@require_POST
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one of the officer's own searches."""
    sight.of(request.user)
    found = get_object_or_404(SavedSearch, pk=pk, officer=request.user)
    found.delete()
    messages.success(request, _("The search “%(name)s” is forgotten.") % {"name": found.name})
    return redirect("audit:desk")

"""The draft of a file: one form for the whole of it, saved as often as one likes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from nominations.states import WRITING
from nominations.views.drafting import Editing
from nominations.views.reading import nomination_for


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, uid) -> HttpResponse:
    """Show the draft, or save it; a file that is no draft any more is read on its own page."""
    if request.method != "POST" and nomination_for(request.user, uid).state not in WRITING:
        return redirect("workflows:nomination", uid=uid)
    editing = Editing(request, uid)
    if request.method == "POST":
        return editing.save()
    return editing.page(*editing.forms())

"""The draft of a file: one form for the whole of it, saved as often as one likes."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from history import clock
from nominations import drafts, typed
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
    return editing.reopened()


@require_POST
def keep(request: HttpRequest, uid) -> HttpResponse:
    """Keep what is being typed, and answer what stands in the way of saving and of presenting it."""
    editing = Editing(request, uid)
    try:
        kept = editing.keep()
    except drafts.Conflict:
        words = _("The draft was saved elsewhere since this page was opened: nothing was overwritten.")
        return JsonResponse({"words": words}, status=409)
    shown = editing.standing() | {"wrong": kept.wrong}
    return JsonResponse(
        {
            "saved": kept.saved,
            "revision": kept.revision,
            "uids": kept.uids,
            "at": date_format(clock.local(clock.now()), "H:i"),
            "checks": render_to_string("nominations/draft_checks.html", shown, request),
        }
    )


@require_POST
def give_up(request: HttpRequest, uid) -> HttpResponse:
    """Drop what was typed and not saved, and show the draft as it is stored."""
    editing = Editing(request, uid)
    typed.forget(editing.nomination, request.user)
    return redirect("nominations:draft", uid=uid)

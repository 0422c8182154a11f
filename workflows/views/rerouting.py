"""The page on which Home Affairs leads on every file that loses its unit: previewed, then all at once."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from history import clock
from permissions import grants, received
from permissions.catalogue import Right
from permissions.fields import Day, Paragraphs
from workflows import acting, rerouting
from workflows.errors import Busy, OneRefused, StaleState
from workflows.rerouting import Landing


class DayForm(forms.Form):
    on = Day(label=gettext_lazy("As on"))


class NoteForm(forms.Form):
    note = Paragraphs(label=gettext_lazy("Reason"), rows=3, max_length=2000)


@require_http_methods(["GET", "HEAD", "POST"])
def reroute_all(request: HttpRequest) -> HttpResponse:
    """Show every file that loses its unit by a day, and lead all of them on."""
    if not grants.units_where(request.user, Right.REROUTE).exists():
        raise PermissionDenied(_("Re-routing files belongs to the head of division of Home Affairs."))
    if request.method == "POST":
        return _carry_out(request)
    chosen = DayForm(request.GET or None)
    day = (chosen.cleaned_data["on"] if chosen.is_valid() else None) or clock.today()
    return _page(request, rerouting.plan(request.user, day), day=day)


def _carry_out(request: HttpRequest) -> HttpResponse:
    landings = rerouting.plan(request.user, clock.today())
    shown = {
        name.removeprefix("seen-"): received.word(request.POST, name)
        for name in request.POST
        if name.startswith("seen-")
    }
    landings = [landing for landing in landings if str(landing.file.pk) in shown]
    chosen = {landing.file.pk: received.word(request.POST, f"to-{landing.file.pk}") for landing in landings}
    seen = {landing.file.pk: shown[str(landing.file.pk)] for landing in landings}
    form = NoteForm(request.POST)
    problems: list[str] = []
    if len(landings) < len(shown):
        problems.append(_("A file shown here no longer waits for this: look at the list again."))
    elif form.is_valid() and landings:
        try:
            done = rerouting.carry_out(
                landings, chosen, seen, note=form.cleaned_data["note"], actor=request.user
            )
        except ValidationError as error:
            problems += error.messages
        except OneRefused as error:
            problems.append(_told(landings, error))
        except Busy as error:
            return acting.conflict(request, error, url=request.path)
        else:
            messages.success(request, _("%(count)s files are led on.") % {"count": len(done)})
            return redirect("workflows:reroute_all")
    return _page(request, landings, form=form, chosen=chosen, problems=problems)


def _told(landings: list[Landing], refused: OneRefused) -> str:
    file = next((item.file for item in landings if item.file.process.pk == refused.process), None)
    error = refused.error
    if isinstance(error, StaleState):
        why = _("%(name)s was first: “%(what)s”. Look at the list again.") % {
            "name": error.who,
            "what": error.what,
        }
    else:
        why = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
    return _("Nothing was done, because of %(file)s: %(why)s") % {"file": file, "why": why}


def _page(request: HttpRequest, landings: list[Landing], *, day: Any = None, form: NoteForm | None = None,
          chosen: dict[int, str] | None = None, problems: list[str] | None = None) -> HttpResponse:  # fmt: skip
    today = clock.today()
    context = {
        "day": day or today,
        "ahead": bool(day and day > today),
        "rows": [
            {
                "landing": item,
                "seen": rerouting.digest_of(item),
                "to": (chosen or {}).get(item.file.pk) or item.proposed,
            }
            for item in landings
        ],
        "form": form or NoteForm(),
        "problems": problems or [],
        "unclear": sum(not item.proposed for item in landings),
    }
    bad = bool(problems or (form and form.errors))
    return render(request, "workflows/rerouting.html", context, status=422 if bad else 200)

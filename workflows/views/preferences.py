"""A person's own settings: what they hear by e-mail and how soon, and how pages look and answer to them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from permissions.models import Density, Language
from workflows import preferences
from workflows.models import Channel
from workflows.notices import KINDS

USUAL = {kind.name: str(kind.channel) for kind in KINDS.values()}


class PreferencesForm(forms.Form):
    """How pages answer, the language of letters, and a channel for each kind of notice."""

    density = forms.ChoiceField(label=gettext_lazy("Density of lists"), choices=Density.choices)
    opens_next = forms.BooleanField(
        label=gettext_lazy("After an act open the next file that waits"), required=False
    )
    keyboard = forms.BooleanField(
        label=gettext_lazy("Keys for the whole page (j, k, o, a; “?” shows them)"), required=False
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of e-mails"), choices=Language.choices)

    def __init__(self, data: Any = None, *, chosen: dict[str, str], screen: dict[str, Any], **options: Any):
        super().__init__(data, initial={**screen, **USUAL, **chosen}, **options)
        for kind in KINDS.values():
            self.fields[kind.name] = forms.ChoiceField(label=kind.sentence, choices=Channel.choices)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """Show and keep the officer's own choices; nobody changes another's."""
    officer = request.user
    known = {
        "chosen": preferences.chosen(officer),
        "screen": {name: getattr(officer, name) for name in preferences.SCREEN},
    }
    form = PreferencesForm(request.POST if request.method == "POST" else None, **known)
    if form.is_bound and form.is_valid():
        values = dict(form.cleaned_data)
        screen = {name: values.pop(name) for name in preferences.SCREEN}
        preferences.choose(officer, screen=screen, channels=values, usual=USUAL)
        messages.success(request, _("Kept: pages and letters follow this from now on."))
        return redirect("workflows:preferences")
    return render(request, "workflows/preferences.html", {"form": form})

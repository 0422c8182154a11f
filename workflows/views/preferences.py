"""What an officer wants to hear by e-mail, how soon, and in which language."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from permissions.models import Language
from workflows import preferences
from workflows.models import Channel
from workflows.notices import KINDS

USUAL = {kind.name: str(kind.channel) for kind in KINDS.values()}


class PreferencesForm(forms.Form):
    """A channel for each kind of notice, and the language of the letters."""

    language = forms.ChoiceField(label=gettext_lazy("Language of e-mails"), choices=Language.choices)

    def __init__(self, data: Any = None, *, chosen: dict[str, str], language: str, **options: Any):
        super().__init__(data, initial={"language": language, **USUAL, **chosen}, **options)
        for kind in KINDS.values():
            self.fields[kind.name] = forms.ChoiceField(label=kind.sentence, choices=Channel.choices)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """Show and keep the officer's own choices; nobody changes another's."""
    officer = request.user
    known = {"chosen": preferences.chosen(officer), "language": officer.language}
    form = PreferencesForm(request.POST if request.method == "POST" else None, **known)
    if form.is_bound and form.is_valid():
        values = dict(form.cleaned_data)
        preferences.choose(officer, language=values.pop("language"), channels=values, usual=USUAL)
        messages.success(request, _("Kept: letters follow this from now on."))
        return redirect("workflows:preferences")
    return render(request, "workflows/preferences.html", {"form": form})

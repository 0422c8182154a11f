"""The page of the rules of separation: all of them for everybody; changed by who lays down rules."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from history import clock
from nominations import separation_rules
from nominations.models import SeparationKind, SeparationRule
from nominations.procedure import may_lay_down
from permissions.fields import Day, Line, show_refusal
from permissions.tables import Cell, Table


class ChangeForm(forms.Form):
    """Begin or end one rule from a day on."""

    kind = forms.ChoiceField(label=gettext_lazy("Rule"), choices=SeparationKind.choices)
    change = forms.ChoiceField(
        label=gettext_lazy("Change"),
        choices=[("begin", gettext_lazy("Put into force")), ("end", gettext_lazy("End"))],
    )
    valid_from = Day(label=gettext_lazy("From the day"), required=True)
    legal_basis = Line(label=gettext_lazy("Legal document"), max_length=300)


@require_http_methods(["GET", "HEAD", "POST"])
def separation(request: HttpRequest) -> HttpResponse:
    """Show the rules of separation; put one into force or end it."""
    form = ChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        change, day, kind = values["change"], values["valid_from"], values["kind"]
        try:
            if change == "begin":
                separation_rules.begin(
                    kind, valid_from=day, legal_basis=values["legal_basis"], by=request.user
                )
            else:
                separation_rules.end(kind, on=day, legal_basis=values["legal_basis"], by=request.user)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The change of the rule is laid down."))
            return redirect("nominations:separation")
    context = {
        "crumbs": [(_("Rounds"), reverse("nominations:rounds"))],
        "table": Table(
            _("Rules of separation of duties"),
            [_("Rule"), _("Days"), _("Legal basis"), _("State")],
            [_row(rule) for rule in separation_rules.rules()],
        ),
        "form": form if may_lay_down(request.user) else None,
    }
    return render(request, "nominations/separation.html", context, status=422 if form.errors else 200)


def _row(rule: SeparationRule) -> list[Cell]:
    today = clock.today()
    first = f"{rule.valid_from:%d/%m/%Y}"
    days = f"{first} – {rule.last_day:%d/%m/%Y}" if rule.last_day else _("From %(first)s") % {"first": first}
    tone, word = ("eligible", _("In force"))
    if rule.valid_from > today:
        tone, word = "none", _("Not yet in force")
    elif rule.has_ended(today):
        tone, word = "closed", _("No longer in force")
    return [Cell(str(rule.get_kind_display())), Cell(days), Cell(rule.legal_basis), Cell(word, tone=tone)]

"""The calendar of working days: each year's days for everybody; changed by who lays down rules."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from history import clock
from nominations import calendar_days
from nominations.models import CalendarDay
from nominations.procedure import may_lay_down
from permissions import received
from permissions.fields import Day, Line, show_refusal
from permissions.tables import Cell, Table


class DayForm(forms.Form):
    """One day that differs from the week's order, and the document that says so."""

    day = Day(label=gettext_lazy("Day"), required=True)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of day"), choices=CalendarDay.Kind.choices)
    name = Line(label=gettext_lazy("Name of the day"), max_length=200)
    legal_document = Line(label=gettext_lazy("Legal document"), max_length=300)


class OutForm(forms.Form):
    """A day taken out again, and the document that says so."""

    out = forms.ModelChoiceField(CalendarDay.objects.none(), label=gettext_lazy("Day"))
    legal_document = Line(label=gettext_lazy("Legal document"), max_length=300)

    def __init__(self, data: Any = None, *, year: int, **options: Any):
        super().__init__(data, prefix="out", **options)
        self.fields["out"].queryset = calendar_days.of_year(year)


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """Show a year's calendar; enter a day or take one out."""
    years = sorted({*calendar_days.years(), clock.today().year})
    asked = received.key(request.GET, "nam")
    year = asked if asked in years else clock.today().year
    out = "out-out" in request.POST
    form = DayForm(request.POST if request.method == "POST" and not out else None)
    out_form = OutForm(request.POST if out else None, year=year)
    bound = out_form if out else form
    if bound.is_bound and bound.is_valid():
        try:
            moved = _change(request, bound)
        except ValidationError as error:
            show_refusal(bound, error)
        else:
            told = ngettext(
                "The calendar is changed; %(count)s file is due on another day.",
                "The calendar is changed; %(count)s files are due on another day.",
                moved,
            )
            messages.success(request, told % {"count": moved})
            return redirect(request.get_full_path())
    changes = may_lay_down(request.user)
    context = {
        "crumbs": [(_("Rounds"), reverse("nominations:rounds"))],
        "table": _table(year),
        "years": years,
        "year": year,
        "form": form if changes else None,
        "out_form": out_form if changes and calendar_days.of_year(year).exists() else None,
    }
    return render(request, "nominations/calendar.html", context, status=422 if bound.errors else 200)


def _change(request: HttpRequest, form: forms.Form) -> int:
    values = dict(form.cleaned_data)
    if "out" in values:
        return calendar_days.take_out(values["out"], legal_document=values["legal_document"], by=request.user)
    return calendar_days.put(by=request.user, **values)


def _table(year: int) -> Table:
    return Table(
        _("Days that differ from the week's order, %(year)s") % {"year": year},
        [_("Day"), _("Kind of day"), _("Name of the day"), _("Legal document")],
        [
            [Cell(_day(row.day)), Cell(str(row.get_kind_display())), Cell(row.name), Cell(row.legal_document)]
            for row in calendar_days.of_year(year)
        ],
    )


def _day(day: date) -> str:
    return f"{date_format(day, 'l')}, {day:%d/%m/%Y}"

"""The time limits of the steps: all of them for everybody; laid down by who lays down rules."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from history import clock
from nominations import time_limits
from nominations.models import DeadlinePolicy
from nominations.models.deadlines import STEPS, AtExpiry, DayUnit
from nominations.models.programmes import AwardForm
from nominations.procedure import may_lay_down
from permissions.catalogue import UnitKind
from permissions.fields import Day, Line, show_refusal
from permissions.models import Officer
from permissions.tables import Cell, Table

ORDER = [step for step, _label in STEPS]  # as a file meets them
ANY = [("", gettext_lazy("every one"))]


class LimitForm(forms.Form):
    """A time limit from a day on; the one before for the same ends the day before."""

    step = forms.ChoiceField(label=gettext_lazy("Step"), choices=STEPS)
    award = forms.ChoiceField(label=gettext_lazy("Award"), choices=[*ANY, *AwardForm.choices], required=False)
    unit_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of the proposing unit"), choices=[*ANY, *UnitKind.choices], required=False
    )
    days = forms.IntegerField(
        label=gettext_lazy("Number of days"), min_value=1, max_value=time_limits.MOST_DAYS
    )
    unit = forms.ChoiceField(label=gettext_lazy("Counted in"), choices=DayUnit.choices)
    at_expiry = forms.ChoiceField(
        label=gettext_lazy("When the time is over"), choices=AtExpiry.choices, initial=AtExpiry.ESCALATE
    )
    deemed_by = forms.ModelChoiceField(
        label=gettext_lazy("Done then by"),
        queryset=Officer.objects.filter(is_automatic=True, is_active=True),
        required=False,
        help_text=gettext_lazy(
            "Only where the step counts as done: the account of the system's own that does it, in a post of its own."
        ),
    )
    valid_from = Day(label=gettext_lazy("In force from"), required=True)
    legal_basis = Line(label=gettext_lazy("Legal basis"), max_length=300)


class EndForm(forms.Form):
    """A time limit with no end yet, which is to hold no more from a day on."""

    limit = forms.ModelChoiceField(
        label=gettext_lazy("Time limit"), queryset=DeadlinePolicy.objects.filter(valid_to=None)
    )
    valid_to = Day(label=gettext_lazy("No longer in force from"), required=True)
    legal_basis = Line(label=gettext_lazy("Legal basis"), max_length=300)


@require_http_methods(["GET", "HEAD", "POST"])
def limits(request: HttpRequest) -> HttpResponse:
    """Show the time limits; lay one down."""
    form = LimitForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            policy = time_limits.lay_down(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            day = {"day": f"{policy.valid_from:%d/%m/%Y}"}
            messages.success(request, _("The new time limit is in force from %(day)s.") % day)
            return redirect("nominations:time_limits")
    return _page(request, form, EndForm(prefix="end"))


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Let a time limit hold no more from a day on."""
    form = EndForm(request.POST, prefix="end")
    if form.is_valid():
        values = form.cleaned_data
        policy = values.pop("limit")
        try:
            time_limits.end(policy, by=request.user, **values)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            day = {"day": f"{values['valid_to']:%d/%m/%Y}"}
            messages.success(request, _("The time limit holds no more from %(day)s.") % day)
            return redirect("nominations:time_limits")
    return _page(request, LimitForm(), form)


def _page(request: HttpRequest, form: LimitForm, ending: EndForm) -> HttpResponse:
    context = {
        "crumbs": [(_("Rounds"), reverse("nominations:rounds"))],
        "table": Table(
            _("Time limits of the steps"),
            [
                _("Step"),
                _("For"),
                _("Time limit"),
                _("When the time is over"),
                _("Days"),
                _("Legal basis"),
                _("State"),
            ],
            [
                _row(policy)
                for policy in sorted(time_limits.limits(), key=lambda item: ORDER.index(item.step))
            ],
        ),
        "form": form if may_lay_down(request.user) else None,
        "ending": ending,
    }
    status = 422 if form.errors or ending.errors else 200
    return render(request, "nominations/time_limits.html", context, status=status)


def _row(policy: DeadlinePolicy) -> list[Cell]:
    today, first = clock.today(), f"{policy.valid_from:%d/%m/%Y}"
    days = (
        f"{first} – {policy.last_day:%d/%m/%Y}" if policy.last_day else _("From %(first)s") % {"first": first}
    )
    tone, word = "eligible", _("In force")
    if policy.valid_from > today:
        tone, word = "none", _("Not yet in force")
    elif policy.has_ended(today):
        tone, word = "closed", _("No longer in force")
    named = [policy.get_award_display(), policy.get_unit_kind_display()]
    return [
        Cell(str(policy.get_step_display())),
        Cell(
            ", ".join(
                str(name)
                for name, value in zip(named, (policy.award, policy.unit_kind), strict=True)
                if value
            )
            or _("every file")
        ),
        Cell(f"{policy.days} {policy.get_unit_display()}"),
        Cell(
            str(policy.get_at_expiry_display()), meta=policy.deemed_by.full_name if policy.deemed_by else ""
        ),
        Cell(days),
        Cell(policy.legal_basis),
        Cell(word, tone=tone),
    ]

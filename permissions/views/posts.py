"""Posts: a new one, its end, and what waits for the second administrator."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from history import clock
from permissions import appointing, reauth, received
from permissions.catalogue import ROLE_CHOICES, ROLES
from permissions.fields import Day, Line, show_refusal
from permissions.models import Appointment, Officer, PendingAppointment, Unit
from permissions.text import search_key
from permissions.views.landing import check
from permissions.views.officers import crumbs

MOST_UNITS = 100  # in the list to choose from; the search narrows it


class PostForm(forms.Form):
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=gettext_lazy("Unit"), empty_label=gettext_lazy("Choose")
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        help_text=gettext_lazy("Decisive roles are proposed here and confirmed by another administrator."),
    )
    position = Line(label=gettext_lazy("Position, as printed"), max_length=200)
    valid_from = Day(label=gettext_lazy("First day"), required=True)
    last_day = Day(label=gettext_lazy("Last day"))
    document = Line(label=gettext_lazy("Legal document"), max_length=200)

    def __init__(self, data: Any = None, *, units: Any):
        super().__init__(data, initial={"valid_from": clock.today()})
        shown = list(units[:MOST_UNITS])
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=[unit.pk for unit in shown])
        kinds = {unit.kind for unit in shown}
        fitting = [(name, label) for name, label in ROLE_CHOICES if ROLES[name].sits_on & kinds]
        self.fields["role"].choices = [("", _("Choose")), *fitting]


class EndForm(forms.Form):
    on = Day(label=gettext_lazy("First day without the post"), required=True)
    reason = Line(label=gettext_lazy("Reason or legal document"), max_length=300)

    def __init__(self, data: Any = None):
        super().__init__(data, initial={"on": clock.today()})


class RefusalForm(forms.Form):
    reason = Line(label=gettext_lazy("Why it is refused"), max_length=300)


@reauth.required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, uid: Any) -> HttpResponse:
    """Give an officer a post, or propose a decisive one."""
    check(request)
    officer = get_object_or_404(Officer, uid=uid)
    wanted = received.line(request.GET, "q", most=100)
    units = appointing.managed_units(request.user).filter(Q(valid_to=None) | Q(valid_to__gt=clock.today()))
    if wanted:
        units = units.filter(Q(name_search__contains=search_key(wanted)) | Q(code=wanted))
    form = PostForm(request.POST or None, units=units.order_by("name_sort"))
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        last = values.pop("last_day")
        try:
            given = appointing.appoint(
                officer, values.pop("role"), values.pop("unit"), by=request.user,
                valid_to=last + timedelta(days=1) if last else None, **values,
            )  # fmt: skip
        except ValidationError as error:
            show_refusal(form, error)
        else:
            waits = isinstance(given, PendingAppointment)
            said = (
                _("Proposed: another administrator confirms it before it holds.")
                if waits
                else _("The post is given.")
            )
            messages.success(request, said)
            return redirect("permissions:officer", uid=officer.uid)
    context = {"officer": officer, "form": form, "q": wanted, "crumbs": [*crumbs(), _crumb(officer)]}
    return render(request, "permissions/post_new.html", context, status=422 if form.errors else 200)


@reauth.required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, uid: Any) -> HttpResponse:
    """End a post, today at the earliest."""
    check(request)
    post = get_object_or_404(Appointment.objects.select_related("officer", "unit"), uid=uid)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            appointing.end(
                post, on=form.cleaned_data["on"], reason=form.cleaned_data["reason"], by=request.user
            )
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The post has ended, and everything that hung on it."))
            return redirect("permissions:officer", uid=post.officer.uid)
    context = {"post": post, "form": form, "crumbs": [*crumbs(), _crumb(post.officer)]}
    return render(request, "permissions/post_end.html", context, status=422 if form.errors else 200)


@require_safe
def pending(request: HttpRequest) -> HttpResponse:
    """Show what waits for a second administrator; what one proposed oneself waits for another."""
    check(request)
    return _pending(request)


@reauth.required
@require_POST
def confirm(request: HttpRequest, uid: Any) -> HttpResponse:
    """Confirm what another administrator proposed."""
    check(request)
    return _decide(
        request, uid, lambda item: appointing.confirm(item, by=request.user), _("Confirmed: the post holds.")
    )


@reauth.required
@require_POST
def refuse(request: HttpRequest, uid: Any) -> HttpResponse:
    """Refuse what another administrator proposed."""
    check(request)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors.get("reason", [])))
        return _pending(request, status=422)
    reason = form.cleaned_data["reason"]
    return _decide(
        request, uid, lambda item: appointing.refuse(item, reason=reason, by=request.user), _("Refused.")
    )


def _decide(request: HttpRequest, uid: Any, act: Any, said: str) -> HttpResponse:
    item = get_object_or_404(PendingAppointment, uid=uid)
    try:
        act(item)
    except appointing.Decided as error:
        who = error.pending.decided_by.full_name if error.pending.decided_by else ""
        messages.error(
            request,
            _("%(name)s was first: %(state)s.") % {"name": who, "state": error.pending.get_status_display()},
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _pending(request, status=422)
    else:
        messages.success(request, said)
    return redirect("permissions:pending")


def _pending(request: HttpRequest, status: int = 200) -> HttpResponse:
    items = list(appointing.to_decide(request.user))
    context = {
        "crumbs": [(_("Administration"), reverse("permissions:landing"))],
        "items": [{"pending": item, "may": appointing.may_decide(item, request.user)} for item in items],
        "form": RefusalForm(auto_id=False),
    }
    return render(request, "permissions/pending.html", context, status=status)


def _crumb(officer: Officer) -> tuple[str, str]:
    return officer.full_name, reverse("permissions:officer", kwargs={"uid": officer.uid})

"""Units: the tree as on any day, each unit's life, its successors, and its end with the posts there."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from history import clock
from permissions import appointing, reauth, received, reform, unit_tree, units
from permissions.catalogue import UnitKind
from permissions.fields import Day, Line, show_refusal
from permissions.models import Appointment, Unit, UnitParent, UnitSuccessor
from permissions.tables import Cell, Table
from permissions.text import search_key
from permissions.views.landing import check


class TreeForm(forms.Form):
    on = Day(label=gettext_lazy("As on"))
    q = Line(label=gettext_lazy("Name or code"), required=False, max_length=100)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), required=False, choices=[("", gettext_lazy("All")), *UnitKind.choices]
    )


class SuccessorForm(forms.Form):
    code = Line(label=gettext_lazy("Code or name of the unit that carries on"), max_length=200)
    on = Day(label=gettext_lazy("From the day"), required=True)
    document = Line(label=gettext_lazy("Legal document"), max_length=300)


class EndForm(forms.Form):
    on = Day(label=gettext_lazy("First day on which it exists no longer"), required=True)
    document = Line(label=gettext_lazy("Legal document"), max_length=300)


@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    """Show the tree as on a day, with the days of change before and after it."""
    check(request)
    form = TreeForm(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    day = wanted.get("on") or clock.today()
    nodes = unit_tree.as_on(day)
    shown = unit_tree.narrowed(nodes, wanted.get("q", ""), wanted.get("kind", ""))
    before, after = unit_tree.neighbours(unit_tree.days_of_change(), day)
    context = {
        "crumbs": [(_("Administration"), reverse("permissions:landing"))],
        "form": form,
        "day": day,
        "before": before,
        "after": after,
        "nodes": shown,
        "narrowed": len(shown) != len(nodes),
    }
    return render(request, "permissions/units.html", context)


@require_safe
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a unit's life: its days, parents, predecessors and successors, and who held posts there on a day."""
    check(request)
    return _page(request, get_object_or_404(Unit, pk=pk))


@reauth.required
@require_POST
def add_successor(request: HttpRequest, pk: int) -> HttpResponse:
    """Record which unit carries on for this one."""
    check(request)
    found = _managed(request, pk)
    form = SuccessorForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        new = _named(values["code"], values["on"])
        if new is None or new == found:
            form.add_error("code", _("No other unit has this code or name on that day."))
        elif UnitSuccessor.objects.filter(old=found, new=new).exists():
            form.add_error("code", _("It is recorded already."))
        else:
            link = UnitSuccessor(old=found, new=new, on=values["on"], source=values["document"])
            units.add_successors([link], by=request.user)
            messages.success(request, _("%(unit)s is recorded as carrying on.") % {"unit": new})
            return redirect("permissions:unit", pk=found.pk)
    return _page(request, found, successor=form)


@reauth.required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a unit: first the day, then what becomes of each post, then all of it at once."""
    check(request)
    found = _managed(request, pk)
    form = EndForm(request.POST or request.GET or None, initial={"on": found.valid_to or clock.today()})
    valid = form.is_valid()
    day: date | None = form.cleaned_data["on"] if valid else None
    if request.method == "POST" and valid and day:
        decided = {
            name.removeprefix("post-"): received.word(request.POST, name)
            for name in request.POST
            if name.startswith("post-")
        }
        try:
            ended, moved, proposed = reform.end_unit(
                found, on=day, document=form.cleaned_data["document"], decided=decided, by=request.user
            )
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(
                request,
                _("%(unit)s ends; posts: %(ended)s end, %(moved)s move, %(proposed)s wait for confirmation.")
                % {"unit": found, "ended": ended, "moved": moved, "proposed": proposed},
            )
            return redirect("permissions:unit", pk=found.pk)
    rows = [
        {"choice": choice, "chosen": received.word(request.POST, f"post-{choice.post.uid}")}
        for choice in (reform.choices(found, day) if day else [])
    ]
    context = {
        "crumbs": [
            (_("Units"), reverse("permissions:units")),
            (found.name, reverse("permissions:unit", args=[found.pk])),
        ],
        "unit": found,
        "form": form,
        "day": day,
        "rows": rows,
        "successors": reform.successors_of(found),
    }
    status = 422 if request.method == "POST" and form.errors else 200
    return render(request, "permissions/unit_end.html", context, status=status)


def _managed(request: HttpRequest, pk: int) -> Unit:
    found = get_object_or_404(Unit, pk=pk)
    if not appointing.managed_units(request.user).filter(pk=pk).exists():
        raise PermissionDenied(
            _("The posts of %(unit)s are not managed by a post held today.") % {"unit": found}
        )
    return found


def _named(words: str, day: date) -> Unit | None:
    found = Unit.objects.on(day)
    return found.filter(code=words).first() or found.filter(name_search=search_key(words)).first()


def _page(request: HttpRequest, found: Unit, *, successor: SuccessorForm | None = None) -> HttpResponse:
    form = TreeForm(request.GET)
    day = (form.cleaned_data["on"] if form.is_valid() else None) or _day_of(found)
    posts = (
        Appointment.objects.on(day)
        .filter(unit=found)
        .select_related("officer", "unit")
        .order_by("officer__name_sort")
    )
    links = UnitParent.objects.filter(unit=found).select_related("parent").order_by("-valid_from")
    context = {
        "crumbs": [(_("Units"), reverse("permissions:units"))],
        "unit": found,
        "day": day,
        "parents": Table(
            _("Parents"), [_("Parent"), _("Days")], [[_unit_cell(x.parent), Cell(_days(x))] for x in links]
        ),
        "successors": _links(
            _("Carried on by"), [(x.new, x) for x in found.successors.select_related("new")]
        ),
        "predecessors": _links(
            _("Carries on for"), [(x.old, x) for x in found.predecessors.select_related("old")]
        ),
        "posts": Table(
            _("Posts"),
            [_("Officer"), _("Role"), _("Days")],
            [
                [
                    Cell(
                        post.officer.full_name,
                        reverse("permissions:officer", kwargs={"uid": post.officer.uid}),
                    ),
                    Cell(post.role_label, meta=post.position),
                    Cell(_days(post)),
                ]
                for post in posts
            ],
        ),
        "successor": successor or SuccessorForm(initial={"on": found.valid_to or clock.today()}),
    }
    return render(request, "permissions/unit.html", context, status=422 if successor else 200)


def _day_of(found: Unit) -> date:
    """The day on which a unit is shown: today, or its last one."""
    return found.last_day if found.last_day and found.has_ended(clock.today()) else clock.today()


def _links(caption: str, pairs: list[tuple[Unit, UnitSuccessor]]) -> Table:
    rows = [[_unit_cell(other), Cell(f"{link.on:%d/%m/%Y}"), Cell(link.source)] for other, link in pairs]
    return Table(caption, [_("Unit"), _("From"), _("Source")], rows)


def _unit_cell(other: Unit) -> Cell:
    return Cell(other.name, reverse("permissions:unit", args=[other.pk]), other.code)


def _days(dated: Any) -> str:
    return f"{dated.valid_from:%d/%m/%Y} – " + (f"{dated.last_day:%d/%m/%Y}" if dated.last_day else "…")

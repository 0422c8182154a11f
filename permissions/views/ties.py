"""Declared ties: one's own; for administrators of accounts everybody's, who end one with a reason."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from history import clock
from permissions import accounts, received, ties
from permissions.fields import Identity, Line, show_refusal
from permissions.models import DeclaredTie, Officer
from permissions.models.ties import Relation
from permissions.tables import Cell, Table
from permissions.text import search_key

PER_PAGE = 50


class TieForm(forms.Form):
    """Who is near, in which relation, known by account or by identity number."""

    relation = forms.ChoiceField(label=gettext_lazy("Relation"), choices=Relation.choices)
    name = Line(label=gettext_lazy("Full name"), max_length=120)
    account = Line(
        label=gettext_lazy("User name in this system"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("If the person signs in here."),
    )
    identity = Identity(
        help_text=gettext_lazy("Only a coded form of it and its last three digits are stored.")
    )

    def clean_account(self) -> Officer | None:
        wanted = self.cleaned_data["account"]
        if not wanted:
            return None
        found = Officer.objects.filter(username=wanted).first()
        if found is None or search_key(found.full_name) != search_key(self.cleaned_data.get("name", "")):
            raise forms.ValidationError(_("No account has this user name and this full name."))
        return found


class TieFilter(forms.Form):
    """For administrators, who see everybody's ties."""

    q = Line(label=gettext_lazy("Name or user name"), required=False, max_length=100)


class EndForm(forms.Form):
    reason = Line(label=gettext_lazy("Why the tie no longer holds"), max_length=300)


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Show the ties that the reader may see, to administrators narrowed by name; declare one of their own."""
    form = TieForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            ties.declare(
                request.user, values["relation"], values["name"],
                other=values["account"], identity=values["identity"],
            )  # fmt: skip
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(
                request, _("The tie is declared: files in which this person is a nominee go to others.")
            )
            return redirect("permissions:ties")
    narrowing = TieFilter(request.GET or None) if accounts.may_manage(request.user) else None
    shown = ties.visible_to(request.user)
    if narrowing and narrowing.is_valid() and narrowing.cleaned_data["q"]:
        shown = ties.found(shown, narrowing.cleaned_data["q"])
    page = received.page(shown, request.GET, per_page=PER_PAGE)
    heads = [_("Officer"), _("Near to"), _("Relation"), _("Days")]
    context = {
        "form": form,
        "filter": narrowing,
        "page": page,
        "table": Table(_("Declared ties"), heads, [_row(request.user, tie) for tie in page.object_list]),
    }
    return render(request, "permissions/ties.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, uid: Any) -> HttpResponse:
    """End a tie between two others."""
    tie = get_object_or_404(ties.visible_to(request.user), uid=uid)
    if not ties.may_end(request.user, tie):
        raise PermissionDenied(ties.NOT_BY_EITHER)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ties.end(tie, reason=form.cleaned_data["reason"], by=request.user)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The tie has ended."))
            return redirect("permissions:ties")
    crumbs = [(_("Declared ties"), reverse("permissions:ties"))]
    context = {"tie": tie, "form": form, "crumbs": crumbs}
    return render(request, "permissions/tie_end.html", context, status=422 if form.errors else 200)


def _row(reader: Officer, tie: DeclaredTie) -> list[Cell]:
    known = [tie.other.username] if tie.other else []
    known += [f"…{tie.identity_tail}"] if tie.identity_tail else []
    days = f"{tie.valid_from:%d/%m/%Y} – " + (f"{tie.last_day:%d/%m/%Y}" if tie.valid_to else "…")
    closed = ties.is_party(reader, tie) or tie.has_ended(clock.today())
    url = "" if closed else reverse("permissions:tie_end", kwargs={"uid": tie.uid})
    return [
        Cell(tie.officer.full_name, url),
        Cell(tie.name, meta=" · ".join(known)),
        Cell(str(Relation(tie.relation).label)),
        Cell(days),
    ]

"""Rights: who can act at a unit, and the audit of every grant in force, as page and as CSV."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from history import clock, kinds
from history.ledger import Entry, record
from permissions import appointing, audit, received
from permissions.catalogue import ROLE_CHOICES, Right
from permissions.fields import Day, Line
from permissions.models import Unit, UnitGrant
from permissions.tables import Cell, Table
from permissions.units import named
from permissions.views.landing import check

PER_PAGE = 100
EVERYTHING = [("", gettext_lazy("All"))]


class AuditForm(forms.Form):
    words = Line(label=gettext_lazy("Name or user name"), required=False, max_length=100)
    unit = Line(
        label=gettext_lazy("Unit"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Name or official code."),
    )
    below = forms.BooleanField(label=gettext_lazy("Also the units below it"), required=False)
    right = forms.ChoiceField(
        label=gettext_lazy("Right"), required=False, choices=[*EVERYTHING, *Right.choices]
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False, choices=[*EVERYTHING, *ROLE_CHOICES])
    on = Day(label=gettext_lazy("As on"))

    def clean_unit(self) -> Unit | None:
        wanted = self.cleaned_data["unit"]
        if not wanted:
            return None
        found = named(wanted)
        if found is None:
            raise forms.ValidationError(_("No unit has this name or code."))
        return found


@require_safe
def grants_in_force(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Show the grants in force on a day, narrowed by the filters; `format=csv` sends them all."""
    check(request)
    form = AuditForm(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    day = wanted.get("on") or clock.today()
    given = {name: value for name, value in wanted.items() if value and name != "on"}
    found = audit.find(day, within=appointing.managed_units(request.user), **given)
    if received.word(request.GET, "format") == "csv" and not form.errors:
        return _csv(request, found, {**audit.filters_of(given), "on": day.isoformat()})
    page = received.page(found, request.GET, per_page=PER_PAGE)
    context = {
        "crumbs": [(_("Administration"), reverse("permissions:landing"))],
        "form": form,
        "page": page,
        "day": day,
        "table": _table(list(page.object_list)),
    }
    return render(request, "permissions/audit.html", context)


@require_safe
def holders(request: HttpRequest) -> HttpResponse:
    """Show who holds a right at a unit on a day: who can act on the steps that need it."""
    check(request)
    form = AuditForm(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    day, unit, right = wanted.get("on") or clock.today(), wanted.get("unit"), wanted.get("right")
    found: list[UnitGrant] = []
    if unit and right:
        within = appointing.managed_units(request.user)
        found = list(audit.find(day, within=within, unit=unit, right=right).filter(user__is_active=True))
    for name in ("words", "below", "role"):
        del form.fields[name]
    context = {
        "crumbs": [(_("Administration"), reverse("permissions:landing"))],
        "form": form,
        "day": day,
        "asked": bool(unit and right),
        "unit": unit,
        "table": _table(found),
    }
    return render(request, "permissions/holders.html", context)


def _table(found: list[UnitGrant]) -> Table:
    heads = [_("Officer"), _("Right"), _("Unit"), _("Since"), _("By")]
    rows = []
    for grant, row in zip(found, audit.rows(found), strict=True):
        last = f" – {row.last_day:%d/%m/%Y}" if row.last_day else ""
        by = row.granted_by
        if row.delegated_by:
            by = _("delegated by %(name)s") % {"name": row.delegated_by}
        url = reverse("permissions:officer", kwargs={"uid": grant.user.uid})
        rows.append(
            [
                Cell(row.officer, url, row.username),
                Cell(row.right_label, meta=row.position),
                Cell(row.unit, meta=row.unit_code),
                Cell(f"{row.valid_from:%d/%m/%Y}{last}"),
                Cell(row.delegation_document or row.document, meta=by),
            ]
        )
    return Table(_("Rights in force"), heads, rows)


def _csv(request: HttpRequest, found: Any, filters: dict[str, str]) -> StreamingHttpResponse:
    """Send every row for a spreadsheet; the export itself is an event."""
    with transaction.atomic():
        record(
            Entry(
                stream=f"officer:{request.user.uid}",
                kind=kinds.GRANTS_EXPORTED,
                actor=str(request.user.uid),
                data={"rows": found.count(), "on": filters["on"]},
                text={"by": request.user.full_name, "filters": filters},
            )
        )
    response = StreamingHttpResponse(_lines(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="quyen-{filters["on"]}.csv"'
    return response


def _lines(found: Any) -> Iterator[str]:
    yield "\ufeff"  # so that a spreadsheet reads it as UTF-8
    yield _line(list(audit.HEADS))
    for row in audit.rows(found):
        yield _line([audit.spreadsheet_safe(cell) for cell in row.cells])


def _line(cells: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()

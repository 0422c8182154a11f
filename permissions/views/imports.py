"""Many officers and posts from XLSX: the template, the check with every fault, and the import, all or nothing."""

import base64

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from permissions import appointing, books, grids, import_checks, importing, reauth, sheets
from permissions.catalogue import DECISIVE
from permissions.importing import Report
from permissions.tables import Cell, Table
from permissions.views.landing import check

SALT = "permissions.import"
MOST_SHOWN = 200  # rows on the page; the annotated file has them all


@reauth.required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Check a list: its faults, or what it would do."""
    check(request)
    if request.method != "POST":
        return _page(request)
    chosen = request.FILES.get("file")
    if chosen is None:
        return _page(request, errors=[_("Choose the XLSX file first.")])
    content = chosen.read(grids.LARGEST + 1)
    try:
        report = import_checks.check(importing.read(content), request.user)
    except ValidationError as error:
        return _page(request, errors=error.messages)
    return _page(
        request,
        report=report,
        carried=signing.dumps(base64.b64encode(content).decode(), salt=SALT, compress=True),
    )


@reauth.required
@require_POST
def carry_out(request: HttpRequest) -> HttpResponse:
    """Import what was checked, checked once more: all or nothing."""
    check(request)
    content = _carried(request)
    if content is None:
        return _page(request, errors=[_("The checked list is no longer here: choose the file again.")])
    report = import_checks.check(importing.read(content), request.user)
    if report.faults:
        return _page(request, report=report, carried=request.POST["carried"])
    try:
        officers, posts, proposals = importing.write(report, request.user)
    except ValidationError as error:
        return _page(request, errors=error.messages)
    messages.success(
        request,
        _("Imported: %(officers)s officers, %(posts)s posts, %(proposals)s proposals to be confirmed.")
        % {"officers": officers, "posts": posts, "proposals": proposals},
    )
    return redirect("permissions:officers")


@reauth.required
@require_POST
def annotated(request: HttpRequest) -> HttpResponse:
    """Send the list back with every fault marked and explained."""
    check(request)
    content = _carried(request)
    if content is None:
        return _page(request, errors=[_("The checked list is no longer here: choose the file again.")])
    report = import_checks.check(importing.read(content), request.user)
    return books.attached(sheets.annotated(report.lines, report.faults), "can-sua.xlsx")


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """Send an empty list with drop-downs."""
    check(request)
    units = appointing.managed_units(request.user).filter(valid_to=None).order_by("name_sort")
    return books.attached(sheets.template(list(units)), "can-bo-chuc-vu.xlsx")


def _carried(request: HttpRequest) -> bytes | None:
    """The list that was checked, as it comes back signed with the page; half an hour at most."""
    try:
        return base64.b64decode(signing.loads(request.POST.get("carried", ""), salt=SALT, max_age=1800))
    except signing.BadSignature:
        return None


def _page(
    request: HttpRequest, *, report: Report | None = None, errors: list[str] | None = None, carried: str = ""
) -> HttpResponse:
    faults = report.faults if report else []
    context = {
        "crumbs": [(_("Administration"), reverse("permissions:landing"))],
        "errors": errors or [],
        "report": report,
        "carried": carried,
        "count": len(faults),
        "faults": Table(
            _("What is to be corrected"),
            [_("Row"), _("Column"), _("Value"), _("Rule and remedy")],
            [
                [Cell(str(fault.row)), Cell(fault.heading), Cell(fault.value or "–"), Cell(fault.message)]
                for fault in faults[:MOST_SHOWN]
            ],
        ),
        "preview": _preview(report) if report and not faults else None,
        "new": len(report.new_officers) if report else 0,
    }
    return render(request, "permissions/import.html", context, status=422 if errors or faults else 200)


def _preview(report: Report) -> Table:
    rows = []
    for line in report.lines[:MOST_SHOWN]:
        name = line.cells["username"]
        account = _("new account") if name in report.new_officers else _("known account")
        kind = _("proposal") if line.role in DECISIVE else _("post")
        rows.append(
            [
                Cell(line.cells["full_name"], meta=f"{name} · {account}"),
                Cell(line.cells["role"], meta=kind),
                Cell(str(line.unit)),
                Cell(f"{line.cells['first']} – {line.cells['last'] or '…'}"),
            ]
        )
    return Table(_("What will be imported"), [_("Officer"), _("Role"), _("Unit"), _("Days")], rows)

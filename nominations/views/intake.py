"""Many nominees into a draft at once: rows pasted or read from XLSX, the template, and last year's people."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nominations import file as files
from nominations import intake, sheets
from nominations.views.drafting import Editing
from nominations.views.reading import nomination_for
from permissions import books, grids


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, uid: Any) -> HttpResponse:
    """Save what was typed in the draft, and add the nominees of the rows: all of them or none."""
    editing = Editing(request, uid)
    if request.method != "POST":
        return redirect("nominations:draft", uid=uid)
    try:
        rows = _rows(request)
    except ValidationError as error:
        return editing.save(refused={"rows": error.messages})
    report = intake.check(editing.file, rows)
    if report.faults or not report.nominees:
        told = [str(fault) for fault in report.faults] or [
            _("Paste rows, or choose an XLSX file, then add them.")
        ]
        return editing.save(refused={"rows": told}, rows=_text(report) if rows else "")
    return editing.save(more=report.nominees, then="nominees")


@require_POST
def annotated(request: HttpRequest, uid: Any) -> HttpResponse:
    """Send the rows back as XLSX, with every fault marked and explained."""
    editing = Editing(request, uid)
    report = intake.check(editing.file, intake.split(request.POST.get("rows", "")))
    return books.attached(sheets.annotated(report), "can-sua.xlsx")


@require_safe
def template(request: HttpRequest, uid: Any) -> HttpResponse:
    """Send an empty sheet with the columns of this file's round."""
    file = files.read(nomination_for(request.user, uid))
    return books.attached(sheets.template(intake.columns(file.criteria)), "danh-sach-de-nghi.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, uid: Any) -> HttpResponse:
    """Save what was typed in the draft, and add people of the unit's earlier files: who they are, not what they did."""
    editing = Editing(request, uid)
    if request.method != "POST":
        return redirect("nominations:draft", uid=uid)
    wanted = set(request.POST.getlist("earlier"))
    chosen = [nominee for nominee in intake.earlier(editing.nomination) if str(nominee.uid) in wanted]
    if not chosen:
        return editing.save(refused={"earlier": [_("Choose one person or more, then add them.")]})
    return editing.save(more=[intake.copied(nominee) for nominee in chosen], then="nominees")


def _rows(request: HttpRequest) -> list[grids.Row]:
    chosen = request.FILES.get("rows_file")
    if chosen is not None:
        return grids.read(chosen.read(grids.LARGEST + 1), headings=False)
    return intake.split(request.POST.get("rows", ""))


def _text(report: intake.Report) -> str:
    """The rows as text under their headings, to be corrected where they stand."""
    return intake.join([[c.heading for c in report.columns], *(cells for _number, cells in report.rows)])

"""A long list of nominees: brought as XLSX, checked while one watches, and written as drafts by one click."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nominations import sheets
from nominations.forms import ListSheet
from nominations.models import Nomination, NomineeList, Round
from permissions import books, grids
from workflows import acting, lists
from workflows.errors import Busy
from workflows.views.nominations import open_rounds, units_to_prepare

SHOWN = 50  # faults on the page; the sheet with faults marked has them all


@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Choose unit, round and sheet; the check begins at once."""
    units, rounds = units_to_prepare(request.user), open_rounds()
    form = ListSheet(request.POST or None, request.FILES or None, units=units, rounds=rounds)
    status = 200
    if request.method == "POST":
        if not units.exists():
            raise PermissionDenied(_("Preparing a file belongs to the clerk of a unit."))
        if form.is_valid():
            data = form.cleaned_data
            try:
                rows = grids.read(data["sheet"].read(grids.LARGEST + 1), headings=False)
                found = lists.bring(request.user, data["unit"], data["round"], rows)
                return redirect("workflows:list", uid=found.uid)
            except ValidationError as error:
                form.add_error("sheet", ValidationError(error.messages))
        status = 422
    context = {
        "crumbs": _crumbs(),
        "form": form,
        "units": units,
        "rounds": rounds,
        "lists": lists.of(request.user).defer("rows", "nominees", "faults")[:10],
        "most": grids.MOST_ROWS,
    }
    return render(request, "workflows/list_new.html", context, status=status)


@require_safe
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an empty sheet with the columns of a round."""
    columns = lists.columns(get_object_or_404(Round, pk=pk))
    return books.attached(sheets.template(columns), "danh-sach-de-nghi.xlsx")


@require_safe
def progress(request: HttpRequest, uid: Any) -> HttpResponse:
    """Show how far the check is, what is wrong, and the drafts once they are written."""
    return _page(request, get_object_or_404(lists.of(request.user).defer("rows", "nominees"), uid=uid))


@require_POST
def write(request: HttpRequest, uid: Any) -> HttpResponse:
    """Open the drafts, with everybody on the list in them."""
    found = get_object_or_404(lists.of(request.user).defer("rows", "nominees"), uid=uid)
    try:
        lists.write(found, by=request.user)
    except ValidationError as error:
        return _page(request, found, error.messages)
    except Busy as error:
        return acting.conflict(request, error, url=reverse("workflows:list", kwargs={"uid": uid}))
    return redirect("workflows:list", uid=uid)


@require_safe
def annotated(request: HttpRequest, uid: Any) -> HttpResponse:
    """Send the rows back as XLSX, with every fault marked and explained."""
    found = get_object_or_404(lists.of(request.user), uid=uid, stage=NomineeList.Stage.REFUSED)
    return books.attached(sheets.annotated(lists.report_of(found)), "can-sua.xlsx")


@require_POST
def give_up(request: HttpRequest, uid: Any) -> HttpResponse:
    """Drop the list with all that was in it; drafts that were written stay."""
    get_object_or_404(lists.of(request.user), uid=uid).delete()
    return redirect("workflows:lists")


def _page(request: HttpRequest, found: NomineeList, errors: Any = ()) -> HttpResponse:
    part = request.headers.get("X-Requested-With") == "watch"  # the page looks again by itself
    context = {
        "crumbs": [*_crumbs(), (_("Long list of nominees"), reverse("workflows:lists"))],
        "list": found,
        "errors": errors,
        "faults": [str(fault) for fault in lists.faults_of(found)[:SHOWN]],
        "more": max(len(found.faults) - SHOWN, 0),
        "drafts": lists.how_many_files(found),
        "files": Nomination.objects.filter(uid__in=found.files).select_related("round").order_by("pk"),
    }
    name = "workflows/list_progress.html" if part else "workflows/list.html"
    return render(request, name, context, status=422 if errors else 200)


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Files"), reverse("nominations:list"))]

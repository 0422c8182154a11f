"""Who works on what: the files at a unit by officer, for the head who assigns them by load."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from history import clock
from nominations import assignment as hands
from nominations.models import Nomination
from nominations.states import ASSIGNABLE
from nominations.views.rows import row, with_nominees
from permissions import grants
from permissions.catalogue import Right
from permissions.models import Officer, Unit

MOST = 200  # files on one page; the oldest first


@require_safe
def assignment(request: HttpRequest) -> HttpResponse:
    """Show the files that wait at the steps where one officer takes a file into their hands."""
    units = list(units_to_assign(request.user))
    if not units:
        raise PermissionDenied(_("Assigning files belongs to the head of a division or a reviewing body."))
    files = Nomination.objects.filter(holder__in=units, state__in=ASSIGNABLE)
    ordered = with_nominees(files).select_related("assigned_post__officer").order_by("due", "since", "pk")
    rows = [_row(file) for file in ordered[:MOST]]
    context = {
        "units": [{"unit": unit, "officers": _officers(unit)} for unit in units],
        "free": [item for item in rows if not item["hands"]],
        "taken": [item for item in rows if item["hands"]],
        "today": clock.today(),
    }
    return render(request, "workflows/assignment.html", context)


def units_to_assign(officer: Officer):
    """Return the units whose files `officer` assigns today."""
    return Unit.objects.filter(pk__in=grants.units_where(officer, Right.ASSIGN))


def _row(file: Nomination) -> dict[str, Any]:
    post, today = file.assigned_post, clock.today()
    valid = (
        post is not None
        and file.assigned_step == file.state
        and post.unit_id == file.holder_id
        and post.officer.is_active
        and post.valid_from <= today
        and (post.valid_to is None or today < post.valid_to)
    )
    name = post.officer.full_name if valid and post else ""
    return row(file) | {"hands": name, "subtitle": name}


def _officers(unit: Unit) -> list[dict[str, Any]]:
    """Everybody who may do the work at `unit`, least loaded first."""
    loads = hands.loads(unit)
    people: dict[int, Officer] = {}
    for work in hands.WORK.values():
        people |= {officer.pk: officer for officer in grants.holders(work.right, unit)}
    found = [{"name": person.full_name, "load": loads[key]} for key, person in people.items()]
    return sorted(found, key=lambda item: (item["load"], item["name"]))

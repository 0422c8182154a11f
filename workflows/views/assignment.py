"""Who works on what: the files at a unit by officer, for the head who assigns them by load."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from history import clock
from nominations import assignment as hands
from nominations.conditions import in_hands_of
from nominations.models import Nomination
from nominations.views.rows import row, with_nominees
from permissions import grants
from permissions.models import Officer, Unit

MOST = 200  # files on one page; the oldest first


@require_safe
def assignment(request: HttpRequest) -> HttpResponse:
    """Show the files that wait at the steps where one officer takes a file into their hands."""
    units = list(hands.units_to_assign(request.user))
    if not units:
        raise PermissionDenied(_("Assigning files belongs to the head of a division or a reviewing body."))
    files = Nomination.objects.filter(hands.to_assign(request.user))
    ordered = with_nominees(files).annotate(hands=in_hands_of("full_name")).order_by("due", "since", "pk")
    rows = [row(file) | {"hands": file.hands, "subtitle": file.hands} for file in ordered[:MOST]]
    context = {
        "units": [{"unit": unit, "officers": _officers(unit)} for unit in units],
        "free": [item for item in rows if not item["hands"]],
        "taken": [item for item in rows if item["hands"]],
        "today": clock.today(),
    }
    return render(request, "workflows/assignment.html", context)


def _officers(unit: Unit) -> list[dict[str, Any]]:
    """Everybody who may do the work at `unit`, least loaded first."""
    loads = hands.loads(unit)
    people: dict[int, Officer] = {}
    for work in hands.WORK.values():
        people |= {officer.pk: officer for officer in grants.holders(work.right, unit)}
    found = [{"name": person.full_name, "load": loads[key]} for key, person in people.items()]
    return sorted(found, key=lambda item: (item["load"], item["name"]))

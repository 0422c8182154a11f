"""The register of outgoing documents: every number of a year, in force or void, never reused."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from history import clock
from nominations.models import RegisterNumber
from permissions import grants, received
from permissions.catalogue import Right


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Show the numbers of one year, the newest first, for those who read draft decisions."""
    if not grants.units_where(request.user, Right.READ_DECISIONS).exists():
        raise PermissionDenied(_("The register is open to Home Affairs, the Office and the Chairman."))
    years = list(RegisterNumber.objects.order_by("-year").values_list("year", flat=True).distinct())
    asked = received.key(request.GET, "year")
    year = asked if asked in years else (years or [clock.today().year])[0]
    numbers = (
        RegisterNumber.objects.filter(year=year)
        .select_related("register", "decision__round__programme")
        .order_by("register", "-number")
    )
    crumbs = [(_("Decisions"), reverse("workflows:decisions"))]
    context = {"crumbs": crumbs, "numbers": numbers, "years": years, "year": year}
    return render(request, "workflows/register.html", context)

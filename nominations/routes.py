"""The route of a file is data: who manages the unit, the kind of unit, and the legal day."""

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from nominations.models import RoutePolicy
from permissions.dated import valid_on
from permissions.errors import Invalid
from permissions.models import Unit, UnitClosure


def resolve(unit: Unit, day: date) -> list[Unit]:
    """Return the reviewing bodies through which a file of `unit` goes, in order.

    `day` is the legal day on which the proposal is signed (Art. 83 of the Law on Emulation
    and Commendation: who manages personnel and payroll submits upward). An empty list means
    straight to intake. Raises Invalid when no policy covers this kind of unit on that day,
    or when the tree lacks a body that the policy names: an administrator must mend the data.
    """
    policies = list(RoutePolicy.objects.filter(valid_on(day), unit_kind=unit.kind).order_by("position"))
    if not policies:
        raise Invalid(
            "unit",
            _(
                "No route is laid down for a unit of the kind “%(kind)s” on %(day)s. "
                "The programme administrator can add it."
            ),
            kind=unit.get_kind_display(),
            day=day.strftime("%d/%m/%Y"),
        )
    wanted = [policy.through for policy in policies if policy.through]
    if not wanted:
        return []
    above = {
        row.ancestor.kind: row.ancestor
        for row in UnitClosure.objects.filter(
            valid_on(day), Q(unit=unit), depth__gte=1, ancestor__kind__in=wanted
        )
        .select_related("ancestor")
        .order_by("-depth")
    }
    missing = [kind for kind in wanted if kind not in above]
    if missing:
        raise Invalid(
            "unit",
            _("%(unit)s stands under no body of the kind “%(kind)s” on %(day)s."),
            unit=unit,
            kind=missing[0],
            day=day.strftime("%d/%m/%Y"),
        )
    return [above[kind] for kind in wanted]

"""What an auditor sees of the ledger: what is about their units and all below, and no more."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet, Subquery, Value
from django.utils.translation import gettext as _

from permissions import grants, prepared
from permissions.catalogue import Right, UnitKind
from permissions.models import Officer, Unit, UnitClosure


@dataclass(frozen=True)
class Sight:
    """The units whose files and posts one audits; `province` also sees what is about no unit."""

    units: list[int]
    province: bool
    everything: bool

    @property
    def entries(self) -> Q:
        """Which entries of the index are in sight."""
        if self.everything:
            return Q()
        seen = Q(scope__any_of=self.units)
        return seen | Q(scope=None) if self.province else seen


def of(officer: Any) -> Sight:
    """Return what `officer` audits today; one statement. Raises PermissionDenied for whoever is no auditor.

    A unit that has ended stays below its former ancestors: old events remain in sight.
    """
    seen = _sight(officer)
    if seen is None:
        raise PermissionDenied(_("Only an auditor looks into the history."))
    return seen


def is_of_everything(officer: Any) -> bool:
    """Whether `officer` audits the whole province, with every unit in it."""
    seen = _sight(officer)
    return seen is not None and seen.everything


def _sight(officer: Any) -> Sight | None:
    rows = prepared.rows(_below, officer)
    if not rows:
        return None
    units = sorted({unit for unit, _kind, _all in rows})
    province = any(kind == UnitKind.PROVINCE for _unit, kind, _all in rows)
    return Sight(units, province, province and len(units) == rows[0][2])


def _below(officer: Officer) -> QuerySet[Any]:
    """Each unit at or below a post, with the kind of that post's unit, and how many units there are."""
    every = Unit.objects.order_by().annotate(one=Value(1)).values("one").annotate(count=Count("pk"))
    rows = UnitClosure.objects.filter(ancestor__in=grants.units_where(officer, Right.AUDIT))
    return rows.values_list("unit", "ancestor__kind", Subquery(every.values("count")))

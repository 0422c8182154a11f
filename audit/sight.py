"""What an auditor sees of the ledger: what is about their units and all below, and no more."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext as _

from permissions import grants
from permissions.catalogue import Right, UnitKind
from permissions.models import Unit


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
    """Return what `officer` audits today; at most three statements. Raises PermissionDenied for whoever is no auditor.

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
    posts = Unit.objects.filter(pk__in=grants.units_where(officer, Right.AUDIT))
    kinds = set(posts.values_list("kind", flat=True))
    if not kinds:
        return None
    units = list(
        grants.units_under(officer, Right.AUDIT).order_by("unit").distinct().values_list("unit", flat=True)
    )
    province = UnitKind.PROVINCE in kinds
    return Sight(units, province, province and len(units) == Unit.objects.count())

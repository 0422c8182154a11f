"""Units and the dated tree they stand in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from permissions.catalogue import Right, UnitKind
from permissions.dated import Dated
from permissions.text import normalised, search_key, sort_key


class Unit(Dated):
    """A body as it existed from one day to another. Its key is the official code with its
    first day: codes are used again after a reform, and names repeat."""

    code = models.CharField(_("official code"), max_length=40)
    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind)
    name = models.CharField(_("name"), max_length=200)
    name_sort = models.CharField(max_length=1500, db_collation="C", editable=False)
    name_search = models.CharField(max_length=200, editable=False)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta(Dated.Meta):
        default_permissions = ()
        permissions = [(right.value, right.label) for right in Right]
        ordering = ["name_sort", "code", "valid_from"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["code", "valid_from"], name="unit_code_from"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        self.name = normalised(self.name)
        self.name_sort = sort_key(self.name)
        self.name_search = search_key(self.name)
        super().save(*args, **kwargs)


class UnitParent(Dated):
    """Who manages the unit's personnel and payroll, from one day to another."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="parents")
    parent = models.ForeignKey(Unit, models.PROTECT, related_name="children")

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "valid_from"], name="unit_parent_from"),
            models.CheckConstraint(
                condition=~models.Q(unit=models.F("parent")), name="unit_not_its_own_parent"
            ),
        ]


class UnitClosure(Dated):
    """Every ancestor of every unit (itself included) with the days on which it holds."""

    ancestor = models.ForeignKey(Unit, models.PROTECT, related_name="below")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="above")
    depth = models.PositiveSmallIntegerField()

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["ancestor", "unit", "valid_from"], name="unit_closure_from"),
        ]


class UnitSuccessor(models.Model):
    """Which unit carries on for which: many to many, since communes were split and merged."""

    old = models.ForeignKey(Unit, models.PROTECT, related_name="successors")
    new = models.ForeignKey(Unit, models.PROTECT, related_name="predecessors")
    on = models.DateField()
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["old", "new"], name="unit_successor_once")]

"""Declared ties: the people of whose files an officer keeps away."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from permissions.dated import Revocable
from permissions.models.officers import Officer
from permissions.text import normalised


class Relation(models.TextChoices):
    SPOUSE = "spouse", _("Spouse")
    PARENT = "parent", _("Parent, or parent of the spouse")
    CHILD = "child", _("Child, or spouse of a child")
    SIBLING = "sibling", _("Brother or sister, or theirs by marriage")
    OTHER = "other", _("Another close tie")


class DeclaredTie(Revocable):
    """An officer's own word that somebody is near to them; known by account, by identity number, or both."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="ties")
    relation = models.CharField(_("relation"), max_length=10, choices=Relation)
    name = models.CharField(_("full name"), max_length=120)
    name_search = models.CharField(max_length=120, editable=False)
    other = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    identity_hash = models.CharField(max_length=64, blank=True, editable=False)
    identity_tail = models.CharField(max_length=3, blank=True, editable=False)

    class Meta(Revocable.Meta):
        ordering = ["valid_from", "pk"]
        constraints = [
            *Revocable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(other__isnull=False) | ~Q(identity_hash=""), name="tie_names_somebody"
            ),
        ]
        indexes = [models.Index(fields=["other"], name="tie_other")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.name = normalised(self.name)

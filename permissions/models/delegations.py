"""Delegations: what the holder of a post hands on to another post for a time; it can only shrink."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from permissions.catalogue import Right, SignatureForm
from permissions.dated import Revocable
from permissions.models.officers import Appointment, Officer
from permissions.models.units import Unit


class Delegation(Revocable):
    """Rights of one post at its unit, exercised from another post: acts under it name both officers."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    from_post = models.ForeignKey(Appointment, models.PROTECT, related_name="delegations_given")
    to_post = models.ForeignKey(Appointment, models.PROTECT, related_name="delegations_received")
    rights = ArrayField(models.CharField(max_length=30, choices=Right), verbose_name=_("rights"))
    form = models.CharField(_("form of the signature"), max_length=3, choices=SignatureForm)
    reason = models.CharField(_("reason"), max_length=300)
    document = models.CharField(_("document of the delegation"), max_length=200)
    made_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Revocable.Meta):
        ordering = ["valid_from", "pk"]
        constraints = [
            *Revocable.Meta.constraints,
            models.CheckConstraint(condition=~Q(from_post=F("to_post")), name="delegation_to_another_post"),
            models.CheckConstraint(condition=Q(valid_to__isnull=False), name="delegation_has_an_end"),
        ]

    def __str__(self) -> str:
        return f"{self.form}. {self.from_post}"

    @property
    def unit(self) -> Unit:
        """The unit at which the rights are held."""
        return self.from_post.unit

    @property
    def right_labels(self) -> list[str]:
        return [str(Right(right).label) for right in self.rights]

"""Dated grants on units: guardian's direct-foreign-key base with dates and a source."""

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import models
from guardian.models import UserObjectPermissionBase

from permissions.dated import DatedQuerySet, Revocable
from permissions.models.delegations import Delegation
from permissions.models.officers import Appointment
from permissions.models.units import Unit


class UnitGrant(Revocable, UserObjectPermissionBase):
    """An officer's right at a unit, from one day to another, because of one post.

    With `delegation`, it is the right of somebody else's post, handed on: `appointment` is that post.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="unit_grants")
    permission = models.ForeignKey(Permission, models.PROTECT)
    content_object = models.ForeignKey(Unit, models.PROTECT, related_name="grants")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="grants")
    delegation = models.ForeignKey(Delegation, models.PROTECT, null=True, blank=True, related_name="grants")

    objects = DatedQuerySet.as_manager()

    class Meta(Revocable.Meta):
        unique_together = []
        constraints = [
            *Revocable.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "permission", "content_object", "appointment", "delegation"],
                name="unit_grant_once_per_source",
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(fields=["content_object", "permission"], name="unit_grant_by_unit"),
        ]

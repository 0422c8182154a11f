"""Dated grants on units: guardian's direct-foreign-key base with dates and a source."""

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import models
from guardian.models import UserObjectPermissionBase

from permissions.dated import Dated, DatedQuerySet
from permissions.models.officers import Appointment
from permissions.models.units import Unit


class UnitGrant(Dated, UserObjectPermissionBase):
    """An officer's right at a unit, from one day to another, because of one post."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="unit_grants")
    permission = models.ForeignKey(Permission, models.PROTECT)
    content_object = models.ForeignKey(Unit, models.PROTECT, related_name="grants")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="grants")

    objects = DatedQuerySet.as_manager()

    class Meta(Dated.Meta):
        unique_together = []
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "permission", "content_object", "appointment"],
                name="unit_grant_once_per_source",
            ),
        ]
        indexes = [
            models.Index(fields=["content_object", "permission"], name="unit_grant_by_unit"),
        ]

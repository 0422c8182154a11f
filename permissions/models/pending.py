"""Appointments to decisive roles that wait for the second administrator."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from permissions.catalogue import ROLE_CHOICES, ROLES
from permissions.dated import Dated
from permissions.models.officers import Appointment, Officer
from permissions.models.units import Unit


class PendingAppointment(Dated):
    """What one administrator proposes and another confirms or refuses; it gives no right by itself."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting for confirmation")
        CONFIRMED = "confirmed", _("Confirmed")
        REFUSED = "refused", _("Refused")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="pending_appointments")
    role = models.CharField(_("role"), max_length=40, choices=ROLE_CHOICES)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    position = models.CharField(_("position, as printed"), max_length=200)
    document = models.CharField(_("legal document"), max_length=200)
    proposed_by = models.ForeignKey(  # none: from the console, by whoever operates the system
        Officer, models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField(auto_now_add=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    decided_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    appointment = models.OneToOneField(
        Appointment, models.PROTECT, null=True, blank=True, related_name="proposal"
    )

    class Meta(Dated.Meta):
        ordering = ["proposed_at", "pk"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status="pending", decided_at=None)
                | (~Q(status="pending") & Q(decided_at__isnull=False)),
                name="pending_until_decided",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=models.F("proposed_by")) & ~Q(decided_by=models.F("officer")),
                name="pending_by_two",
            ),
            models.UniqueConstraint(
                fields=["officer", "role", "unit"], condition=Q(status="pending"), name="pending_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}, {self.unit}"

    @property
    def role_label(self) -> str:
        return str(ROLES[self.role].label)

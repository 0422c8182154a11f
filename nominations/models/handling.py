"""Where a file went and who handled it: what the rules need to know of the past."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nominations.models.decisions import AwardDecision
from nominations.models.nominations import Evidence, Nomination, Nominee
from nominations.states import Level
from permissions.models import Appointment, Delegation, Officer, Unit


class RouteLeg(models.Model):
    """One reviewing body on the way of one version. Re-routing closes legs and adds others."""

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="legs")
    version = models.PositiveSmallIntegerField()
    n = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    arrived = models.DateTimeField(null=True, blank=True)
    left = models.DateTimeField(null=True, blank=True)
    dropped = models.BooleanField(default=False)  # by a re-routing: no part of the way any more
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["version", "n"]
        constraints = [models.UniqueConstraint(fields=["nomination", "version", "n"], name="route_leg_n")]
        indexes = [models.Index(fields=["unit"], name="route_leg_unit")]


class Handling(models.Model):
    """Who did which step of which file, in which post: separation of duties is a Q over this."""

    nomination = models.ForeignKey(
        Nomination, models.PROTECT, null=True, blank=True, related_name="handlings"
    )
    decision = models.ForeignKey(
        AwardDecision, models.PROTECT, null=True, blank=True, related_name="handlings"
    )
    version = models.PositiveSmallIntegerField(default=0)
    leg = models.ForeignKey(RouteLeg, models.PROTECT, null=True, blank=True, related_name="handlings")
    level = models.CharField(max_length=12, choices=Level)
    step = models.CharField(max_length=20)
    action = models.CharField(max_length=20)
    officer = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="handlings")
    on_behalf_of = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    post = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="+")
    delegation = models.ForeignKey(
        Delegation, models.PROTECT, null=True, blank=True, related_name="handlings"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    late = models.BooleanField(null=True)  # after the due day of the step; none where no clock ran

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(nomination__isnull=False) ^ Q(decision__isnull=False),
                name="handling_of_one_subject",
            )
        ]
        indexes = [
            models.Index(fields=["nomination", "officer"], name="handling_nomination"),
            models.Index(fields=["decision", "officer"], name="handling_decision"),
        ]


class Remark(models.Model):
    """One item of a return: what is wrong, with what, and whether the step it went to has dealt with it."""

    class Status(models.TextChoices):
        OPEN = "open", _("To be dealt with")
        DONE = "done", _("Dealt with")
        DROPPED = "dropped", _("Taken back with the return")

    nomination = models.ForeignKey(Nomination, models.PROTECT, null=True, blank=True, related_name="remarks")
    decision = models.ForeignKey(AwardDecision, models.PROTECT, null=True, blank=True, related_name="remarks")
    handling = models.ForeignKey(Handling, models.PROTECT, related_name="remarks")
    version = models.PositiveSmallIntegerField()
    to_step = models.CharField(max_length=20)  # the step, and the unit, asked to deal with it
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    nominee = models.ForeignKey(Nominee, models.PROTECT, null=True, blank=True, related_name="remarks")
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="remarks")
    field = models.CharField(max_length=20, blank=True)  # of the file or of the nominee
    text = models.TextField(_("remark"), max_length=2000)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    answer = models.TextField(_("what was done"), blank=True, max_length=2000)
    answered_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(nomination__isnull=False) ^ Q(decision__isnull=False),
                name="remark_on_one_subject",
            )
        ]
        indexes = [
            models.Index(fields=["nomination"], name="remark_open", condition=Q(status="open")),
            models.Index(fields=["decision"], name="remark_open_decision", condition=Q(status="open")),
        ]

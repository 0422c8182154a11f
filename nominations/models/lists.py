"""A long list of nominees on its way into drafts: checked in the background, written when whoever brought it says so."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from nominations.models.programmes import Round
from permissions.models import Officer, Unit


class NomineeList(models.Model):
    """The rows of one sheet, how far they are checked, and what came of it; nobody but its officer sees it.

    What was typed goes when the drafts are written, when the list is given up, or a day after it came.
    """

    class Stage(models.TextChoices):
        CHECKING = "checking", _("being checked")
        REFUSED = "refused", _("to be corrected")
        READY = "ready", _("without faults")
        DONE = "done", _("written")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    officer = models.ForeignKey(Officer, models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    round = models.ForeignKey(Round, models.CASCADE, related_name="+")
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.CHECKING)
    rows = models.JSONField(default=list)  # [number in the sheet, cells in the order of its columns]
    total = models.PositiveIntegerField()
    checked = models.PositiveIntegerField(default=0)
    nominees = models.JSONField(
        default=list
    )  # what the drafts will hold; identity numbers as coded forms only
    faults = models.JSONField(default=list)  # as `nominations.intake.Fault`
    files = models.JSONField(default=list)  # uids of the drafts, once they are written
    created = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["created"], name="nominee_list_age")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(checked__lte=models.F("total")), name="nominee_list_checked"
            )
        ]

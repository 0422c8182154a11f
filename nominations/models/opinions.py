"""What another body was asked in writing about a file under appraisal, and what it answered."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nominations.models.handling import Handling
from nominations.models.nominations import Nomination


class Opinion(models.Model):
    """One body's written opinion (hiệp y): awaited until its answer is recorded, by the acts named in `Handling`."""

    class Answer(models.TextChoices):
        AWAITED = "", _("Awaited")
        AGREES = "agrees", _("Agrees")
        DISAGREES = "disagrees", _("Does not agree")
        NONE = "none", _("No answer in time")  # counts as no objection

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="opinions")
    version = models.PositiveSmallIntegerField()  # on which it was asked; one of an earlier route is void
    asked = models.ForeignKey(Handling, models.PROTECT, related_name="+")
    body = models.CharField(_("body asked"), max_length=300)
    question = models.TextField(_("question"), max_length=2000)
    answer_by = models.DateField(_("answer awaited until"))
    letter_number = models.CharField(_("number of the letter"), max_length=40, blank=True)
    letter_date = models.DateField(_("date of the letter"), null=True, blank=True)
    answered = models.ForeignKey(Handling, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer, blank=True, default="")
    said = models.TextField(_("what it says"), blank=True, max_length=2000)
    reply_number = models.CharField(_("number of the reply"), max_length=40, blank=True)
    reply_date = models.DateField(_("date of the reply"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered=None) | (~Q(answer="") & Q(answered__isnull=False)),
                name="opinion_answered_by_an_act",
            )
        ]
        indexes = [models.Index(fields=["nomination"], name="opinion_awaited", condition=Q(answer=""))]

    def handled_by(self, handling: Handling) -> None:
        """Store it with the act that asked for it, or the answer with the act that recorded it."""
        if self.pk is None:
            self.asked = handling
        else:
            self.answered = handling
        self.save()

"""Separation of duties: the rules in force by day, and who has stepped aside from which file."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nominations.models.decisions import AwardDecision
from nominations.models.nominations import Nomination
from permissions.dated import Dated
from permissions.models import Officer


class SeparationKind(models.TextChoices):
    """What a rule forbids; `nominations/separation.py` says each as a Q."""

    TWO_LEVELS = "two_levels", _("Nobody handles two levels of one file")
    NOMINEE = "nominee", _("Nobody judges a file in which they are a nominee")
    RELATIVE = "relative", _("Nobody judges a file in which somebody near to them is a nominee")
    MEMBER = "member", _("Nobody judges a collective of which they are a member")
    FOUR_EYES = "four_eyes", _("Nobody confirms an appraisal that they concluded")
    SAME_POST = "same_post", _("A nominee of the same unit and position is pointed out")


class SeparationRule(Dated):
    """One kind of separation, in force in these days on this legal basis."""

    kind = models.CharField(_("rule"), max_length=12, choices=SeparationKind)
    legal_basis = models.CharField(_("legal basis"), max_length=300)

    class Meta(Dated.Meta):
        ordering = ["kind", "valid_from"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["kind", "valid_from"], name="separation_rule_start"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class Recusal(models.Model):
    """An officer's own word that they keep away from a file; it cannot be taken back."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="recusals")
    nomination = models.ForeignKey(Nomination, models.PROTECT, null=True, blank=True, related_name="recusals")
    decision = models.ForeignKey(
        AwardDecision, models.PROTECT, null=True, blank=True, related_name="recusals"
    )
    reason = models.TextField(_("reason"), max_length=2000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(nomination__isnull=False) ^ Q(decision__isnull=False),
                name="recusal_from_one_subject",
            ),
            models.UniqueConstraint(fields=["nomination", "officer"], name="recusal_once"),
            models.UniqueConstraint(fields=["decision", "officer"], name="recusal_once_decision"),
        ]

"""The dated time limits: how long a step may take, by award and by way, and what happens when the time is over."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nominations.models.programmes import AwardForm
from nominations.states import DECISION_OPEN, OPEN, DecisionState, State
from permissions.catalogue import UnitKind
from permissions.dated import Dated
from permissions.models import Officer

# While the unit writes no clock runs: the window of the round is its limit.
STEPS = [
    (state.value, state.label)
    for state in (*OPEN, *DECISION_OPEN)
    if state not in (State.DRAFT, State.SIGN_PROPOSAL, State.SUPPLEMENT)
]


class DayUnit(models.TextChoices):
    WORKING = "working", _("working days")
    CALENDAR = "calendar", _("calendar days")


class AtExpiry(models.TextChoices):
    NOTHING = "nothing", _("Nothing more than a reminder")
    ESCALATE = "escalate", _("The head is told")
    DEEMED = "deemed", _("The step counts as done")


# The act that may count as done when nobody did it in time: agreement by a body that is asked, never a signature, a
# judgment of a nominee, or a number.
DEEMED_ACTS: dict[str, str] = {
    State.REVIEW: "forward",
    State.INTAKE: "accept",
    DecisionState.CHECK: "pass",
}


class DeadlinePolicy(Dated):
    """The time limit of one step in some years; an empty award or kind of unit stands for every one."""

    step = models.CharField(_("step"), max_length=20, choices=STEPS)
    award = models.CharField(_("award"), max_length=30, choices=AwardForm, blank=True)
    unit_kind = models.CharField(_("proposed by"), max_length=20, choices=UnitKind, blank=True)
    days = models.PositiveSmallIntegerField(_("number of days"))
    unit = models.CharField(_("counted in"), max_length=8, choices=DayUnit, default=DayUnit.WORKING)
    at_expiry = models.CharField(
        _("when the time is over"), max_length=10, choices=AtExpiry, default=AtExpiry.ESCALATE
    )
    deemed_by = (
        models.ForeignKey(  # the account of the system's own that does the act then, in a post of its own
            Officer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("done by")
        )
    )
    legal_basis = models.CharField(_("legal basis"), max_length=300)

    class Meta(Dated.Meta):
        ordering = ["step", "award", "unit_kind", "valid_from"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["step", "award", "unit_kind", "valid_from"], name="deadline_policy_start"
            ),
            models.CheckConstraint(condition=Q(days__gte=1), name="deadline_policy_days"),
            models.CheckConstraint(
                condition=Q(at_expiry=AtExpiry.DEEMED, step__in=[*DEEMED_ACTS], deemed_by__isnull=False)
                | (~Q(at_expiry=AtExpiry.DEEMED) & Q(deemed_by=None)),
                name="deadline_policy_deemed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.days} {self.get_unit_display()}"

"""What the Chairman signs: award decisions, their lines, and the register of numbers."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nominations import references
from nominations.models.nominations import Nominee
from nominations.models.programmes import Round
from nominations.models.waiting import Waiting
from nominations.states import DECISION_ENDED, DecisionState
from permissions.models import Officer, Unit


class Register(models.Model):
    """A register of outgoing documents: numbers run without a gap within a legal year."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="registers")
    code = models.CharField(_("code"), max_length=40, unique=True)
    symbol = models.CharField(_("symbol after the number"), max_length=40)  # "QĐ-UBND"

    def __str__(self) -> str:
        return self.code


class AwardDecision(Waiting):
    """An award decision (quyết định khen thưởng): the unit of signature."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="decisions")
    state = models.CharField(max_length=20, choices=DecisionState, default=DecisionState.COMPILE)
    holder = models.ForeignKey(Unit, models.PROTECT, related_name="held_decisions", null=True)
    version = models.PositiveSmallIntegerField(default=0)
    created_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    signed_by_name = models.CharField(max_length=120, blank=True)
    signed_position = models.CharField(max_length=200, blank=True)
    signed_form = models.CharField(max_length=3, blank=True)  # "KT", "TUQ", "TL" when signed for the head
    signed_for = models.CharField(max_length=200, blank=True)  # the head's position
    signed_on = models.DateField(null=True, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    published_on = models.DateField(null=True, blank=True)
    register_number = models.OneToOneField(  # the one in force; a void one keeps its place in the register
        "nominations.RegisterNumber", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=DECISION_ENDED, holder=None)
                | (~Q(state__in=DECISION_ENDED) & Q(holder__isnull=False)),
                name="decision_holder_while_open",
            ),
            models.CheckConstraint(condition=Q(state__in=DecisionState.values), name="decision_state"),
        ]
        indexes = [
            models.Index(
                fields=["holder", "state"], name="decision_waiting", condition=Q(holder__isnull=False)
            ),
            *Waiting.Meta.indexes,
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The working number of the draft; the legal number is the register's."""
        return references.written("decision", self.round.year, self.pk)

    @property
    def stream(self) -> str:
        return f"decision:{self.uid}"


class DecisionVersion(models.Model):
    """The list as it was presented or signed, frozen."""

    decision = models.ForeignKey(AwardDecision, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["decision", "number"], name="decision_version")]


class DecisionLine(models.Model):
    """A nominee on a decision, with what is printed of them."""

    decision = models.ForeignKey(AwardDecision, models.PROTECT, related_name="lines")
    nominee = models.ForeignKey(Nominee, models.PROTECT, related_name="lines")
    rank = models.PositiveSmallIntegerField()  # within its kind
    snapshot = models.JSONField()  # name, title, unit, kind, points: as to be printed
    live = models.BooleanField(default=True)  # False once left off, struck, or the draft abandoned
    struck = models.BooleanField(default=False)  # by the signer
    back = models.BooleanField(default=False)  # taken off to be appraised again
    reason = models.TextField(blank=True, max_length=2000)

    @property
    def is_presented(self) -> bool:
        """Whether the decision presents it: it stands, or the signer struck it out (`rules.on_the_list`)."""
        return self.live or self.struck

    class Meta:
        ordering = ["nominee__kind", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "nominee"], name="decision_line_once"),
            models.UniqueConstraint(
                fields=["nominee"], condition=Q(live=True), name="nominee_on_one_live_decision"
            ),
            models.CheckConstraint(
                condition=Q(struck=False) | (Q(live=False) & ~Q(reason="")), name="struck_has_reason"
            ),
            models.CheckConstraint(condition=Q(back=False) | Q(live=False), name="back_is_off_the_list"),
        ]


class RegisterNumber(models.Model):
    """A number once taken: used or void, never reused."""

    class State(models.TextChoices):
        USED = "used", _("Used")
        VOID = "void", _("Void")

    register = models.ForeignKey(Register, models.PROTECT, related_name="numbers")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=4, choices=State, default=State.USED)
    reason = models.TextField(blank=True)
    decision = models.ForeignKey(AwardDecision, models.PROTECT, null=True, blank=True, related_name="numbers")
    taken_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["register", "year", "number"]
        constraints = [
            models.UniqueConstraint(fields=["register", "year", "number"], name="register_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="register_number_from_1"),
            models.CheckConstraint(
                condition=~Q(state="void") | ~Q(reason=""), name="register_number_void_has_reason"
            ),
            models.UniqueConstraint(
                fields=["decision"], condition=Q(state="used"), name="decision_one_number_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number:02}/{self.register.symbol}"

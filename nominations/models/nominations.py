"""What a unit submits, and what is judged: nominations, nominees, evidence, points."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nominations import references
from nominations.models.programmes import Criterion, NomineeKind, Round
from nominations.models.waiting import Waiting
from nominations.states import ENDED, Assessment, Level, Outcome, ReasonCode, State
from permissions.models import Appointment, Officer, Unit
from permissions.text import name_sort_key, normalised, search_key, sort_key


class Nomination(Waiting):
    """A nomination file (hồ sơ đề nghị khen thưởng): the unit of submission."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="nominations")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="nominations")
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    holder = models.ForeignKey(  # the unit where it waits; none once it has ended
        Unit, models.PROTECT, related_name="held_nominations", null=True
    )
    version = models.PositiveSmallIntegerField(default=0)  # number of the last frozen version
    route_version = models.PositiveSmallIntegerField(default=0)  # the version whose route is in force
    supplements = models.PositiveSmallIntegerField(default=0)  # how often a supplement was requested
    resume_at = models.CharField(max_length=20, blank=True)  # the step to which a supplement leads back
    assigned_post = models.ForeignKey(  # in whose hands it is, at the step `assigned_step` alone
        Appointment, models.PROTECT, null=True, blank=True, related_name="assigned_nominations"
    )
    assigned_step = models.CharField(max_length=20, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)  # first arrival at Home Affairs
    created_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    letter_number = models.CharField(_("number of the submission letter"), max_length=40, blank=True)
    letter_date = models.DateField(_("date of the submission letter"), null=True, blank=True)
    summary = models.TextField(_("summary of the proposal"), blank=True, max_length=4000)
    minutes_date = models.DateField(_("date of the review meeting"), null=True, blank=True)
    members_present = models.PositiveSmallIntegerField(_("members present"), null=True, blank=True)
    members_total = models.PositiveSmallIntegerField(_("members in all"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ENDED, holder=None) | (~Q(state__in=ENDED) & Q(holder__isnull=False)),
                name="nomination_holder_while_open",
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="nomination_state"),
        ]
        indexes = [
            models.Index(
                fields=["holder", "state"],
                name="nomination_waiting",
                condition=Q(holder__isnull=False),
            ),
            models.Index(fields=["round", "state"], name="nomination_round_state"),
            *Waiting.Meta.indexes,
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The file's number on screens and in letters: year of the round and its own number."""
        return references.written("nomination", self.round.year, self.pk)

    @property
    def stream(self) -> str:
        return f"nomination:{self.uid}"


class NominationVersion(models.Model):
    """The content as it was submitted, frozen: what every later judgement refers to."""

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["nomination", "number"], name="nomination_version")]


class Nominee(models.Model):
    """Who is judged: a collective or an individual, each with an outcome of its own."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="nominees")
    position = models.PositiveSmallIntegerField(default=1)
    present = models.BooleanField(default=True)  # False: taken out of the draft, kept for history
    kind = models.CharField(_("kind"), max_length=12, choices=NomineeKind)
    name = models.CharField(_("name, as to be printed"), max_length=200)
    name_sort = models.CharField(max_length=1500, db_collation="C", editable=False)
    name_search = models.CharField(max_length=200, editable=False)
    title = models.CharField(_("position, as to be printed"), max_length=200, blank=True)
    unit_name = models.CharField(_("unit, as to be printed"), max_length=300)
    identity_hash = models.CharField(max_length=64, blank=True, editable=False)
    identity_tail = models.CharField(max_length=3, blank=True, editable=False)
    officer = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="nominated")
    body = models.ForeignKey(  # which body a collective is: its members do not judge it
        Unit, models.PROTECT, null=True, blank=True, related_name="+"
    )
    achieved_from = models.DateField(_("achievements from"), null=True, blank=True)
    achieved_to = models.DateField(_("achievements to"), null=True, blank=True)
    report = models.TextField(_("achievement report"), blank=True, max_length=20000)
    is_direct_worker = models.BooleanField(_("works directly on the task"), default=False)
    is_grassroots = models.BooleanField(_("works at the grassroots"), default=False)

    assessment = models.CharField(max_length=12, choices=Assessment, blank=True, default="")
    assessment_note = models.TextField(blank=True)
    total = models.PositiveSmallIntegerField(null=True, blank=True)  # confirmed points
    outcome = models.CharField(max_length=14, choices=Outcome, default=Outcome.PENDING)
    outcome_code = models.CharField(max_length=20, choices=ReasonCode, blank=True)
    outcome_note = models.TextField(blank=True)
    outcome_rank = models.PositiveSmallIntegerField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)  # when the outcome was given

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="nominee_outcome"),
            models.CheckConstraint(
                condition=Q(achieved_from=None)
                | Q(achieved_to=None)
                | Q(achieved_to__gte=models.F("achieved_from")),
                name="nominee_period",
            ),
        ]
        indexes = [
            models.Index(fields=["nomination", "outcome"], name="nominee_outcomes"),
            models.Index(fields=["identity_hash"], name="nominee_identity", condition=~Q(identity_hash="")),
            models.Index(
                fields=["name_search"],
                name="nominee_collective",
                condition=Q(kind="collective", body=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        self.spell()
        super().save(*args, **kwargs)

    def spell(self) -> None:
        """Set the columns by which the name is sorted and found; rows written in bulk ask for it themselves."""
        self.name = normalised(self.name)
        individual = self.kind == NomineeKind.INDIVIDUAL
        self.name_sort = name_sort_key(self.name) if individual else sort_key(self.name)
        self.name_search = search_key(self.name)


class EvidenceKind(models.TextChoices):
    LETTER = "letter", _("Submission letter")
    MINUTES = "minutes", _("Minutes of the review meeting")
    REPORT = "report", _("Achievement report")
    INITIATIVE = "initiative", _("Recognition of an initiative")
    OTHER = "other", _("Other evidence")


class Evidence(models.Model):
    """A document of the file. The bytes lie under their SHA-256 and are never overwritten."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="evidence")
    nominee = models.ForeignKey(
        Nominee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("nominee"),
    )
    kind = models.CharField(_("kind of document"), max_length=12, choices=EvidenceKind)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    present = models.BooleanField(default=True)  # False: taken out of the draft, kept for history

    class Meta:
        ordering = ["kind", "pk"]


class Score(models.Model):
    """Points of a nominee by criterion, given at a level for a version."""

    nominee = models.ForeignKey(Nominee, models.PROTECT, related_name="scores")
    version = models.PositiveSmallIntegerField()  # 0 while drafting
    level = models.CharField(max_length=12, choices=Level)
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    points = models.PositiveSmallIntegerField()
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["criterion__position"]
        constraints = [
            models.UniqueConstraint(fields=["nominee", "version", "level", "criterion"], name="score_once")
        ]

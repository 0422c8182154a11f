"""What next: the processes of viewflow, tied to their subjects, and the outbox."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process

from nominations.models import AwardDecision, Nomination
from permissions.models import Officer


class NominationProcess(Process):
    """The journey of one nomination."""

    nomination = models.OneToOneField(Nomination, models.PROTECT, related_name="process")

    class Meta:
        default_permissions = ()

    @property
    def subject(self) -> Nomination:
        return self.nomination


class DecisionProcess(Process):
    """The journey of one award decision."""

    decision = models.OneToOneField(AwardDecision, models.PROTECT, related_name="process")

    class Meta:
        default_permissions = ()

    @property
    def subject(self) -> AwardDecision:
        return self.decision


class OutboxMessage(models.Model):
    """An effect that follows a committed act; written with it, delivered after it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    payload = models.JSONField()  # identifiers only
    walked_day = models.DateField(null=True, blank=True)  # the legal day chosen in the demo; else none
    created = models.DateTimeField(auto_now_add=True)
    delivered = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(
        default=0
    )  # begun; counted before, should the worker die of it
    next_look = models.DateTimeField(db_default=Now())  # not offered again before
    set_aside = models.DateTimeField(
        null=True, blank=True
    )  # failed too often: an administrator looks into it
    error = models.TextField(blank=True)  # of the last attempt that failed

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["next_look"],
                name="outbox_waiting",
                condition=models.Q(delivered=None, set_aside=None),
            ),
            models.Index(
                fields=["set_aside"], name="outbox_set_aside", condition=models.Q(set_aside__isnull=False)
            ),
        ]


class Pulse(models.Model):
    """When a process that nobody sees last did its work; one row for each."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()


class Channel(models.TextChoices):
    """How an officer hears by e-mail; the notice within the system is never switched off."""

    IMMEDIATE = "immediate", _("At once")
    DAILY = "daily", _("Once a day, together")
    NONE = "none", _("No e-mail")


class Notice(models.Model):
    """An in-app notice to one officer; one message brings each officer at most one."""

    message = models.ForeignKey(OutboxMessage, models.PROTECT, related_name="notices")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=40)
    nomination = models.ForeignKey(Nomination, models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.ForeignKey(AwardDecision, models.PROTECT, null=True, blank=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    wants = models.CharField(max_length=10, choices=Channel, default=Channel.NONE)  # as chosen when it came
    letter = models.ForeignKey(  # the one e-mail that carries it
        OutboxMessage, models.PROTECT, null=True, blank=True, related_name="carries"
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["message", "officer"], name="notice_once"),
        ]
        indexes = [
            models.Index(fields=["officer"], name="notice_unread", condition=models.Q(read_at=None)),
            models.Index(
                fields=["officer"],
                name="notice_for_digest",
                condition=models.Q(wants="daily", letter=None, read_at=None),
            ),
        ]


class Preference(models.Model):
    """What an officer chose for one kind of notice; for a kind without a row, what the table says."""

    officer = models.ForeignKey(Officer, models.CASCADE, related_name="preferences")
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=Channel)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["officer", "kind"], name="preference_once")]


class Digest(models.Model):
    """The one daily letter of an officer: written once for a day, however often it is asked for."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    day = models.DateField()
    message = models.OneToOneField(OutboxMessage, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["officer", "day"], name="digest_once")]


class Reminder(models.Model):
    """A threshold of a time limit that the clock of a step has passed; marked once, with the message that told of it."""

    nomination = models.ForeignKey(Nomination, models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.ForeignKey(AwardDecision, models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateTimeField()  # when the clock began
    percent = models.PositiveSmallIntegerField()
    message = models.ForeignKey(OutboxMessage, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["nomination", "since", "percent"], name="reminder_once"),
            models.UniqueConstraint(fields=["decision", "since", "percent"], name="reminder_once_decision"),
            models.CheckConstraint(
                condition=models.Q(nomination__isnull=False) ^ models.Q(decision__isnull=False),
                name="reminder_of_one_subject",
            ),
        ]


class CalendarFeed(models.Model):
    """The address under which an officer's calendar program reads what is due; of its secret only a digest is kept."""

    officer = models.OneToOneField(Officer, models.CASCADE, related_name="calendar_feed")
    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField()


class Result(models.TextChoices):
    """What became of one file of a batch; a refusal says of which of the three kinds it is."""

    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    NOT_ALLOWED = "not_allowed", _("Not allowed")
    NOT_VALID = "not_valid", _("Not valid")
    FIRST = "first", _("Someone was first")


class Batch(models.Model):
    """One act that an officer does on many files, each by itself; what they chose, and how far they are."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="batches")
    state = models.CharField(max_length=20)
    action = models.CharField(max_length=40)
    created = models.DateTimeField()

    class Meta:
        default_permissions = ()


class BatchItem(models.Model):
    """One file of a batch, as it was shown when it was chosen, and its result."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="items")
    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="+")
    task = models.BigIntegerField()  # the open task when it was chosen
    seen = models.CharField(max_length=64)  # digest of what was shown
    result = models.CharField(max_length=12, choices=Result, default=Result.WAITING)
    words = models.TextField(blank=True)  # why it was refused, as told to the officer

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["batch", "nomination"], name="batch_file_once")]
        indexes = [
            models.Index(fields=["batch"], name="batch_waiting", condition=models.Q(result="waiting")),
        ]

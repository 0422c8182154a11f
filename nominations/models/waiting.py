"""What every file under way knows of its stay at a step: since when, from whom, opened or not."""

from django.db import models
from django.db.models import Q

from nominations.states import Recall
from permissions.models import Appointment, Officer


class Waiting(models.Model):
    """The stay of a nomination or decision at its step; an act that moves it begins a new one."""

    since = models.DateTimeField()  # when it came to this step
    due = models.DateField(null=True, blank=True)  # until 17:00 of this day; none while the clock stands
    deadline = models.ForeignKey(
        "nominations.DeadlinePolicy", models.PROTECT, null=True, blank=True, related_name="+"
    )
    clock_since = models.DateTimeField(
        null=True, blank=True
    )  # when this clock first began: it may have stood since
    clock_from = models.DateField(null=True, blank=True)  # when it began or went on; none while it stands
    spent = models.PositiveSmallIntegerField(default=0)  # days counted before it stood, as its limit counts
    remind_on = models.DateField(
        null=True, blank=True
    )  # at its end a part of the time is over, still to be told
    clock_before = models.JSONField(null=True, blank=True)  # of the step it left, should it be taken back
    revision = models.PositiveIntegerField(default=1)  # raised by every edit and every act
    sent_from = models.CharField(max_length=20, blank=True)  # the step from which it came, if it may go back
    sent_post = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    sent_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)  # by somebody who acts here, since it came
    opened_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    recall = models.CharField(max_length=10, choices=Recall, blank=True, default="")

    class Meta:
        abstract = True
        indexes = [
            models.Index(fields=["due"], condition=Q(due__isnull=False), name="%(class)s_due"),
            models.Index(
                fields=["remind_on"], condition=Q(remind_on__isnull=False), name="%(class)s_remind_on"
            ),
        ]

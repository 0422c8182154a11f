"""What the auditor's room stores: an index to search in, saved searches, and what verifications found."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from permissions.models import Officer, Unit


class Entry(models.Model):
    """One event as it is searched: derived from the ledger, made anew at any time."""

    event = models.BigIntegerField(primary_key=True)  # Event.id
    at = models.DateTimeField()
    stream = models.CharField(max_length=80)
    actor = models.CharField(max_length=36)
    role = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=40)
    action = models.CharField(max_length=40, blank=True)
    programme = models.CharField(max_length=60, blank=True)  # code and year of the round: "cchc:2026"
    scope = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")  # whose auditors see it
    subject = models.CharField(
        max_length=80, blank=True
    )  # the stream it is about: of a reading, what was read
    words = SearchVectorField()  # names, reasons and numbers without diacritics

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-event"], name="entry_newest"),
            models.Index(fields=["actor", "-at", "-event"], name="entry_actor"),
            models.Index(fields=["unit", "-at", "-event"], name="entry_unit"),
            models.Index(fields=["role", "-at", "-event"], name="entry_role"),
            models.Index(fields=["action", "-at", "-event"], name="entry_action"),
            models.Index(fields=["programme", "-at", "-event"], name="entry_programme"),
            models.Index(fields=["kind", "-at", "-event"], name="entry_kind"),
            models.Index(fields=["scope", "-at", "-event"], name="entry_scope"),
            models.Index(fields=["subject", "-at", "-event"], name="entry_subject"),
            GinIndex(fields=["words"], name="entry_words"),
        ]


class Indexed(models.Model):
    """How far the index has come, in places of the ledger's log; one row, whose lock lets one indexer work."""

    leaves = models.BigIntegerField(default=0)


class SavedSearch(models.Model):
    """A search that an auditor comes back to."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="saved_searches")
    name = models.CharField(_("name of the search"), max_length=80)
    query = models.CharField(max_length=1000)  # as in the address
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["officer", "name"], name="saved_search_once")]


class Verification(models.Model):
    """One verification of the ledger: what it looked at, and what it found."""

    at = models.DateTimeField(auto_now_add=True)
    full = models.BooleanField()  # False: from the last good checkpoint on
    replayed = models.BooleanField(default=False)
    checkpoint = models.PositiveIntegerField(null=True)  # the last one that it covered
    size = models.BigIntegerField()  # of the log
    events = models.BigIntegerField()
    console = models.PositiveIntegerField(
        default=0
    )  # of them, done by whoever runs the server (counted by a replay)
    count = models.PositiveIntegerField()  # of faults
    faults = models.JSONField(default=list)  # the first of them, in words
    seconds = models.FloatField()

    class Meta:
        ordering = ["-pk"]

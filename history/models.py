"""What happened: an append-only ledger. The database refuses UPDATE, DELETE and TRUNCATE."""

from django.db import models
from django.db.models.functions import Now


class StreamHead(models.Model):
    """The last sequence number and hash of a stream; its row lock makes the sequence gapless."""

    stream = models.CharField(max_length=80, primary_key=True)
    sequence = models.PositiveIntegerField()
    hash = models.BinaryField(max_length=32, default=b"")


class EventText(models.Model):
    """Names and free text of an event, as they were; apart, so that they can lawfully be erased."""

    digest = models.CharField(max_length=64, primary_key=True)  # of salt and body
    salt = models.CharField(max_length=32)  # empty once erased
    body = models.JSONField()


class Event(models.Model):
    """One thing that happened. It points at nothing, so nothing deleted takes it along."""

    stream = models.CharField(max_length=80)
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField(db_default=Now())
    legal_day = models.DateField()
    actor = models.CharField(max_length=36)  # opaque: Officer.uid, or the name of a system actor
    behalf = models.CharField(max_length=36, blank=True)
    post = models.CharField(max_length=36, blank=True)  # Appointment.uid
    role = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=40, blank=True)  # official code as it was
    step = models.CharField(max_length=40, blank=True)
    action = models.CharField(max_length=40, blank=True)
    from_state = models.CharField(max_length=40, blank=True)
    to_state = models.CharField(max_length=40, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    content_digest = models.CharField(max_length=64, blank=True)
    text_digest = models.CharField(max_length=64, blank=True)  # joins EventText, without a key
    data = models.JSONField(default=dict)  # facts without personal data
    automatic = models.BooleanField(default=False)
    request_id = models.CharField(max_length=36, blank=True)
    previous = models.CharField(max_length=64, blank=True)  # the hash of the event before it in its stream
    hash = models.BinaryField(max_length=32, default=b"")  # of all columns above: `envelope.event_hash`

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "sequence"], name="event_stream_sequence"),
            models.CheckConstraint(condition=models.Q(sequence__gte=1), name="event_sequence_from_1"),
        ]
        indexes = [
            models.Index(fields=["actor", "at"], name="event_actor_at"),
            models.Index(fields=["kind", "at"], name="event_kind_at"),
        ]


class Unsealed(models.Model):
    """An event that has no place in the log yet; a trigger writes it with the event."""

    event = models.BigIntegerField(primary_key=True)


class Leaf(models.Model):
    """The place of an event in the log, given after its commit, in an order that never changes."""

    number = models.BigIntegerField(primary_key=True)  # from 0, without a gap
    event = models.BigIntegerField(unique=True)  # Event.id, without a key
    hash = models.BinaryField(max_length=32)


class Node(models.Model):
    """A complete subtree of the log above its leaves: what proofs are made of."""

    pk = models.CompositePrimaryKey("level", "position")
    level = models.PositiveSmallIntegerField()
    position = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)


class Checkpoint(models.Model):
    """The log's size and root at a moment, signed: what was written before cannot change unseen."""

    number = models.PositiveIntegerField(primary_key=True)  # from 1, without a gap
    log = models.CharField(max_length=80)  # whose log: the installation's name
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    at = models.DateTimeField()
    key = models.CharField(max_length=64)  # the fingerprint of the public key
    signature = models.CharField(max_length=128)

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["size"], name="checkpoint_size")]

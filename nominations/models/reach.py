"""Which unit's readers may read which file, kept by the database itself so that a list is served by an index."""

from django.db import models

from nominations.models.nominations import Nomination
from permissions.models import Unit


class Reach(models.Model):
    """One unit that a file is open to: its own, a body that it reached, or Home Affairs once received.

    Derived: triggers write it in the statement that moves the file, whichever code sends it
    (migration 0010). `rules.readable` says what it means; a test compares the two.
    """

    nomination = models.ForeignKey(Nomination, models.DO_NOTHING, related_name="reach", db_index=False)
    unit = models.ForeignKey(Unit, models.DO_NOTHING, related_name="+", db_index=False)
    own = models.BooleanField()  # the unit proposes the file
    since = models.DateTimeField()  # of the file: the order of the list

    class Meta:
        constraints = [models.UniqueConstraint(fields=["nomination", "unit"], name="reach_once")]
        indexes = [
            models.Index(fields=["unit", "-since", "-nomination"], include=["own"], name="reach_by_unit"),
            models.Index(fields=["-since", "-nomination"], include=["unit", "own"], name="reach_by_time"),
        ]

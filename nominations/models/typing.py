"""What somebody typed into a draft and what cannot be saved as a file yet: theirs alone, and kept for them."""

from django.db import models

from nominations.models.nominations import Nomination
from permissions.models import Officer


class Typed(models.Model):
    """The fields of one officer's draft form as they were typed, on one revision of the file."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="typed")
    officer = models.ForeignKey(Officer, models.CASCADE, related_name="+")
    revision = models.PositiveIntegerField()  # of the file, when it was typed
    fields = models.TextField()  # as a form sends them; without identity numbers
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["nomination", "officer"], name="typed_once")]

"""How far an officer has seen the story of a file: what came since is marked when they open it again."""

from django.db import models

from nominations.models.nominations import Nomination
from permissions.models import Officer


class Look(models.Model):
    """The last event of a file that one officer was shown; it proves nothing and nobody else sees it."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="+")
    officer = models.ForeignKey(Officer, models.CASCADE, related_name="+")
    at = models.DateTimeField()  # the moment of that event

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["officer", "nomination"], name="look_once")]

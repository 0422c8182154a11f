"""How often an address asked for public pages in a minute."""

from django.db import models


class Visit(models.Model):
    """The count of one address, known by a digest, in one minute."""

    address = models.CharField(max_length=64)
    minute = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["address", "minute"], name="visit_once")]

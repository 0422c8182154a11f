"""A narrowed list of files that somebody comes back to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from permissions.models import Officer


class SavedFilter(models.Model):
    """The filters of the list of files under a name; the address they make can be given to anybody."""

    officer = models.ForeignKey(Officer, models.CASCADE, related_name="saved_filters")
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(max_length=500)  # as in the address

    class Meta:
        default_permissions = ()
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["officer", "name"], name="saved_filter_once")]

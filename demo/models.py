"""The letters of the demo: they land here instead of leaving."""

from django.db import models


class Letter(models.Model):
    """One letter to one address, as a mail server would have taken it."""

    to = models.EmailField(db_index=True)
    subject = models.CharField(max_length=500)
    text = models.TextField()
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]

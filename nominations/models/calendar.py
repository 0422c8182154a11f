"""The days that the state's offices do not work, or work though it is a weekend: the table wins over any program."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarDay(models.Model):
    """One day that differs from the week's order, with the document that says so; ordinary weekends have no row."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("Public holiday")
        OFF_SWAP = "off_swap", _("Day off, worked on another day")
        WORKING_SWAP = "working_swap", _("Weekend day worked instead")

    day = models.DateField(_("day"), unique=True)
    kind = models.CharField(_("kind of day"), max_length=12, choices=Kind)
    name = models.CharField(_("name of the day"), max_length=200)
    legal_document = models.CharField(_("legal document"), max_length=300)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}"

"""Validity from a day (included) to a day (excluded), shared by all that law can change."""

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


def valid_on(day: date, prefix: str = "") -> Q:
    """Return what is valid on `day` (a legal day); `prefix` walks a relation ("unit__")."""
    begun = Q(**{f"{prefix}valid_from__lte": day})
    not_ended = Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gt": day})
    return begun & not_ended


def overlaps(start: date, end: date | None) -> Q:
    """Return what is valid on any day from `start` to before `end` (None: open)."""
    query = Q(valid_to=None) | Q(valid_to__gt=start)
    return query & Q(valid_from__lt=end) if end else query


class DatedQuerySet(models.QuerySet):
    def on(self, day: date) -> Self:
        """Keep the rows valid on the legal day `day`."""
        return self.filter(valid_on(day))


class Dated(models.Model):
    """Half-open validity; screens show `last_day`."""

    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to (not included)"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="%(app_label)s_%(class)s_dates",
            )
        ]

    def has_ended(self, day: date) -> bool:
        """Whether it holds no more on the legal day `day`."""
        return self.valid_to is not None and self.valid_to <= day

    @property
    def last_day(self) -> date | None:
        return self.valid_to - timedelta(days=1) if self.valid_to else None


class Revocable(Dated):
    """Validity that can be taken away at once: what ends on the day on which it began never held."""

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="%(app_label)s_%(class)s_dates",
            )
        ]

    @property
    def never_held(self) -> bool:
        return self.valid_to == self.valid_from

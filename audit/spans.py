"""A span of time in words: its two greatest parts."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def lasting(lasted: timedelta) -> str:
    """Return a span in words: "3 days, 4 hours"; what is below a minute is not counted."""
    days, minutes = lasted.days, lasted.seconds // 60
    hours, minutes = divmod(minutes, 60)
    parts = [
        (days, ngettext("%(n)s day", "%(n)s days", days) % {"n": days}),
        (hours, ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}),
        (minutes, ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}),
    ]
    first = next((place for place, (count, _text) in enumerate(parts) if count), None)
    if first is None:
        return _("less than a minute")
    return ", ".join(text for count, text in parts[first : first + 2] if count)

"""The two days that the demo walks: one under three levels of government, one under two."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

SESSION_KEY = "demo_day"


@dataclass(frozen=True)
class Day:
    """A legal day of the demo; `value` is what the form posts, `selected` the one offered first."""

    day: date
    words: str
    selected: bool = False

    @property
    def value(self) -> str:
        return self.day.isoformat()

    @property
    def label(self) -> str:
        return f"{self.day:%d/%m/%Y}: {self.words}"


THREE_LEVELS = Day(date(2024, 11, 5), _("three levels: commune, district, province"))
TWO_LEVELS = Day(date(2026, 11, 24), _("two levels: commune, province"), selected=True)
DAYS = (THREE_LEVELS, TWO_LEVELS)


def day_of(value: str | None) -> date | None:
    """Return the demo's day that `value` names (ISO text); None when it names none of them."""
    return next((item.day for item in DAYS if item.value == value), None)

"""What a verification looked at, and what it found."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

MOST_FAULTS = 100  # more than a person reads; the count goes on


@dataclass(frozen=True)
class Fault:
    """Something that is not as it was written: at which event (or checkpoint), and what."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass
class Report:
    """What a verification looked at, and what it found, in the order of the log."""

    events: int = 0
    size: int = 0  # of the log
    faults: list[Fault] = field(default_factory=list)
    count: int = 0  # of faults, those beyond `MOST_FAULTS` among them

    def fault(self, where: str, what: str) -> None:
        self.count += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(where, what))

    @property
    def sound(self) -> bool:
        return not self.count

    @contextmanager
    def part(self, where: str) -> Iterator[None]:
        """One part of a verification: whatever a changed row breaks in it is a finding, and stops no other part."""
        try:
            with transaction.atomic():
                yield
        except Exception as error:
            logger.exception("a verification could not finish: %s", where)
            self.fault(where, _("could not be finished: %(error)s") % {"error": error})

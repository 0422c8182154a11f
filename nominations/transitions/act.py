"""What a transition is told, and what it tells back to the engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from nominations.states import Action
from permissions.models import Appointment, Officer


@dataclass(frozen=True)
class Act:
    """One act under way: already permitted, under the lock."""

    action: Action
    actor: Officer
    post: Appointment
    payload: Mapping[str, Any]
    day: date  # the legal day by which it is judged
    now: datetime  # the database's time


@dataclass
class Done:
    """What came of it, for the ledger. `text` holds what is personal, `data` what is not."""

    reason_code: str = ""
    content_digest: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    text: dict[str, Any] = field(default_factory=dict)
    leg_id: int | None = None
    remarks: list[dict[str, Any]] = field(default_factory=list)

"""What a transition is told, what it tells back to the engine, and the one way in which it writes a stay."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from nominations.actions import Action
from nominations.models import AwardDecision, Nomination
from nominations.states import Recall
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


def begin_stay(subject: Nomination | AwardDecision, act: Act, *, recallable: bool = True) -> None:
    """Begin a new stay at a step: who sent it may take it back until somebody there opens it."""
    subject.since = act.now
    subject.sent_from, subject.sent_post = (str(act.action.source), act.post) if recallable else ("", None)
    subject.opened_at = subject.opened_by = None
    subject.recall = Recall.NONE

"""What a transition is told, what it tells back to the engine, and the one way in which it writes a stay."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from nominations.actions import Action
from nominations.models import AwardDecision, Nomination, Opinion
from nominations.signatures import Signature, signed
from nominations.states import Recall
from nominations.transitions import timing
from permissions.models import Appointment, Delegation, Officer


@dataclass(frozen=True)
class Act:
    """One act under way: already permitted, under the lock."""

    action: Action
    actor: Officer
    post: Appointment
    payload: Mapping[str, Any]
    day: date  # the legal day by which it is judged
    now: datetime  # the database's time
    delegation: Delegation | None = None  # by which the post is somebody else's
    deemed: Mapping[str, Any] | None = (
        None  # the time limit by whose end it counts as done; None: a person's act
    )

    @property
    def signature(self) -> Signature:
        return signed(self.actor, self.post, self.action.right, self.delegation)


@dataclass
class Done:
    """What came of it, for the ledger. `text` holds what is personal, `data` what is not."""

    reason_code: str = ""
    content_digest: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    text: dict[str, Any] = field(default_factory=dict)
    leg_id: int | None = None
    remarks: list[dict[str, Any]] = field(default_factory=list)
    opinion: Opinion | None = None  # asked for or answered, still to be stored with the act


def begin_stay(subject: Nomination | AwardDecision, act: Act, *, recallable: bool = True) -> None:
    """Begin a new stay at a step: who sent it may take it back until somebody there opens it."""
    fresh, before = new_stay(act.now), subject.clock_before
    subject.clock_before = timing.leave(subject) if recallable else None
    if recallable:
        fresh |= {"sent_from": str(act.action.source), "sent_post": act.post, "sent_by": act.actor}
    for name, value in fresh.items():
        setattr(subject, name, value)
    if act.action.name in ("recall", "grant_recall"):
        timing.take_back(subject, before)
    else:
        timing.arrive(subject, act.now)


def new_stay(now: datetime) -> dict[str, Any]:
    """Return what a subject knows at the beginning of a stay that nobody may take back."""
    return {
        "since": now,
        "sent_from": "",
        "sent_post": None,
        "sent_by": None,
        "opened_at": None,
        "opened_by": None,
        "recall": Recall.NONE,
    }

"""Who answers for a step: those to whom its delay is reported, by right and by where it is held."""

from dataclasses import dataclass
from enum import StrEnum

from nominations.models import AwardDecision, Nomination
from nominations.states import DecisionState, State
from permissions.catalogue import Right
from permissions.models import Unit


class Where(StrEnum):
    """The body at which the right must be held."""

    HOLDER = "holder"  # where the file waits
    HOME = "home"  # the body that appraises the round
    OFFICE = "office"
    DECIDING = "deciding"


@dataclass(frozen=True)
class Head:
    """Whoever holds `right` at a body."""

    right: Right
    where: Where = Where.HOLDER


W = Where
# Of a step that the head of a body does, the body above answers. Above the Chairman nobody does: no row.
HEADS: dict[str, Head] = {
    State.REVIEW: Head(Right.ENDORSE),
    State.ENDORSE: Head(Right.ASSIGN_APPRAISAL, W.HOME),
    State.INTAKE: Head(Right.ASSIGN_APPRAISAL),
    State.APPRAISE: Head(Right.ASSIGN_APPRAISAL),
    State.CONFIRM: Head(Right.SUBMIT_DECISION),
    State.AWAIT_DECISION: Head(Right.SUBMIT_DECISION),
    DecisionState.COMPILE: Head(Right.SUBMIT_DECISION),
    DecisionState.SUBMIT: Head(Right.SIGN_DECISION, W.DECIDING),
    DecisionState.CHECK: Head(Right.SIGN_DECISION, W.DECIDING),
    DecisionState.ISSUE_NUMBER: Head(Right.CHECK_DECISION, W.OFFICE),
    DecisionState.PUBLISH: Head(Right.CHECK_DECISION, W.OFFICE),
}


def head_of(subject: Nomination | AwardDecision) -> tuple[Right, Unit] | None:
    """Return by which right, at which unit, somebody answers for the step where `subject` waits."""
    head = HEADS.get(subject.state)
    if head is None or subject.holder is None:
        return None
    programme = subject.round.programme
    bodies = {
        Where.HOLDER: subject.holder,
        Where.HOME: programme.appraising_unit,
        Where.OFFICE: programme.office_unit,
        Where.DECIDING: programme.deciding_unit,
    }
    return head.right, bodies[head.where]

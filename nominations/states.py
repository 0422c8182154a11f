"""The table is the specification: every state a file or decision can be in, and what may become of a nominee."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a nomination is. An open state is also the name of the one open node of its flow."""

    DRAFT = "draft", _("Draft")
    SIGN_PROPOSAL = "sign_proposal", _("Waiting for the head's signature")
    REVIEW = "review", _("Under review")
    ENDORSE = "endorse", _("Waiting for endorsement")
    INTAKE = "intake", _("Waiting for intake")
    SUPPLEMENT = "supplement", _("Supplement requested")
    APPRAISE = "appraise", _("Under appraisal")
    CONFIRM = "confirm", _("Waiting for confirmation")
    AWAIT_DECISION = "await_decision", _("Waiting for the decision")
    CLOSED = "closed", _("Concluded")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    WRONG_ROUTE = "wrong_route", _("Returned: wrong route")
    LAPSED = "lapsed", _("Lapsed: not submitted before the round closed")


ENDED = (State.CLOSED, State.REJECTED, State.WITHDRAWN, State.WRONG_ROUTE, State.LAPSED)
OPEN = tuple(state for state in State if state not in ENDED)
NOT_SUBMITTED = (State.DRAFT, State.SIGN_PROPOSAL)
WRITING = (State.DRAFT, State.SUPPLEMENT)  # the unit writes


class DecisionState(models.TextChoices):
    """Where an award decision is; an open state is the name of its one open node."""

    COMPILE = "compile", _("Being compiled")
    SUBMIT = "submit", _("Waiting for the director's signature")
    CHECK = "check", _("Being checked by the Office")
    SIGN = "sign", _("Waiting for signature")
    ISSUE_NUMBER = "issue_number", _("Signed, waiting for its number")
    PUBLISH = "publish", _("Numbered, waiting for publication")
    PUBLISHED = "published", _("Published")
    ABANDONED = "abandoned", _("Abandoned")


DECISION_ENDED = (DecisionState.PUBLISHED, DecisionState.ABANDONED)
SIGNED = (DecisionState.ISSUE_NUMBER, DecisionState.PUBLISH, DecisionState.PUBLISHED)
DECISION_OPEN = tuple(state for state in DecisionState if state not in DECISION_ENDED)


class Outcome(models.TextChoices):
    """What became of a nominee."""

    PENDING = "pending", _("Pending")
    INELIGIBLE = "ineligible", _("Not eligible")
    AWARDED = "awarded", _("Awarded")
    NOT_SELECTED = "not_selected", _("Not selected within the quota")
    STRUCK_OUT = "struck_out", _("Struck out by the signer")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    NOT_CONSIDERED = "not_considered", _("Not considered")  # the file ended before it was judged


NOT_AWARDED = tuple(outcome for outcome in Outcome if outcome not in (Outcome.PENDING, Outcome.AWARDED))


class Assessment(models.TextChoices):
    """The appraiser's conclusion on a nominee."""

    NONE = "", _("Not yet appraised")
    ELIGIBLE = "eligible", _("Eligible")
    INELIGIBLE = "ineligible", _("Not eligible")


class ReasonCode(models.TextChoices):
    """The legal grounds for which a commendation is refused."""

    WRONG_SUBJECT = "wrong_subject", _("Not an eligible subject")
    BELOW_STANDARD = "below_standard", _("Does not meet the standard")
    INCOMPLETE = "incomplete", _("The file is incomplete")
    VIOLATION = "violation", _("Violation of the law")
    QUOTA = "quota", _("Beyond the quota, by rank")
    SIGNER = "signer", _("Struck out by the competent signer")
    WRONG_ROUTE = "wrong_route", _("Not the right route")


REJECTION_CODES = (
    ReasonCode.WRONG_SUBJECT,
    ReasonCode.BELOW_STANDARD,
    ReasonCode.INCOMPLETE,
    ReasonCode.VIOLATION,
)


class Level(models.TextChoices):
    """The level at which a step handles a file: nobody handles two levels of one file."""

    PROPOSER = "proposer", _("Proposing unit")
    REVIEW = "review", _("Reviewing body")
    APPRAISAL = "appraisal", _("Home Affairs")
    DECISION = "decision", _("Chairman and Office")


LEVELS: dict[str, Level] = {
    State.DRAFT: Level.PROPOSER,
    State.SIGN_PROPOSAL: Level.PROPOSER,
    State.SUPPLEMENT: Level.PROPOSER,
    State.REVIEW: Level.REVIEW,
    State.ENDORSE: Level.REVIEW,
    State.INTAKE: Level.APPRAISAL,
    State.APPRAISE: Level.APPRAISAL,
    State.CONFIRM: Level.APPRAISAL,
    State.AWAIT_DECISION: Level.APPRAISAL,
    DecisionState.COMPILE: Level.APPRAISAL,
    DecisionState.SUBMIT: Level.APPRAISAL,
    DecisionState.CHECK: Level.DECISION,
    DecisionState.SIGN: Level.DECISION,
    DecisionState.ISSUE_NUMBER: Level.DECISION,
    DecisionState.PUBLISH: Level.DECISION,
}

# Writing at a draft is no act, but it makes an author: this is its name in `Handling`.
EDIT = "edit"

# Whoever did the act named last does not do the step named first, on the same version.
FOUR_EYES: dict[str, str] = {State.CONFIRM: "conclude"}

# Where one of several officers takes a file into their hands; the others then leave it alone.
ASSIGNABLE = (State.REVIEW, State.INTAKE, State.APPRAISE)


class Recall(models.TextChoices):
    """What became of the sender's request to have a file back that was opened already."""

    NONE = "", _("None")
    ASKED = "asked", _("Asked for")
    DECLINED = "declined", _("Declined")

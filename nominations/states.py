"""The table is the specification: every state, and every action that leads from one to another."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permissions.catalogue import Right


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

# Who did the step named last may not do the step named first, on the same version.
FOUR_EYES: dict[str, str] = {State.CONFIRM: State.APPRAISE}


class Needs(StrEnum):
    """What an action asks of the person, besides the click."""

    NOTHING = "nothing"
    NOTE = "note"  # a reason in words
    REMARKS = "remarks"  # itemised remarks
    CODE = "code"  # a legal reason code and a reason in words
    APPRAISAL = "appraisal"  # conclusion, points and remark for each nominee
    STRIKES = "strikes"  # optionally: lines struck out, each with a reason


@dataclass(frozen=True)
class Action:
    """One row of the specification."""

    name: str
    source: str
    targets: tuple[str, ...]
    right: Right
    label: str | Promise
    needs: Needs = Needs.NOTHING
    option: bool = False  # a button only; it puts nothing into an inbox
    tone: str = "secondary"  # how prominent the button is: primary, secondary, danger
    effects: str | Promise = ""  # the sentence beside the button: what will happen

    @property
    def key(self) -> tuple[str, str]:
        return (self.source, self.name)


S, D, N = State, DecisionState, Needs

# fmt: off
NOMINATION_ACTIONS = (
    Action("propose", S.DRAFT, (S.SIGN_PROPOSAL,), Right.PREPARE,
           _("Present to the head for signature"), tone="primary",
           effects=_("The head of the unit signs next; the draft can no longer be edited.")),
    Action("submit", S.SIGN_PROPOSAL, (S.REVIEW, S.INTAKE), Right.SIGN_PROPOSAL,
           _("Sign and submit the file"), tone="primary",
           effects=_("The content is frozen as a version and goes to the next body of the route.")),
    Action("send_back", S.SIGN_PROPOSAL, (S.DRAFT,), Right.SIGN_PROPOSAL,
           _("Send back to the clerk"), N.NOTE,
           effects=_("The clerk corrects the draft and presents it again.")),
    Action("forward", S.REVIEW, (S.ENDORSE,), Right.REVIEW,
           _("Forward for endorsement"), tone="primary",
           effects=_("The head of this body endorses next.")),
    Action("return", S.REVIEW, (S.DRAFT,), Right.REVIEW, _("Return the file"), N.REMARKS,
           effects=_("The proposing unit corrects the file and submits a new version.")),
    Action("reject", S.REVIEW, (S.REJECTED,), Right.REVIEW, _("Reject the file"), N.CODE,
           tone="danger", effects=_("The file ends; every nominee is ineligible on this legal ground.")),
    Action("endorse", S.ENDORSE, (S.REVIEW, S.INTAKE), Right.ENDORSE,
           _("Endorse and submit upward"), tone="primary",
           effects=_("The file goes to the next body of the route.")),
    Action("return", S.ENDORSE, (S.DRAFT,), Right.ENDORSE, _("Return the file"), N.REMARKS,
           effects=_("The proposing unit corrects the file and submits a new version.")),
    Action("reject", S.ENDORSE, (S.REJECTED,), Right.ENDORSE, _("Reject the file"), N.CODE,
           tone="danger", effects=_("The file ends; every nominee is ineligible on this legal ground.")),
    Action("accept", S.INTAKE, (S.APPRAISE,), Right.RECEIVE, _("Receive the file"), tone="primary",
           effects=_("The file is complete; appraisal begins.")),
    Action("return", S.INTAKE, (S.DRAFT,), Right.RECEIVE, _("Return the file"), N.REMARKS,
           effects=_("The proposing unit corrects the file and submits a new version.")),
    Action("reject", S.INTAKE, (S.REJECTED,), Right.RECEIVE, _("Reject the file"), N.CODE,
           tone="danger", effects=_("The file ends; every nominee is ineligible on this legal ground.")),
    Action("conclude", S.APPRAISE, (S.CONFIRM,), Right.APPRAISE,
           _("Conclude the appraisal"), N.APPRAISAL, tone="primary",
           effects=_("The head of division confirms next.")),
    Action("confirm", S.CONFIRM, (S.AWAIT_DECISION, S.CLOSED), Right.CONFIRM,
           _("Confirm the appraisal"), tone="primary",
           effects=_("Eligible nominees wait for the decision; the others are ineligible.")),
    Action("send_back", S.CONFIRM, (S.APPRAISE,), Right.CONFIRM, _("Back to appraisal"), N.NOTE,
           effects=_("The appraiser concludes again.")),
)

DECISION_ACTIONS = (
    Action("propose", D.COMPILE, (D.SUBMIT,), Right.COMPILE,
           _("Present to the director"), tone="primary",
           effects=_("The list is frozen; the director submits it next.")),
    Action("abandon", D.COMPILE, (D.ABANDONED,), Right.COMPILE, _("Abandon the draft"), N.NOTE,
           option=True, tone="danger", effects=_("The nominees wait for another decision.")),
    Action("submit", D.SUBMIT, (D.CHECK,), Right.SUBMIT_DECISION,
           _("Sign the submission to the Chairman"), tone="primary",
           effects=_("The Office of the People's Committee checks next.")),
    Action("return", D.SUBMIT, (D.COMPILE,), Right.SUBMIT_DECISION, _("Back to compilation"), N.NOTE),
    Action("pass", D.CHECK, (D.SIGN,), Right.CHECK_DECISION,
           _("Present for signature"), tone="primary", effects=_("The Chairman signs next.")),
    Action("return", D.CHECK, (D.COMPILE,), Right.CHECK_DECISION,
           _("Return to Home Affairs"), N.NOTE),
    Action("sign", D.SIGN, (D.ISSUE_NUMBER,), Right.SIGN_DECISION,
           _("Sign the decision"), N.STRIKES, tone="primary",
           effects=_("The list is final; the records clerk issues the number.")),
    Action("return", D.SIGN, (D.COMPILE,), Right.SIGN_DECISION,
           _("Return with remarks"), N.NOTE),
    Action("issue_number", D.ISSUE_NUMBER, (D.PUBLISH,), Right.ISSUE_NUMBER,
           _("Issue the number"), tone="primary",
           effects=_("The next number of the year is taken and cannot be used again.")),
    Action("publish", D.PUBLISH, (D.PUBLISHED,), Right.ISSUE_NUMBER,
           pgettext_lazy("decision", "Publish the decision"), tone="primary",
           effects=_("Every nominee of the list gets the outcome; the units are told.")),
)
# fmt: on

NOMINATION_TABLE: dict[tuple[str, str], Action] = {action.key: action for action in NOMINATION_ACTIONS}
DECISION_TABLE: dict[tuple[str, str], Action] = {action.key: action for action in DECISION_ACTIONS}


def actions_from(state: str) -> tuple[Action, ...]:
    """Return the actions that lead from `state` (of a nomination or of a decision)."""
    every = (*NOMINATION_ACTIONS, *DECISION_ACTIONS)
    return tuple(action for action in every if action.source == state)

"""Every action on a nomination, as a table that a lawyer can read."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from nominations.actions.row import Action, Condition, Needs, Seat, recall, recalls
from nominations.states import State
from permissions.catalogue import Right

S, N, C, R = State, Needs, Condition, Right

TO_THE_UNIT = _("The proposing unit corrects the file and submits a new version.")
RETURNS = _("The step before corrects what the remarks name, and sends the file on again.")
FILE_ENDS = _("The file ends; every nominee is ineligible on this legal ground.")
SUPPLEMENTS = _("The proposing unit adds what is missing; the file then comes straight back here.")
WRONG_ROUTE = _("The file ends unjudged; the unit is told to which body it belongs.")


# fmt: off
def withdraw(state: str, *requires: Condition) -> Action:
    return Action("withdraw", state, (S.WITHDRAWN,), R.SIGN_PROPOSAL, _("Withdraw the file"), N.NOTE,
                  option=True, tone="danger", seat=Seat.PROPOSER, requires=requires,
                  effects=_("The file ends; its nominees are withdrawn. This cannot be taken back."))


def hand_over(state: str, *targets: str) -> Action:
    return Action("hand_over", state, targets or (state,), R.REROUTE,
                  _("Hand over to the succeeding unit"), N.SUCCESSOR, option=True, seat=Seat.HOME,
                  requires=(C.UNIT_ENDED,),
                  effects=_("The proposing unit no longer exists; its successor carries on with the file."))


def reroute_ended(state: str) -> Action:
    return Action("reroute", state, (S.REVIEW, S.INTAKE), R.REROUTE, _("Re-route the file"), N.BODY,
                  option=True, seat=Seat.HOME, requires=(C.BODY_ENDED,),
                  effects=_("The body where it waits no longer exists; the file goes on by another way."))


def assignment(state: str, right: Right, assign: Right) -> Iterator[Action]:
    """Claim and release by who does the work; assign and reassign by their head."""
    yield Action("claim", state, (state,), right, _("Take the file into my hands"), option=True,
                 requires=(C.UNASSIGNED,), effects=_("The others at this step leave it alone."))
    yield Action("release", state, (state,), right, _("Give the file free"), option=True,
                 requires=(C.MINE,), effects=_("Everybody at this step may take it again."))
    yield Action("assign", state, (state,), assign, _("Assign the file"), N.OFFICER, option=True,
                 effects=_("The officer chosen handles it; whoever had it before no longer does."))


NOMINATION_ACTIONS = (
    Action("propose", S.DRAFT, (S.SIGN_PROPOSAL,), R.PREPARE,
           _("Present to the head for signature"), tone="primary", requires=(C.REMARKS_DONE,),
           effects=_("The head of the unit signs next; the draft can no longer be edited.")),
    recall(S.DRAFT, S.SIGN_PROPOSAL, S.REVIEW, S.ENDORSE, S.INTAKE),
    withdraw(S.DRAFT),
    hand_over(S.DRAFT),

    Action("submit", S.SIGN_PROPOSAL, (S.REVIEW, S.INTAKE, S.APPRAISE), R.SIGN_PROPOSAL,
           _("Sign and submit the file"), tone="primary", signs=True,
           effects=_("The content is frozen as a version and goes to the next body of the route.")),
    Action("send_back", S.SIGN_PROPOSAL, (S.DRAFT, S.SUPPLEMENT), R.SIGN_PROPOSAL,
           _("Send back to the clerk"), N.REMARKS,
           effects=_("The clerk corrects the draft and presents it again.")),
    *recalls(S.SIGN_PROPOSAL, R.SIGN_PROPOSAL, S.DRAFT, S.SUPPLEMENT),
    withdraw(S.SIGN_PROPOSAL),
    hand_over(S.SIGN_PROPOSAL, S.DRAFT, S.SUPPLEMENT),

    Action("forward", S.REVIEW, (S.ENDORSE,), R.REVIEW,
           _("Forward for endorsement"), tone="primary", requires=(C.REMARKS_DONE,),
           effects=_("The head of this body endorses next.")),
    Action("return", S.REVIEW, (S.DRAFT, S.ENDORSE), R.REVIEW, _("Return the file"), N.REMARKS,
           effects=RETURNS),
    Action("reject", S.REVIEW, (S.REJECTED,), R.REVIEW, _("Reject the file"), N.CODE,
           tone="danger", effects=FILE_ENDS),
    Action("wrong_route", S.REVIEW, (S.WRONG_ROUTE,), R.REVIEW, _("Return: wrong route"), N.BODY,
           tone="danger", effects=WRONG_ROUTE),
    *assignment(S.REVIEW, R.REVIEW, R.ASSIGN),
    *recalls(S.REVIEW, R.REVIEW, S.SIGN_PROPOSAL, S.ENDORSE),
    withdraw(S.REVIEW),
    reroute_ended(S.REVIEW),

    Action("endorse", S.ENDORSE, (S.REVIEW, S.INTAKE), R.ENDORSE,
           _("Endorse and submit upward"), tone="primary", signs=True, requires=(C.REMARKS_DONE,),
           effects=_("The file goes to the next body of the route.")),
    Action("return", S.ENDORSE, (S.DRAFT, S.REVIEW), R.ENDORSE, _("Return the file"), N.REMARKS,
           effects=RETURNS),
    Action("reject", S.ENDORSE, (S.REJECTED,), R.ENDORSE, _("Reject the file"), N.CODE,
           tone="danger", effects=FILE_ENDS),
    *recalls(S.ENDORSE, R.ENDORSE, S.REVIEW, S.INTAKE, S.APPRAISE),
    withdraw(S.ENDORSE),
    reroute_ended(S.ENDORSE),

    Action("accept", S.INTAKE, (S.APPRAISE,), R.RECEIVE, _("Receive the file"), tone="primary",
           requires=(C.REMARKS_DONE,), effects=_("The file is complete; appraisal begins.")),
    Action("request_supplement", S.INTAKE, (S.SUPPLEMENT,), R.RECEIVE, _("Request a supplement"),
           N.REMARKS, requires=(C.SUPPLEMENT_LEFT,), effects=SUPPLEMENTS),
    Action("return", S.INTAKE, (S.DRAFT, S.ENDORSE), R.RECEIVE, _("Return the file"), N.REMARKS,
           effects=RETURNS),
    Action("reroute", S.INTAKE, (S.REVIEW,), R.RECEIVE, _("Send on to the right body"), N.BODY,
           requires=(C.REROUTE_ALLOWED,),
           effects=_("The body named reviews the file; its way so far stays in the history.")),
    Action("wrong_route", S.INTAKE, (S.WRONG_ROUTE,), R.RECEIVE, _("Return: wrong route"), N.BODY,
           tone="danger", effects=WRONG_ROUTE),
    Action("reject", S.INTAKE, (S.REJECTED,), R.RECEIVE, _("Reject the file"), N.CODE,
           tone="danger", effects=FILE_ENDS),
    *assignment(S.INTAKE, R.RECEIVE, R.ASSIGN_APPRAISAL),
    *recalls(S.INTAKE, R.RECEIVE, S.SIGN_PROPOSAL, S.ENDORSE, S.APPRAISE),
    withdraw(S.INTAKE),

    Action("propose", S.SUPPLEMENT, (S.SIGN_PROPOSAL,), R.PREPARE,
           _("Present to the head for signature"), tone="primary", requires=(C.REMARKS_DONE,),
           effects=_("The head of the unit signs next; the draft can no longer be edited.")),
    Action("reject", S.SUPPLEMENT, (S.REJECTED,), R.RECEIVE, _("Reject: not supplemented"), N.CODE,
           option=True, tone="danger", seat=Seat.HOME, effects=FILE_ENDS),
    recall(S.SUPPLEMENT, S.SIGN_PROPOSAL, S.INTAKE, S.APPRAISE),
    withdraw(S.SUPPLEMENT),
    hand_over(S.SUPPLEMENT),

    Action("conclude", S.APPRAISE, (S.CONFIRM,), R.APPRAISE,
           _("Conclude the appraisal"), N.APPRAISAL, tone="primary", requires=(C.REMARKS_DONE, C.OPINIONS_IN),
           effects=_("The head of division confirms next.")),
    Action("request_supplement", S.APPRAISE, (S.SUPPLEMENT,), R.APPRAISE, _("Request a supplement"),
           N.REMARKS, requires=(C.SUPPLEMENT_LEFT,), effects=SUPPLEMENTS),
    Action("return", S.APPRAISE, (S.INTAKE, S.ENDORSE), R.APPRAISE, _("Return the file"), N.REMARKS,
           effects=RETURNS),
    Action("ask_opinion", S.APPRAISE, (S.APPRAISE,), R.APPRAISE, _("Ask another body for its opinion"),
           N.OPINION, option=True,
           effects=_("The file stays here and its deadline stands still until the answer is recorded.")),
    Action("record_opinion", S.APPRAISE, (S.APPRAISE,), R.APPRAISE, _("Record a body's opinion"),
           N.ANSWER, option=True, requires=(C.OPINION_OPEN,),
           effects=_("What the body answered stands on the file. No answer in time counts as no objection.")),
    *assignment(S.APPRAISE, R.APPRAISE, R.ASSIGN_APPRAISAL),
    *recalls(S.APPRAISE, R.APPRAISE, S.SIGN_PROPOSAL, S.INTAKE, S.CONFIRM),
    withdraw(S.APPRAISE),

    Action("confirm", S.CONFIRM, (S.AWAIT_DECISION, S.CLOSED), R.CONFIRM,
           _("Confirm the appraisal"), tone="primary",
           effects=_("Eligible nominees wait for the decision; the others are ineligible.")),
    Action("send_back", S.CONFIRM, (S.APPRAISE,), R.CONFIRM, _("Back to appraisal"), N.REMARKS,
           effects=_("The appraiser concludes again.")),
    *recalls(S.CONFIRM, R.CONFIRM, S.APPRAISE),
    withdraw(S.CONFIRM),

    Action("recall", S.AWAIT_DECISION, (S.CONFIRM,), None, _("Take the file back"), option=True,
           seat=Seat.SENDER, requires=(C.OFF_DECISION,),
           effects=_("It stands on no decision yet: it comes back to be confirmed again.")),
    withdraw(S.AWAIT_DECISION, C.OFF_DECISION),
)
# fmt: on

NOMINATION_TABLE: dict[tuple[str, str], Action] = {action.key: action for action in NOMINATION_ACTIONS}

"""Every action on an award decision, as a table that a lawyer can read."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nominations.actions.row import Action, Condition, Needs, recall, recalls
from nominations.states import DecisionState
from permissions.catalogue import Right

D, N, C, R = DecisionState, Needs, Condition, Right

# fmt: off
DECISION_ACTIONS = (
    Action("propose", D.COMPILE, (D.SUBMIT,), R.COMPILE,
           _("Present to the director"), tone="primary", requires=(C.REMARKS_DONE,),
           effects=_("The list is frozen; the director submits it next.")),
    Action("settle_tie", D.COMPILE, (D.COMPILE,), R.COMPILE, _("Decide between equals"), N.TIE, option=True,
           files=True,
           effects=_("Those chosen stand on the list; the others are left off, with this reason.")),
    Action("reorder", D.COMPILE, (D.COMPILE,), R.COMPILE, _("Reorder equals"), N.PLACE, option=True,
           effects=_("Only nominees with the same points change places.")),
    Action("leave_off", D.COMPILE, (D.COMPILE,), R.COMPILE, _("Leave a nominee off"), N.LINE, option=True,
           files=True,
           effects=_("The nominee waits for another decision and can be restored.")),
    Action("restore", D.COMPILE, (D.COMPILE,), R.COMPILE, _("Restore a nominee"), N.LINE, option=True,
           effects=_("The nominee stands on the list again, by points.")),
    Action("recall_nominee", D.COMPILE, (D.COMPILE,), R.COMPILE, _("Recall a nominee to appraisal"), N.LINE,
           option=True, files=True,
           effects=_("The file goes back to the appraiser; all its nominees leave this list.")),
    Action("refill", D.COMPILE, (D.COMPILE,), R.COMPILE, _("Fill the free places"), option=True,
           effects=_("The best of those who wait are added, within the quota.")),
    Action("abandon", D.COMPILE, (D.ABANDONED,), R.COMPILE, _("Abandon the draft"), N.NOTE,
           option=True, tone="danger", files=True, effects=_("The nominees wait for another decision.")),
    recall(D.COMPILE, D.SUBMIT, D.CHECK, D.SIGN),

    Action("submit", D.SUBMIT, (D.CHECK,), R.SUBMIT_DECISION,
           _("Sign the submission to the Chairman"), tone="primary", signs=True,
           effects=_("The Office of the People's Committee checks next.")),
    Action("return", D.SUBMIT, (D.COMPILE,), R.SUBMIT_DECISION, _("Back to compilation"), N.LINE_REMARKS,
           effects=_("The head of division corrects the list; what was said stays with it.")),
    *recalls(D.SUBMIT, R.SUBMIT_DECISION, D.COMPILE),

    Action("pass", D.CHECK, (D.SIGN,), R.CHECK_DECISION, _("Present for signature"), tone="primary",
           requires=(C.REMARKS_DONE,), effects=_("The Chairman signs next.")),
    Action("return", D.CHECK, (D.COMPILE,), R.CHECK_DECISION, _("Return to Home Affairs"), N.LINE_REMARKS,
           effects=_("Home Affairs corrects the list; what was said stays with it.")),
    *recalls(D.CHECK, R.CHECK_DECISION, D.SUBMIT, D.SIGN),

    Action("sign", D.SIGN, (D.ISSUE_NUMBER,), R.SIGN_DECISION,
           _("Sign the decision"), N.STRIKES, tone="primary", signs=True, files=True,
           effects=_("The list is final; the records clerk issues the number.")),
    Action("return", D.SIGN, (D.COMPILE, D.CHECK), R.SIGN_DECISION, _("Return with remarks"), N.LINE_REMARKS,
           effects=_("The step chosen corrects the list; what was said stays with it.")),
    *recalls(D.SIGN, R.SIGN_DECISION, D.CHECK),

    Action("issue_number", D.ISSUE_NUMBER, (D.PUBLISH,), R.ISSUE_NUMBER,
           _("Issue the number"), tone="primary",
           effects=_("The next number of the year is taken and cannot be used again.")),
    Action("return", D.ISSUE_NUMBER, (D.COMPILE,), R.ISSUE_NUMBER,
           _("Return: an error of form"), N.LINE_REMARKS,
           effects=_("The signature no longer stands: Home Affairs corrects the list, and it is signed anew.")),
    Action("publish", D.PUBLISH, (D.PUBLISHED,), R.ISSUE_NUMBER,
           pgettext_lazy("decision", "Publish the decision"), tone="primary", files=True,
           effects=_("Every nominee of the list gets the outcome; the units are told.")),
    Action("void_number", D.PUBLISH, (D.ISSUE_NUMBER,), R.ISSUE_NUMBER, _("Void the number"), N.NOTE,
           tone="danger",
           effects=_("The number keeps its place in the register, with this reason, and is never used again.")),
)
# fmt: on

DECISION_TABLE: dict[tuple[str, str], Action] = {action.key: action for action in DECISION_ACTIONS}

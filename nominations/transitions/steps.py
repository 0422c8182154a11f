"""Which function carries out which action: the names of the table, bound to their transitions."""

from collections.abc import Callable
from typing import Any

from nominations.actions import DECISION_ACTIONS, NOMINATION_ACTIONS
from nominations.models import AwardDecision, Nomination
from nominations.transitions import (
    assigning,
    compiling,
    decision,
    nomination,
    opining,
    recalling,
    returning,
)
from nominations.transitions.act import Act, Done

RECALLS: dict[str, Callable[[Any, Act], Done]] = {
    "recall": recalling.recall,
    "request_recall": recalling.request_recall,
    "grant_recall": recalling.recall,
    "decline_recall": recalling.decline_recall,
}

# An action means the same at whichever step the table offers it.
OF_NOMINATIONS: dict[str, Callable[[Nomination, Act], Done]] = {
    "propose": nomination.propose,
    "submit": nomination.submit,
    "forward": nomination.forward,
    "endorse": nomination.endorse,
    "accept": nomination.accept,
    "conclude": nomination.conclude,
    "confirm": nomination.confirm,
    "send_back": returning.give_back,
    "return": returning.give_back,
    "request_supplement": returning.request_supplement,
    "wrong_route": returning.wrong_route,
    "reroute": returning.reroute,
    "hand_over": returning.hand_over,
    "reject": returning.reject,
    "withdraw": returning.withdraw,
    "claim": assigning.claim,
    "release": assigning.release,
    "assign": assigning.assign,
    "ask_opinion": opining.ask,
    "record_opinion": opining.record,
    **RECALLS,
}
OF_DECISIONS: dict[str, Callable[[AwardDecision, Act], Done]] = {
    "propose": decision.propose,
    "submit": decision.submit,
    "pass": decision.pass_on,
    "return": decision.give_back,
    "sign": decision.sign,
    "issue_number": decision.issue_number,
    "void_number": decision.void_number,
    "publish": decision.publish,
    "abandon": decision.abandon,
    "settle_tie": compiling.settle_tie,
    "reorder": compiling.reorder,
    "leave_off": compiling.leave_off,
    "restore": compiling.restore,
    "recall_nominee": compiling.recall_nominee,
    "refill": compiling.refill,
    **RECALLS,
}

NOMINATION_STEPS = {action.key: OF_NOMINATIONS[action.name] for action in NOMINATION_ACTIONS}
DECISION_STEPS = {action.key: OF_DECISIONS[action.name] for action in DECISION_ACTIONS}

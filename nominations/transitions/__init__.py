"""The only writer of states. Imported by the engine alone, which holds the locks."""

from nominations.transitions.act import Act, Done
from nominations.transitions.closing import (
    Moved,
    close_round_files,
    reopen_for_appraisal,
    settle_decision,
    touched,
)
from nominations.transitions.decision import open_decision
from nominations.transitions.nomination import open_nomination
from nominations.transitions.steps import DECISION_STEPS, NOMINATION_STEPS

__all__ = [
    "DECISION_STEPS",
    "NOMINATION_STEPS",
    "Act",
    "Done",
    "Moved",
    "close_round_files",
    "open_decision",
    "open_nomination",
    "reopen_for_appraisal",
    "settle_decision",
    "touched",
]

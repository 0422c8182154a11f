"""The only writer of states. Imported by the engine alone, which holds the locks."""

from nominations.transitions.act import Act, Done
from nominations.transitions.closing import Closing, close_round_files, settle_decision
from nominations.transitions.decision import DECISION_STEPS, open_decision
from nominations.transitions.nomination import NOMINATION_STEPS, open_nomination

__all__ = [
    "DECISION_STEPS",
    "NOMINATION_STEPS",
    "Act",
    "Closing",
    "Done",
    "close_round_files",
    "open_decision",
    "open_nomination",
    "settle_decision",
]

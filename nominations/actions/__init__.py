"""The table is the specification: every action that leads from one state to another."""

from nominations.actions.decision import DECISION_ACTIONS, DECISION_TABLE
from nominations.actions.nomination import NOMINATION_ACTIONS, NOMINATION_TABLE
from nominations.actions.row import Action, Condition, Needs, Seat

__all__ = [
    "DECISION_ACTIONS",
    "DECISION_TABLE",
    "NOMINATION_ACTIONS",
    "NOMINATION_TABLE",
    "Action",
    "Condition",
    "Needs",
    "Seat",
    "actions_from",
]


def actions_from(state: str) -> tuple[Action, ...]:
    """Return the actions that lead from `state` (of a nomination or of a decision)."""
    every = (*NOMINATION_ACTIONS, *DECISION_ACTIONS)
    return tuple(action for action in every if action.source == state)

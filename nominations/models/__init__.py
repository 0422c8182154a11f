"""What: programmes, rounds and rules; nominations and nominees; award decisions."""

from nominations.models.calendar import CalendarDay
from nominations.models.deadlines import DeadlinePolicy
from nominations.models.decisions import (
    AwardDecision,
    DecisionLine,
    DecisionVersion,
    Register,
    RegisterNumber,
)
from nominations.models.filters import SavedFilter
from nominations.models.handling import Handling, Remark, RouteLeg
from nominations.models.lists import NomineeList
from nominations.models.looks import Look
from nominations.models.nominations import (
    Evidence,
    Nomination,
    NominationVersion,
    Nominee,
    Score,
)
from nominations.models.opinions import Opinion
from nominations.models.procedure import ProcedurePolicy
from nominations.models.programmes import Criterion, Programme, Quota, Round, RoutePolicy, RuleSet
from nominations.models.reach import Reach
from nominations.models.separation import Recusal, SeparationKind, SeparationRule
from nominations.models.typing import Typed

__all__ = [
    "AwardDecision",
    "CalendarDay",
    "Criterion",
    "DeadlinePolicy",
    "DecisionLine",
    "DecisionVersion",
    "Evidence",
    "Handling",
    "Look",
    "Nomination",
    "NominationVersion",
    "Nominee",
    "NomineeList",
    "Opinion",
    "ProcedurePolicy",
    "Programme",
    "Quota",
    "Reach",
    "Recusal",
    "Register",
    "RegisterNumber",
    "Remark",
    "Round",
    "RouteLeg",
    "RoutePolicy",
    "RuleSet",
    "SavedFilter",
    "Score",
    "SeparationKind",
    "SeparationRule",
    "Typed",
]

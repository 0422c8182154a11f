"""Who: units in a dated tree, officers, their appointments and dated grants."""

from permissions.models.delegations import Delegation
from permissions.models.grants import UnitGrant
from permissions.models.officers import Appointment, Density, Language, Officer
from permissions.models.pending import PendingAppointment
from permissions.models.ties import DeclaredTie
from permissions.models.units import Unit, UnitClosure, UnitParent, UnitSuccessor
from permissions.models.visits import Visit

__all__ = [
    "Appointment",
    "DeclaredTie",
    "Delegation",
    "Density",
    "Language",
    "Officer",
    "PendingAppointment",
    "Unit",
    "UnitClosure",
    "UnitGrant",
    "UnitParent",
    "UnitSuccessor",
    "Visit",
]

"""Who: units in a dated tree, officers, their appointments and dated grants."""

from permissions.models.grants import UnitGrant
from permissions.models.officers import Appointment, Officer
from permissions.models.units import Unit, UnitClosure, UnitParent, UnitSuccessor

__all__ = [
    "Appointment",
    "Officer",
    "Unit",
    "UnitClosure",
    "UnitGrant",
    "UnitParent",
    "UnitSuccessor",
]

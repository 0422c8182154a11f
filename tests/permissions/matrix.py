"""The expected answer to every question of the matrix, written by hand and from nothing in the product."""

from collections.abc import Collection, Iterator
from datetime import date

from permissions import grants
from permissions.models import Officer, Unit, UnitClosure
from tests import world as w
from tests.machine.reference import DECISION, NOMINATION

# (state, action) → the roles that may do it, at the unit where the file waits and nowhere else:
# the one table written by hand, which the state machine follows too
EXPECTED: dict[tuple[str, str], set[str]] = {
    step: roles for table in (NOMINATION, DECISION) for step, (roles, _next) in table.items()
}

# The kinds of unit on which each role may be held: the seats of the matrix.
PROPOSING = {
    "office", "department", "department_unit", "district", "district_unit", "commune",
    "commune_unit", "vertical_agency", "mass_organisation",
}  # fmt: skip
SEATS: dict[str, set[str]] = {
    "clerk": PROPOSING,
    "unit_head": PROPOSING,
    "unit_deputy": PROPOSING,
    "reviewer": {"district", "commune", "department"},
    "body_head": {"district", "commune", "department"},
    "intake_officer": {"department"},
    "appraiser": {"department"},
    "head_of_division": {"department"},
    "director": {"department"},
    "deputy_director": {"department"},
    "programme_administrator": {"department"},
    "office_specialist": {"office"},
    "records_clerk": {"office"},
    "chairman": {"province"},
    "deputy_chairman": {"province"},
    "system_administrator": {"province"},
    "auditor": {*PROPOSING, "province"},
}


def relation(seat: Unit, holder: Unit, day: date) -> str:
    """How the unit of a post stands to the unit where a file waits."""
    if seat == holder:
        return "own"
    closure = UnitClosure.objects.on(day)
    if closure.filter(ancestor=seat, unit=holder).exists():
        return "above"
    if closure.filter(ancestor=holder, unit=seat).exists():
        return "below"
    return "other" if seat.kind == holder.kind else "none"


def standing(seat: Unit, places: Collection[Unit], day: date) -> tuple[Unit | None, frozenset[str]]:
    """Which of the places is the seat's own, and the ways in which it stands to all."""
    return (seat if seat in places else None), frozenset(relation(seat, place, day) for place in places)


def newcomers(world: w.World) -> Iterator[tuple[str, Unit, Officer]]:
    """A person with one single post for every seat; none has had a hand in any file."""
    for role, kinds in SEATS.items():
        for place, unit in world.units.items():
            if unit.kind in kinds:
                officer = Officer.objects.create_user(f"new.{role}.{place}", f"Lê Văn {role} {place}")
                grants.appoint(
                    officer, role, unit, position=role, document="QĐ 3", valid_from=unit.valid_from
                )
                yield role, unit, officer

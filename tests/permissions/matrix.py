"""The expected answer to every question of the matrix, written by hand and from nothing in the product."""

from collections.abc import Collection, Iterator
from datetime import date

from permissions import grants
from permissions.models import Officer, Unit, UnitClosure
from tests import world as w
from tests.machine.reference import DECISION, NOMINATION
from workflows.asking import Subject

# (state, action) → who may do it, held where: the one table written by hand, which the state machine follows too
TABLE = NOMINATION | DECISION
SENDERS = {key for key, row in TABLE.items() if row.seat == "sender"}  # a newcomer has sent nothing
EXPECTED: dict[tuple[str, str], set[str]] = {key: set(row.roles) for key, row in TABLE.items()}
DUTIES = {key for key, row in TABLE.items() if row.duty}

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
    "council_secretary": {"department"},
    "council_member": {"province"},
    "certificate_printer": {"department"},
    "records_clerk": {"office"},
    "chairman": {"province"},
    "deputy_chairman": {"province"},
    "system_administrator": {"province"},
    "auditor": {*PROPOSING, "province"},
}


RELATIONS = ("own", "above", "below", "other", "none")


def seat_of(subject: Subject, action: str) -> Unit:
    """The unit at which the right for `action` must be held."""
    seat = TABLE[str(subject.state), action].seat
    if seat == "proposer":
        return subject.unit
    return subject.round.programme.appraising_unit if seat == "home" else subject.holder


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


def standing(seat: Unit, places: Collection[Unit], day: date) -> tuple[Unit | None, str]:
    """Which of the places is the seat's own, or else the nearest way in which it stands to any."""
    ways = {relation(seat, place, day) for place in places}
    return (seat if seat in places else None), next(way for way in RELATIONS if way in ways)


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

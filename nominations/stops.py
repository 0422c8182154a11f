"""The stops of a file: the bodies of the route in force, and those to which it can go back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from nominations.actions import Action
from nominations.models import Nomination, RouteLeg
from nominations.states import State
from permissions.models import Unit


@dataclass(frozen=True)
class Stop:
    """A step at a unit: where a file may wait."""

    state: str
    unit: Unit
    leg: RouteLeg | None = None

    @property
    def label(self) -> str:
        """The stop in words, for whoever chooses among several."""
        return _("%(unit)s: %(step)s") % {"unit": self.unit, "step": _step_of(self.state)}


def legs_of(nomination: Nomination) -> list[RouteLeg]:
    """Return the legs of the route in force, in order, each with its unit (one statement)."""
    legs = RouteLeg.objects.filter(nomination=nomination, version=nomination.route_version, dropped=False)
    return list(legs.select_related("unit").order_by("n"))


def current(legs: Sequence[RouteLeg]) -> RouteLeg | None:
    """Return the leg where the file stands; None when it is at no body of the route."""
    return next((leg for leg in legs if leg.arrived and not leg.left), None)


def ways_back(nomination: Nomination, action: Action, legs: Sequence[RouteLeg], day: date) -> list[Stop]:
    """Return the earlier stops to which `action` may lead, the usual one first; ended units take nothing back.

    `legs` are those in force; `day` the legal day.
    """
    here = current(legs)
    behind = [leg for leg in legs if leg.arrived and (here is None or leg.n < here.n)]
    before = behind[-1] if behind else None
    found = []
    for state in action.targets:
        if state in (State.DRAFT, State.SUPPLEMENT):
            if len(set(action.targets) & {State.DRAFT, State.SUPPLEMENT}) == 1 or state == drafting(
                nomination
            ):
                found.append(Stop(state, nomination.unit))
        elif state == State.REVIEW and here:
            found.append(Stop(state, here.unit, here))
        elif state == State.ENDORSE and before:
            found.append(Stop(state, before.unit, before))
        elif state in (State.INTAKE, State.APPRAISE):
            found.append(Stop(state, nomination.round.programme.appraising_unit))
    return [stop for stop in found if not stop.unit.has_ended(day)]


def drafting(nomination: Nomination) -> State:
    """Return the step at which the unit writes: the draft, or a supplement that was asked for."""
    return State.SUPPLEMENT if nomination.resume_at else State.DRAFT


def _step_of(state: str) -> str:
    words = {
        State.DRAFT: _("corrects and submits anew"),
        State.SUPPLEMENT: _("supplements"),
        State.REVIEW: _("reviews again"),
        State.ENDORSE: _("endorses again"),
        State.INTAKE: _("receives again"),
        State.APPRAISE: _("appraises again"),
    }
    return words[State(state)]

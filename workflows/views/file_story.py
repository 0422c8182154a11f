"""Where a file is on its way, and what changed in it since the version before."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from history import clock
from nominations import compare, routes, stops, story
from nominations import file as files
from nominations.content import nomination_content
from nominations.models import Nomination
from nominations.states import ENDED, NOT_SUBMITTED, WRITING, State
from permissions.models import Unit

AT_HOME = (State.INTAKE, State.APPRAISE, State.CONFIRM, State.SUPPLEMENT)


def route_steps(file: files.File, told: story.Story) -> list[dict[str, Any]]:
    """Return the way of the file as a line: each station with its unit, state and legal day."""
    nomination = file.nomination
    programme, state = nomination.round.programme, nomination.state
    legs = [] if state in NOT_SUBMITTED else file.legs
    bodies = _planned(nomination) if state in NOT_SUBMITTED else [leg.unit for leg in legs]
    last = told.moved()
    at = last.from_state if last and state in ENDED else state
    stations = [(_("Proposal"), nomination.unit), *((_("Review"), unit) for unit in bodies)]
    stations.append((_("Appraisal"), programme.appraising_unit))
    decided = state == State.CLOSED and at == State.AWAIT_DECISION
    if state != State.CLOSED or decided:  # else no nominee was left to decide on
        stations.append((_("Decision"), programme.deciding_unit))
    here = len(stations) if state == State.CLOSED else _station(at, legs, len(bodies))
    ended_early = state in ENDED and state != State.CLOSED
    returned = ended_early or state == State.SUPPLEMENT
    steps = []
    for number, (label, unit) in enumerate(stations):
        step = {"label": label, "unit": unit.name, "state": "next", "date": None}
        if number < here:
            step |= {"state": "done", "date": _left(told, number, unit, len(bodies), last)}
        elif number == here:
            step |= {"state": "returned" if returned else "current", "date": last.legal_day if last else None}
        steps.append(step)
    return steps


def _station(state: str, legs: Sequence[Any], bodies: int) -> int:
    """The number of the station at which a file in `state` is."""
    if state in NOT_SUBMITTED:
        return 0
    if state in AT_HOME:
        return bodies + 1
    if state == State.AWAIT_DECISION:
        return bodies + 2
    here = stops.current(legs)  # a file that ended at a body has left its leg: the last one reached
    reached = [number for number, leg in enumerate(legs, start=1) if leg.arrived]
    return legs.index(here) + 1 if here else (reached[-1] if reached else 1)


def _left(told: story.Story, number: int, unit: Unit, bodies: int, last: story.Line | None) -> date | None:
    """The legal day on which the file last left a station."""
    if number == 0:
        line = told.last("submit")
    elif number <= bodies:
        line = next((x for x in told.newest_first if x.action == "endorse" and x.unit == unit.name), None)
    else:
        line = told.last("confirm") if number == bodies + 1 else last
    return line.legal_day if line else None


def _planned(nomination: Nomination) -> list[Unit]:
    """The way that a signature today would open; none where the data name no way."""
    try:
        return routes.resolve(nomination.unit, clock.today())
    except ValidationError:
        return []


def comparison(nomination: Nomination, file: files.File) -> dict[str, Any] | None:
    """What changed since the version before: of the last version, or of a draft that is being corrected."""
    drafting = nomination.state in WRITING
    if nomination.version + drafting < 2:
        return None
    frozen = dict(
        nomination.versions.filter(number__gte=nomination.version - 1).values_list("number", "content")
    )
    before = frozen.get(nomination.version if drafting else nomination.version - 1)
    after = nomination_content(file) if drafting else frozen.get(nomination.version)
    if before is None or after is None:
        return None
    labels = {criterion.code: str(criterion) for criterion in file.criteria}
    found = compare.changes(before, after, labels)
    if drafting and not found:
        return None
    return {
        "groups": compare.grouped(found),
        "count": len(found),
        "before": nomination.version if drafting else nomination.version - 1,
        "after": 0 if drafting else nomination.version,
    }

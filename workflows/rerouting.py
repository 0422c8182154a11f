"""Files whose unit ends: each with where it will land, shown before and carried out in one step, all or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from nominations import choices, routes
from nominations.content import seen_digest
from nominations.models import Nomination
from nominations.states import State
from permissions import grants
from permissions.catalogue import Right
from permissions.models import Officer, Unit
from workflows import engine
from workflows.asking import Subject
from workflows.models import NominationProcess

INTAKE = "intake"  # straight to intake; the other choices are the keys of units
REVIEWING = (State.REVIEW, State.ENDORSE)
PROPOSING = (State.DRAFT, State.SIGN_PROPOSAL, State.SUPPLEMENT)


@dataclass(frozen=True)
class Landing:
    """A file that loses its unit, what is done with it, where it can land, and where it will unless chosen otherwise."""

    file: Nomination
    action: str  # "reroute" or "hand_over"
    options: tuple[tuple[str, str], ...]  # (INTAKE or the key of a unit, its name)
    proposed: str  # one of the options; "" when a person has to choose


def plan(officer: Officer, day: date) -> list[Landing]:
    """Return every open file that loses the unit where it waits, or that proposes it, by the legal day `day`.

    Only those that `officer` may lead on; the oldest first. Also for a day to come, so that everybody
    knows beforehand; carried out it can be from that day on. Statements grow with the units, not the files.
    """
    held = grants.units_where(officer, Right.REROUTE)
    ended = Q(state__in=REVIEWING, holder__valid_to__lte=day) | Q(
        state__in=PROPOSING, unit__valid_to__lte=day
    )
    files = (
        Nomination.objects.filter(ended, round__programme__appraising_unit__in=held)
        .select_related("unit", "holder", "round")
        .order_by("since", "pk")
    )
    bodies = tuple((str(unit.pk), unit.name) for unit in choices.bodies(day).order_by("name_sort"))
    carriers = {
        file.unit: tuple(choices.successors_of(file.unit, day))
        for file in {f.unit: f for f in files}.values()
    }
    first = {unit: _first_body(unit, after, day) for unit, after in carriers.items()}
    return [_landing(file, bodies, carriers[file.unit], first[file.unit]) for file in files]


def carry_out(
    landings: Sequence[Landing],
    chosen: Mapping[int, str],
    seen: Mapping[int, str],
    *,
    note: str,
    actor: Officer,
) -> list[Subject]:
    """Lead every file on as `chosen` (by the file's key), in one transaction; `seen` is what the page showed.

    Raises ValidationError for a file without a choice or a missing reason, and as `engine.act_on_all`.
    """
    keys = [landing.file.pk for landing in landings]
    missing = [
        str(landing.file)
        for landing in landings
        if chosen.get(landing.file.pk, "") not in dict(landing.options)
    ]
    if missing:
        raise ValidationError({"chosen": [_choose(reference) for reference in missing]})
    tasks = {
        task.process_id: task
        for task in engine.tasks_of(NominationProcess.objects.filter(nomination__in=keys))
    }
    processes = dict(NominationProcess.objects.filter(nomination__in=keys).values_list("nomination", "pk"))
    steps = [
        engine.Step(
            tasks[processes[landing.file.pk]],
            landing.action,
            seen.get(landing.file.pk, ""),
            {"unit": chosen[landing.file.pk].replace(INTAKE, ""), "note": note},
        )
        for landing in landings
        if processes[landing.file.pk] in tasks
    ]
    return engine.act_on_all(steps, actor=actor)


def digest_of(landing: Landing) -> str:
    """Return the digest of what the page shows of a file."""
    return seen_digest(landing.file)


def _landing(
    file: Nomination, bodies: tuple[tuple[str, str], ...], carriers: tuple[Unit, ...], first: str
) -> Landing:
    if file.state in PROPOSING:
        options = tuple((str(unit.pk), unit.name) for unit in carriers)
        return Landing(file, "hand_over", options, options[0][0] if len(options) == 1 else "")
    return Landing(file, "reroute", ((INTAKE, _("Straight to intake")), *bodies), first)


def _first_body(unit: Unit, successors: tuple[Unit, ...], day: date) -> str:
    """Where a file of `unit` goes by the route of the day; "" when that cannot be told."""
    proposers = successors if unit.has_ended(day) else (unit,)
    found = set()
    for proposer in proposers:
        try:
            route = routes.resolve(proposer, day)
        except ValidationError:
            return ""
        found.add(str(route[0].pk) if route else INTAKE)
    return found.pop() if len(found) == 1 else ""


def _choose(reference: str) -> str:
    return _("%(file)s: choose where it goes.") % {"file": reference}

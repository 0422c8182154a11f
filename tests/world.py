"""A small world for tests: units, people, the programme; and short ways to write, walk and decide a file."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from viewflow.workflow.models import Task

from history import clock
from nominations import programmes, remarks
from nominations.content import seen_digest
from nominations.models import (
    AwardDecision,
    Criterion,
    Evidence,
    Nomination,
    Nominee,
    Programme,
    Round,
    Score,
)
from nominations.models.programmes import NomineeKind
from nominations.states import ENDED, DecisionState, Level, State
from permissions.models import Appointment, Officer, Unit
from permissions.text import name_sort_key, search_key, sort_key
from tests import prepared
from tests.cast import GIVEN, OLD, REFORM, STAFF, UNITS, add_all_people, add_all_units
from workflows import engine
from workflows.asking import Subject
from workflows.flows import DecisionFlow, NominationFlow

D2024, D2026 = date(2024, 11, 5), date(2026, 11, 24)
PROGRAMME = Path(__file__).parents[1] / "nominations" / "data" / "programme.json"

# the way on from each state, and the role that walks it
WAY: dict[str, tuple[str, str]] = {
    State.DRAFT: ("propose", "clerk"),
    State.SIGN_PROPOSAL: ("submit", "unit_head"),
    State.REVIEW: ("forward", "reviewer"),
    State.ENDORSE: ("endorse", "body_head"),
    State.SUPPLEMENT: ("propose", "clerk"),
    State.INTAKE: ("accept", "intake_officer"),
    State.APPRAISE: ("conclude", "appraiser"),
    State.CONFIRM: ("confirm", "head_of_division"),
    DecisionState.COMPILE: ("propose", "head_of_division"),
    DecisionState.SUBMIT: ("submit", "director"),
    DecisionState.CHECK: ("pass", "office_specialist"),
    DecisionState.SIGN: ("sign", "chairman"),
    DecisionState.ISSUE_NUMBER: ("issue_number", "records_clerk"),
    DecisionState.PUBLISH: ("publish", "records_clerk"),
}


__all__ = ["D2024", "D2026", "OLD", "REFORM", "STAFF", "UNITS", "World", "act", "build", "walk"]


@dataclass(repr=False)
class World:
    """`world["clerk@commune"]` is a person, `world.units["commune"]` a unit, `world.round` the year's round."""

    units: dict[str, Unit]
    people: dict[str, Officer]
    programme: Programme
    rounds: dict[int, Round]
    criteria: list[Criterion]

    def __getitem__(self, who: str) -> Officer:
        return self.people[who]

    @property
    def round(self) -> Round:
        """The round of the legal day's year."""
        return self.rounds[clock.today().year]

    def place(self, unit: Unit) -> str:
        """The short name of a unit."""
        return next(name for name, known in self.units.items() if known.pk == unit.pk)

    def walker(self, subject: Subject) -> Officer:
        """Who ordinarily acts next on `subject`."""
        return self.people[f"{WAY[subject.state][1]}@{self.place(subject.holder)}"]

    def post(self, who: str) -> Appointment:
        """The first post of a person."""
        return self.people[who].appointments.earliest("pk")


def build() -> World:
    """Have the world in the current database: made, or put back as it was made before (`tests.prepared`)."""
    return prepared.once(_make)


@transaction.atomic
def _make() -> World:
    """Make it: about 60 statements."""
    units = add_all_units()
    people = add_all_people(units)
    programme = programmes.load(json.loads(PROGRAMME.read_text(encoding="utf-8")))
    rounds = {round.year: round for round in programme.rounds.select_related("rule_set", "programme")}
    criteria = list(Criterion.objects.filter(rule_set__programme=programme))
    return World(units, people, programme, rounds, criteria)


def complete_draft(
    world: World,
    unit: str = "commune",
    nominees: int | Iterable[Mapping[str, Any]] = 1,
    *,
    clerk: Officer | None = None,
) -> Nomination:
    """Open a draft of `unit` in the round of the legal day, complete by every check.

    `nominees` is a number of individuals, or the fields of each that differ from the usual.
    """
    clerk = clerk or world[f"clerk@{unit}"]
    nomination = Nomination(
        unit=world.units[unit],
        round=world.round,
        letter_number="01/TTr",
        letter_date=clock.today(),
        summary="Đề nghị khen thưởng",
        minutes_date=clock.today(),
        members_present=7,
        members_total=7,
    )
    engine.open(NominationFlow, nomination, actor=clerk)
    fields = [{}] * nominees if isinstance(nominees, int) else list(nominees)
    people = Nominee.objects.bulk_create(
        [_nominee(nomination, position, given) for position, given in enumerate(fields, start=1)]
    )
    _complete(world, nomination, people, clerk)
    return nomination


def act(
    subject: Subject,
    action: str,
    officer: Officer,
    *,
    post: Appointment | None = None,
    seen: str | None = None,
    **payload: Any,
) -> Subject:
    """Act through the engine on what a fresh page would show; return the subject read again."""
    subject.refresh_from_db()
    engine.act(
        task(subject),
        action,
        actor=officer,
        post=post,
        payload=payload,
        seen=seen_digest(subject) if seen is None else seen,
    )
    subject.refresh_from_db()
    return subject


def task(subject: Subject) -> Task:
    """The open task of `subject`, or the last one of a subject that has ended."""
    return engine.task_of(subject) or Task.objects.filter(process=subject.process).latest("pk")


def tick(subject: Subject, officer: Officer, answer: str = "Đã bổ sung") -> None:
    """Tick off every remark made to the step where `subject` waits, if there is any."""
    asked = {remark.pk: (True, answer) for remark in remarks.asked(subject)}
    if asked:
        remarks.answer(subject, asked, by=officer)


def walk(world: World, subject: Subject, to_state: str, *, points: int | None = None) -> Subject:
    """Take a nomination or a decision along the ordinary way, through `engine.act` alone.

    `points` is what the appraiser takes off the best total for every nominee.
    """
    subject.refresh_from_db()
    while subject.state != to_state:
        if subject.state not in WAY:
            raise AssertionError(f"{subject.state} does not lead to {to_state}")
        action = WAY[subject.state][0]
        payload = appraisal(world, subject, less=points or 0) if action == "conclude" else {}
        tick(subject, world.walker(subject))
        act(subject, action, world.walker(subject), **payload)
    return subject


def appraisal(world: World, nomination: Nomination, *, less: int = 0, **ineligible: str) -> dict[str, Any]:
    """The payload of `conclude`: everybody eligible with the best points, `less` on the first criterion.

    `ineligible` names nominees by position ("n2") with the legal ground for each.
    """
    best = {criterion.code: criterion.max_points for criterion in world.criteria}
    best[world.criteria[0].code] -= less
    conclusions = {}
    for nominee in nomination.nominees.filter(present=True):
        ground = ineligible.get(f"n{nominee.position}")
        conclusions[str(nominee.uid)] = (
            {"assessment": "ineligible", "code": ground, "note": "Không đủ điều kiện", "points": best}
            if ground
            else {"assessment": "eligible", "points": best}
        )
    return {"nominees": conclusions}


def confirmed(
    world: World, unit: str = "commune", nominees: int | Iterable[Mapping[str, Any]] = 1, *, less: int = 0
) -> Nomination:
    """A file that waits for the decision."""
    return walk(world, complete_draft(world, unit, nominees), State.AWAIT_DECISION, points=less)


def decision(
    world: World, to_state: str = DecisionState.COMPILE, *, officer: Officer | None = None
) -> AwardDecision:
    """Compile a decision from what waits in the round of the legal day, and walk it to `to_state`."""
    opened = engine.open(
        DecisionFlow, AwardDecision(round=world.round), actor=officer or world["head_of_division@home"]
    )
    return walk(world, opened, to_state)


def has_ended(subject: Subject) -> bool:
    """Whether nothing can move `subject` any more."""
    return subject.state in (*ENDED, DecisionState.PUBLISHED, DecisionState.ABANDONED)


def _complete(world: World, nomination: Nomination, people: list[Nominee], clerk: Officer) -> None:
    """Points for everybody, and the two documents that every file needs (without bytes)."""
    Score.objects.bulk_create(
        [
            Score(
                nominee=nominee,
                version=0,
                level=Level.PROPOSER,
                criterion=criterion,
                by=clerk,
                points=0 if criterion.code == "initiative" else criterion.max_points,
            )
            for nominee in people
            for criterion in world.criteria
        ]
    )
    Evidence.objects.bulk_create(
        [
            Evidence(
                nomination=nomination,
                kind=kind,
                name=f"{kind}.pdf",
                media_type="application/pdf",
                size=1000,
                sha256="0" * 64,
                uploaded_by=clerk,
            )
            for kind in ("letter", "minutes")
        ]
    )


def _nominee(nomination: Nomination, position: int, given: Mapping[str, Any]) -> Nominee:
    fields = {
        "kind": NomineeKind.INDIVIDUAL,
        "name": f"Nguyễn Văn {GIVEN[position % len(GIVEN)]} {nomination.pk}",
        "title": "Công chức",
        "unit_name": nomination.unit.name,
        "report": "Báo cáo thành tích",
        "achieved_from": date(nomination.round.year, 1, 1),
        "achieved_to": date(nomination.round.year, 10, 31),
        **given,
    }
    key = name_sort_key if fields["kind"] == NomineeKind.INDIVIDUAL else sort_key
    return Nominee(
        nomination=nomination,
        position=position,
        name_sort=key(fields["name"]),
        name_search=search_key(fields["name"]),
        **fields,
    )

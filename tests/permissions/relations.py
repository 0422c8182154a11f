"""People who stand to the files in every way but the ordinary one, and what each may then do: written by hand."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from nominations.models import AwardDecision, Handling, Nominee, Recusal
from permissions import delegations, grants, ties
from permissions.identity import identity_hash
from permissions.models import Officer, Unit
from tests import world as w
from tests.permissions.matrix import SEATS, TABLE, seat_of
from workflows.asking import Subject

NUMBER = "089123456789"  # of every nominee
BARRED: set[str] = set()
# Heads hand on what is theirs; the work of a step, audits and accounts are not handed on.
DELEGATING = {
    "unit_head", "unit_deputy", "body_head", "head_of_division", "director", "deputy_director", "chairman",
    "deputy_chairman",
}  # fmt: skip
WRITING = {("draft", "propose"), ("supplement", "propose")}


@dataclass(frozen=True)
class Someone:
    """A person of a role at a unit, in a relation to every file and decision."""

    role: str
    relation: str
    seat: Unit
    officer: Officer


def mark(subjects: list[Subject], world: w.World) -> None:
    """Let every nominee bear the number, and be a collective whose body is the Front."""
    Nominee.objects.update(kind="collective", body=world.units["front"], identity_hash=identity_hash(NUMBER))


def own(_who: Someone, key: tuple[str, str], base: bool) -> bool:
    return base


def nothing(_who: Someone, key: tuple[str, str], base: bool) -> bool:
    return False


def only_writing(_who: Someone, key: tuple[str, str], base: bool) -> bool:
    return base and key in WRITING


def only_proposing(_who: Someone, key: tuple[str, str], base: bool) -> bool:
    """A member proposes the own collective, and judges it nowhere."""
    row = TABLE[key]
    return base and (
        row.seat == "proposer"
        or (key[0] in ("draft", "sign_proposal", "supplement") and row.seat == "holder")
    )


def handed_on(who: Someone, key: tuple[str, str], base: bool) -> bool:
    return base and who.role in DELEGATING


# relation → what may be done of that which the role may do at its own unit
EXPECTED: dict[str, Callable[[Someone, tuple[str, str], bool], bool]] = {
    "own": own,
    "delegated": handed_on,
    "nominee": only_writing,
    "relative": only_writing,
    "member": only_proposing,
    "other level": nothing,
    "recused": nothing,
    "expired": nothing,
    "to come": nothing,
    "suspended": nothing,
    "superuser": nothing,
}


def expected(who: Someone, subject: Subject, action: str, blocked: set[tuple[str, str]]) -> bool:
    """Whether `who` may do `action` on `subject`, by the table of the reference and the relation."""
    key = (str(subject.state), action)
    row = TABLE[key]
    base = (
        who.role in row.roles
        and row.seat != "sender"
        and seat_of(subject, action) == who.seat
        and key not in blocked
    )
    found = EXPECTED[who.relation](who, key, base)
    if who.relation == "delegated":  # they have a clerk's post of their own beside it
        clerk = "clerk" in row.roles and seat_of(subject, action) == who.seat and key not in blocked
        return found or clerk
    return found


def places_of(subjects: list[Subject]) -> list[tuple[str, Unit, str]]:
    """Every role at each unit where something waits, in each relation: (role, unit, relation)."""
    units = {
        unit for subject in subjects for unit in (subject.holder, getattr(subject, "unit", None)) if unit
    }
    return [
        (role, seat, relation)
        for role, kinds in SEATS.items()
        for seat in sorted((unit for unit in units if unit.kind in kinds), key=lambda unit: unit.code)
        for relation in EXPECTED
        # nobody else can give one; the deputy's own post at the province has its test
        if relation != "delegated" or (role in DELEGATING and seat.kind != "province")
    ]


def people(world: w.World, subjects: list[Subject], each: int | None) -> list[Someone]:
    """Everybody, or `each` so many by a seeded choice for each relation."""
    places = places_of(subjects)
    if each:
        dice = random.Random(11)
        places = [
            place for one in EXPECTED for place in dice.sample([p for p in places if p[2] == one], each)
        ]
    found = []
    for role, seat, relation in places:
        name = f"{relation}.{role}.{seat.code}".replace(" ", "")
        who = Someone(role, relation, seat, Officer.objects.create_user(name, f"{relation} {role}"))
        _stand(world, who, subjects)
        found.append(who)
    return found


def some(everybody: list[Someone], questions: list, count: int, seed: int = 7) -> list[tuple[Someone, tuple]]:
    """Choose cells so that every question meets every relation and every role in turn, by a seeded shuffle."""
    dice = random.Random(seed)
    pairs = {(question, who.relation): [] for question in questions for who in everybody}
    for who in everybody:
        for question in questions:
            pairs[question, who.relation].append(who)
    keys = sorted(pairs, key=lambda key: (key[0][0].pk, key[0][1], key[1]))
    dice.shuffle(keys)
    in_turn = {
        relation: [key for key in keys if key[1] == relation] for relation in sorted({key[1] for key in keys})
    }
    chosen = []
    for number in range(count):
        waiting = in_turn[list(in_turn)[number % len(in_turn)]]
        key = waiting[number // len(in_turn) % len(waiting)]
        chosen.append((dice.choice(pairs[key]), key[0]))
    return chosen


def _stand(world: w.World, who: Someone, subjects: list[Subject]) -> None:
    if who.relation == "superuser":  # no such column: the attributes are set, and give nothing
        who.officer.is_superuser = who.officer.is_staff = True
        return
    start, end = w.OLD, None
    if who.relation == "expired":
        end = w.D2024
    elif who.relation == "to come":
        start = w.D2024 + timedelta(days=1)
    if who.relation == "delegated":
        _delegate(who)
        return
    post = grants.appoint(
        who.officer, who.role, who.seat, position=who.role, document="QĐ", valid_from=start, valid_to=end
    )
    if who.relation == "suspended":
        who.officer.is_active = False
        who.officer.save()
    elif who.relation == "nominee":
        who.officer.identity_hash = identity_hash(NUMBER)
        who.officer.save()
    elif who.relation == "relative":
        ties.declare(who.officer, "other", "Người thân", identity=NUMBER)
    elif who.relation == "member":
        grants.appoint(
            who.officer, "clerk", world.units["front"], position="x", document="QĐ", valid_from=w.OLD
        )
    elif who.relation == "other level":
        Handling.objects.bulk_create(
            [_handled(subject, who.officer, world.units["front"]) for subject in subjects]
        )
    elif who.relation == "recused":
        Recusal.objects.bulk_create([_recused(subject, who.officer) for subject in subjects])
    assert post


def _delegate(who: Someone) -> None:
    """A clerk of the unit takes everything that a holder of the role hands on."""
    giver = Officer.objects.create_user(f"giver.{who.role}.{who.seat.code}", "Người Ủy Quyền")
    given = grants.appoint(giver, who.role, who.seat, position=who.role, document="QĐ", valid_from=w.OLD)
    taken = grants.appoint(who.officer, "clerk", who.seat, position="clerk", document="QĐ", valid_from=w.OLD)
    last = min(w.D2024 + timedelta(days=9), who.seat.valid_to or w.D2026)
    delegations.give(
        given, taken, [right.value for right in delegations.delegable(given)], valid_from=w.D2024, valid_to=last,
        reason="Đi vắng", document="GUQ", by=giver,
    )  # fmt: skip


def _about(subject: Subject) -> dict[str, Subject]:
    return {"decision": subject} if isinstance(subject, AwardDecision) else {"nomination": subject}


def _handled(subject: Subject, officer: Officer, unit: Unit) -> Handling:
    now = timezone.now()
    return Handling(
        **_about(subject), level="review", step="review", action="forward", officer=officer, unit=unit, at=now
    )


def _recused(subject: Subject, officer: Officer) -> Recusal:
    return Recusal(**_about(subject), officer=officer, reason="Quan hệ gần", at=timezone.now())

"""Separation of duties as a rule: who stands too near to a file to handle it, part by part."""

from collections.abc import Callable
from functools import partial, reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from history import clock
from nominations.actions import Action, Seat
from nominations.conditions import on_the_list
from nominations.models import (
    AwardDecision,
    DecisionLine,
    Handling,
    Nomination,
    Nominee,
    Recusal,
    SeparationKind,
    SeparationRule,
)
from nominations.models.programmes import NomineeKind
from nominations.states import FOUR_EYES, Level, State
from permissions.catalogue import Right
from permissions.models import Appointment, DeclaredTie, Officer

# (kind of the part, key of the part) → what must hold, made only when it is asked
Parts = dict[tuple[str, str], Callable[[], Q]]


def parts(officer: Officer, action: Action) -> Parts:
    """Return what keeps `officer` apart from a file for `action`, part by part; each holds when it does not.

    Preparing a draft is no judgement. Signing the proposal of one's own collective is what a head
    is for; judging it is not. A rule binds on the legal days on which it is in force.
    """
    level = action.level()
    decision = not isinstance(action.source, State)
    found: Parts = {
        ("recused", "recused"): partial(_not_recused, officer, decision),
        ("level", f"level_{level}"): partial(_one_level, officer, level, decision),
    }
    if action.right != Right.PREPARE:
        for kind in NEARNESS:
            if kind != SeparationKind.MEMBER or level != Level.PROPOSER:
                found[kind.value, kind.value] = partial(_not_near, officer, kind, decision)
    if action.source in FOUR_EYES and action.seat == Seat.HOLDER:
        found["four_eyes", "four_eyes"] = partial(_two_pairs_of_eyes, officer, action.source)
    return found


def near(way: Q, decision: bool = False) -> QuerySet[Any]:
    """Return the nominees (or lines) of the outer file (or decision) to which an officer stands near in this way."""
    nominees = Nominee.objects.filter(way, present=True)
    if decision:
        lines = DecisionLine.objects.filter(on_the_list(), decision=OuterRef("pk"))
        return lines.filter(nominee__in=nominees.order_by().values("pk"))
    return nominees.filter(nomination=OuterRef("pk"))


def found_near(
    officer: Officer, kind: SeparationKind, subject: Nomination | AwardDecision
) -> QuerySet[Nominee]:
    """Return the nominees of `subject` that `officer` stands near to: the ground that is shown."""
    nominees = Nominee.objects.filter(reduce(or_, KNOWN[kind](officer)), present=True)
    if isinstance(subject, Nomination):
        return nominees.filter(nomination=subject)
    return nominees.filter(on_the_list("lines__"), lines__decision=subject).distinct()


def in_force(kind: SeparationKind) -> QuerySet[SeparationRule]:
    """Return the rule of this kind that is in force on the legal day, if there is one."""
    return SeparationRule.objects.on(clock.today()).filter(kind=kind)


# Each function returns the ways in which it can be so, apart: each is then served by an index of its own.


def as_nominee(officer: Officer) -> tuple[Q, ...]:
    """The nominees who are this officer: by account, or by the same identity number."""
    account = Q(officer=officer)
    return (account, Q(identity_hash=officer.identity_hash)) if officer.identity_hash else (account,)


def as_relative(officer: Officer) -> tuple[Q, ...]:
    """The nominees who are declared to be near to this officer, by either of the two."""
    ties = DeclaredTie.objects.on(clock.today())
    mine = ties.filter(officer=officer).order_by()
    return (
        Q(identity_hash__in=mine.exclude(identity_hash="").values("identity_hash")),
        Q(officer__in=mine.exclude(other=None).values("other")),
        Q(officer__in=ties.filter(other=officer).order_by().values("officer")),
    )


def as_member(officer: Officer) -> tuple[Q, ...]:
    """The collectives at which this officer holds a post: the body named in the draft, or else one of that name."""
    posts = Appointment.objects.on(clock.today()).filter(officer=officer).order_by()
    collective = Q(kind=NomineeKind.COLLECTIVE)
    return (
        collective & Q(body__in=posts.values("unit")),
        collective & Q(body=None, name_search__in=posts.values("unit__name_search")),
    )


def as_neighbour(officer: Officer) -> tuple[Q, ...]:
    """The individuals of the same unit and position as a post of this officer: perhaps the same person."""
    posts = Appointment.objects.on(clock.today()).filter(officer=officer)
    alike = posts.filter(position=OuterRef("title"), unit__name=OuterRef("unit_name"))
    bound = Q(Exists(in_force(SeparationKind.SAME_POST)))
    return (Q(Exists(alike)) & bound & Q(kind=NomineeKind.INDIVIDUAL) & ~reduce(or_, as_nominee(officer)),)


# What bars, and what is only pointed out.
NEARNESS = {
    SeparationKind.NOMINEE: as_nominee,
    SeparationKind.RELATIVE: as_relative,
    SeparationKind.MEMBER: as_member,
}
KNOWN = {**NEARNESS, SeparationKind.SAME_POST: as_neighbour}


def _never(rows: QuerySet[Any]) -> Q:
    return Q(~Exists(rows))


def _bound(rows: QuerySet[Any], kind: SeparationKind) -> QuerySet[Any]:
    """Keep the rows only while the rule is in force."""
    return rows.filter(Exists(in_force(kind)))


def _one_level(officer: Officer, level: Level, decision: bool) -> Q:
    handled = [_other_level(officer, level)]
    if decision:
        handled = [_other_level_of_files(officer, level), _other_level_of_decision(officer, level)]
    query = Q()
    for rows in handled:
        query &= _never(_bound(rows, SeparationKind.TWO_LEVELS))
    return query


def _not_near(officer: Officer, kind: SeparationKind, decision: bool) -> Q:
    query = Q()
    for way in NEARNESS[kind](officer):
        query &= _never(_bound(near(way, decision), kind))
    return query


def _two_pairs_of_eyes(officer: Officer, step: str) -> Q:
    return _never(_bound(_four_eyes(officer, step), SeparationKind.FOUR_EYES))


def _not_recused(officer: Officer, decision: bool) -> Q:
    return _never(_recusals(officer, decision))


def _recusals(officer: Officer, decision: bool) -> QuerySet[Recusal]:
    """The officer's word to keep away: from a decision also by that from a file behind its list."""
    mine = Recusal.objects.filter(officer=officer)
    if not decision:
        return mine.filter(nomination=OuterRef("pk"))
    behind = DecisionLine.objects.filter(
        on_the_list(), decision=OuterRef(OuterRef("pk")), nominee__nomination=OuterRef("nomination")
    )
    return mine.filter(Q(decision=OuterRef("pk")) | Q(Exists(behind)))


def _other_level(officer: Officer, level: Level) -> QuerySet[Handling]:
    same = Q(level=level)
    if level == Level.REVIEW:  # each body of the route is a level of its own
        same &= Q(unit=OuterRef("holder"))
    return Handling.objects.filter(nomination=OuterRef("pk"), officer=officer).exclude(same)


def _other_level_of_decision(officer: Officer, level: Level) -> QuerySet[Handling]:
    return Handling.objects.filter(decision=OuterRef("pk"), officer=officer).exclude(level=level)


def _other_level_of_files(officer: Officer, level: Level) -> QuerySet[Handling]:
    """What `officer` did at another level with any file behind the list of the outer decision."""
    lines = "nomination__nominees__lines__"
    return Handling.objects.filter(
        on_the_list(lines), officer=officer, **{f"{lines}decision": OuterRef("pk")}
    ).exclude(level=level)


def _four_eyes(officer: Officer, step: str) -> QuerySet[Handling]:
    return Handling.objects.filter(
        nomination=OuterRef("pk"), officer=officer, action=FOUR_EYES[step], version=OuterRef("version")
    )

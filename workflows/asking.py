"""What may this officer do here, and why not the rest: the rules, read for one file part by part."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from nominations import rules
from nominations.actions import DECISION_TABLE, NOMINATION_TABLE, Action, Seat, actions_from
from nominations.models import AwardDecision, Nomination
from nominations.rules import Part
from permissions import grants, prepared
from permissions.models import Appointment, Officer, Unit
from workflows import reasons

Subject = Nomination | AwardDecision
MOST_NAMES = 12  # more names than a person reads


@dataclass(frozen=True)
class Answer:
    """One action on one file, for one officer: allowed in these posts, or the reason why not."""

    action: Action
    posts: tuple[Appointment, ...] = ()
    why_not: str = ""
    theirs: bool = False  # it is for the officer to do, even if a condition still stands in the way
    failed: Part | None = None  # the first part of the rule that does not hold

    @property
    def allowed(self) -> bool:
        return not self.why_not


def allowed_actions(officer: Officer, subject: Subject) -> list[Action]:
    """Return the actions that `officer` may do on `subject` now."""
    return [answer.action for answer in ask(officer, subject) if answer.allowed]


def is_allowed(
    officer: Officer, subject: Subject, action: Action, *, post: Appointment | None = None
) -> bool:
    """Check one action: the filter of the list, and a primary key."""
    rule = rules.may(officer, action, post=post)
    return type(subject)._default_manager.filter(rule, pk=subject.pk).exists()


def ask(officer: Officer, subject: Subject) -> list[Answer]:
    """Return every action of the step where `subject` is, allowed or with the reason why not.

    Two statements, however many actions there are, and at most three for each reason.
    """
    actions = actions_from(subject.state)
    if subject.holder is None or not actions:
        return []
    failed = _failed(officer, subject, actions)
    posts = grants.posts_by_right(officer, {seat_of(action, subject) for action in actions})
    why: dict[tuple[object, ...], str] = {}
    answers = []
    for action in actions:
        missing = failed[action.key]
        theirs = all(part.kind == "condition" for part in missing)
        if missing:
            key = (missing[0], action.right, action.seat)
            if key not in why:
                why[key] = reasons.why(officer, subject, action, missing[0], seat_of(action, subject))
            answers.append(Answer(action, (), why[key], theirs, missing[0]))
        elif action.right is None and subject.sent_post:
            answers.append(Answer(action, (subject.sent_post,), theirs=True))
        else:
            held = posts.get((seat_of(action, subject).pk, str(action.right)), [])
            answers.append(Answer(action, tuple(held), theirs=True))
    return answers


def has_duty(answers: Sequence[Answer]) -> bool:
    """Whether the step is the reader's, even if a condition still stands in the way of going on."""
    return any(answer.theirs and not answer.action.option for answer in answers)


def seat_of(action: Action, subject: Subject) -> Unit:
    """Return the unit at which the right of `action` must be held for `subject`, which is open."""
    if action.seat == Seat.PROPOSER and isinstance(subject, Nomination):
        return subject.unit
    if action.seat == Seat.HOME:
        return subject.round.programme.appraising_unit
    if action.seat == Seat.SENDER and subject.sent_post:
        return subject.sent_post.unit
    assert subject.holder is not None, "an open file waits somewhere"
    return subject.holder


def who_can(subject: Subject, action: Action) -> list[Officer]:
    """Return whose `action` on `subject` is now: the holders of the right whom the rule lets through.

    Two statements: the rule is asked for every holder in one.
    """
    if subject.holder is None or action.right is None:
        return []
    holders = list(grants.holders(action.right, seat_of(action, subject))[:MOST_NAMES])
    return rules.those_who(subject, holders, rules.duty, action)


def why_not(officer: Officer, subject: Subject, action: Action) -> str:
    """Return in one sentence why `officer` may not do `action` on `subject` now; "" if they may."""
    if subject.state != action.source or subject.holder is None:
        return reasons.elsewhere(subject)
    missing = _failed(officer, subject, [action])[action.key]
    if not missing:
        return ""
    return reasons.why(officer, subject, action, missing[0], seat_of(action, subject))


def held(
    officer: Officer, subject: Subject, actions: Sequence[Action]
) -> dict[tuple[str, str], list[tuple[Part, bool]]]:
    """Return each action's rule part by part, in its order, and whether it holds; one statement for all."""
    if not actions:
        return {}
    asked = {action.key: list(rules.parts(officer, action)) for action in actions}
    names = _names(asked.values())
    (row,) = prepared.rows(_parts, officer, type(subject), tuple(asked), pk=subject.pk)
    return {key: [(part, bool(row[names[part]])) for part in parts] for key, parts in asked.items()}


def _parts(
    officer: Officer, model: type[Subject], keys: tuple[tuple[str, str], ...], pk: int
) -> QuerySet[Any]:
    """The question of `held`: a column for each part."""
    rows = [rules.parts(officer, table_of(model)[key]) for key in keys]
    queries = {part: ask for row in rows for part, ask in row.items()}
    names = _names(rows)
    columns = {names[part]: rules.true_if(ask()) for part, ask in queries.items()}
    return model._default_manager.filter(pk=pk).values(**columns)


def _names(rows: Iterable[Iterable[Part]]) -> dict[Part, str]:
    every = dict.fromkeys(part for row in rows for part in row)
    return {part: f"part_{number}" for number, part in enumerate(every)}


def table_of(model: type[Subject]) -> dict[tuple[str, str], Action]:
    """Return the table of the actions on files, or that on decisions."""
    return NOMINATION_TABLE if model is Nomination else DECISION_TABLE


def _failed(
    officer: Officer, subject: Subject, actions: Sequence[Action]
) -> dict[tuple[str, str], list[Part]]:
    """The parts of each action's rule that do not hold, in the order of the rule."""
    found = held(officer, subject, actions)
    return {key: [part for part, holds in parts if not holds] for key, parts in found.items()}

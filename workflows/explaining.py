"""Why may this officer act here, or why not: every part of the rule, met or not, and who can act instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from nominations import rules
from nominations.actions import Action, actions_from
from nominations.rules import Part
from permissions import grants
from permissions.models import Appointment, Officer
from workflows import asking, reasons, rule_words
from workflows.asking import Subject

Told = dict[Part, str]  # what is wrong with each part: found out once, however many acts have it


@dataclass(frozen=True)
class Line:
    """One condition of the rule, in words."""

    part: Part
    asks: str
    met: bool
    because: str = ""  # met: by which post; not met: what is wrong
    remedy: str = ""  # not met: what would change it


@dataclass(frozen=True)
class Person:
    """Somebody who can act, in which post and since when they hold it."""

    name: str
    post: str
    since: date


@dataclass(frozen=True)
class Explanation:
    """One action on one file for one officer. `allowed` is nothing but every line being met."""

    action: Action
    lines: tuple[Line, ...]
    instead: tuple[Person, ...] = ()
    waiting_since: datetime | None = None  # UTC; when the file came to its step

    @property
    def allowed(self) -> bool:
        return all(line.met for line in self.lines)

    @property
    def unmet(self) -> list[Line]:
        return [line for line in self.lines if not line.met]


def explain(officer: Officer, subject: Subject, action: Action) -> Explanation | None:
    """Return why `officer` may do `action` on `subject` now, or why not, part by part of the one rule.

    None when the officer may not read it: the answer would reveal that it exists. Asked of the
    live rule, so it cannot say anything else than the engine does.
    """
    if not rules.may_read(officer, subject):
        return None
    return _explanations(officer, subject, [action])[0]


def explain_all(officer: Officer, subject: Subject) -> list[Explanation]:
    """Return the explanation of every action of the step where `subject` is; the caller has checked reading.

    Those that are the officer's come first. The number of statements depends on the step alone.
    """
    actions = actions_from(subject.state) if subject.holder is not None else ()
    return sorted(_explanations(officer, subject, actions), key=lambda found: len(found.unmet))


def rows_named(subject: Subject, name: str) -> list[Action]:
    """Return the rows of the table named `name`: that of the step where `subject` is, or else all others."""
    rows = [action for action in asking.table_of(type(subject)).values() if action.name == name]
    here = [action for action in rows if action.source == subject.state]
    return here or rows


def _explanations(officer: Officer, subject: Subject, actions: Sequence[Action]) -> list[Explanation]:
    held = asking.held(officer, subject, actions)
    posts = _posts(officer, subject, actions)
    instead: dict[tuple[object, ...], tuple[Person, ...]] = {}
    told: Told = {}
    found = []
    for action in actions:
        here = subject.holder is not None and action.source == subject.state
        lines = tuple(
            _line(officer, subject, action, part, met, posts, told) for part, met in held[action.key]
        )
        if not here:  # the rest of the rule is asked of where the file would be then
            lines = tuple(line for line in lines if line.part.kind == "state")
        key = (action.right, action.seat, action.name in rules.ASSIGNMENT)
        if here and key not in instead:
            instead[key] = _instead(officer, subject, action)
        others = instead[key] if here and not all(line.met for line in lines) else ()
        found.append(Explanation(action, lines, others, subject.since if here else None))
    return found


def _line(
    officer: Officer,
    subject: Subject,
    action: Action,
    part: Part,
    met: bool,
    posts: dict[tuple[int, str], list[Appointment]],
    told: Told,
) -> Line:
    seat = asking.seat_of(action, subject) if subject.holder is not None else None
    says = rule_words.asks(subject, action, part, seat)
    if met:
        mine = posts.get((seat.pk, str(action.right)), []) if seat and part.kind == "seat" else []
        return Line(part, says, True, _by_post(officer, mine[0]) if mine else "")
    if seat is None or part.kind == "state":
        return Line(part, says, False, reasons.elsewhere(subject), rule_words.remedy(subject, action, part))
    if part not in told:  # parts that are equal ask the same
        told[part] = reasons.why(officer, subject, action, part, seat)
    return Line(part, says, False, told[part], rule_words.remedy(subject, action, part))


def _posts(
    officer: Officer, subject: Subject, actions: Sequence[Action]
) -> dict[tuple[int, str], list[Appointment]]:
    if subject.holder is None:
        return {}
    return grants.posts_by_right(officer, {asking.seat_of(action, subject) for action in actions})


def _by_post(officer: Officer, post: Appointment) -> str:
    values = {
        "post": post,
        "day": date_format(post.valid_from, "d/m/Y"),
        "document": post.document,
        "name": post.officer.full_name,
    }
    if post.officer_id != officer.pk:
        return _("As %(post)s, by a delegation of %(name)s.") % values
    return _("As %(post)s, since %(day)s, by %(document)s.") % values


def _instead(officer: Officer, subject: Subject, action: Action) -> tuple[Person, ...]:
    """Who can act, at most as many as a person reads; each in the first post that carries the right."""
    others = [other for other in asking.who_can(subject, action) if other != officer]
    posts = grants.posts_for(others, str(action.right), asking.seat_of(action, subject)) if others else {}
    return tuple(
        Person(other.full_name, str(posts[other.pk]), posts[other.pk].valid_from)
        for other in others
        if other.pk in posts
    )

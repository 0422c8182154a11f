"""What may this officer do here, and why not the rest: the rules, read for one file."""

from dataclasses import dataclass

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from nominations import rules
from nominations.models import AwardDecision, Handling, Nomination
from nominations.states import Action, actions_from
from permissions import grants
from permissions.catalogue import ROLES, Right
from permissions.models import Appointment, Officer

Subject = Nomination | AwardDecision
MOST_NAMES = 12  # more names than a person reads


@dataclass(frozen=True)
class Answer:
    """One action on one file, for one officer: allowed in these posts, or the reason why not."""

    action: Action
    posts: tuple[Appointment, ...] = ()
    why_not: str = ""

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
    """Return every action of the step where `subject` is, allowed or with the reason why not."""
    answers = []
    by_right: dict[str, tuple[bool, tuple[Appointment, ...], str]] = {}
    for action in actions_from(subject.state):
        if action.right not in by_right:
            by_right[action.right] = _judge(officer, subject, action)
        ok, posts, why = by_right[action.right]
        answers.append(Answer(action, posts if ok else (), why))
    return answers


def who_can(subject: Subject, action: Action) -> list[Officer]:
    """Return who may do `action` on `subject` now: the holders of the right whom the rule lets through.

    Two statements: the rule is asked for every holder in one.
    """
    if subject.holder is None:
        return []
    holders = list(grants.holders(action.right, subject.holder)[:MOST_NAMES])
    if not holders:
        return []
    asked = {
        f"may_{officer.pk}": Case(When(rules.may(officer, action), then=Value(True)), default=Value(False))
        for officer in holders
    }
    answers: dict[str, object] = dict(
        type(subject)._default_manager.filter(pk=subject.pk).values(**asked).get()
    )
    return [officer for officer in holders if answers[f"may_{officer.pk}"]]


def why_not(officer: Officer, subject: Subject, action: Action) -> str:
    """Return in one sentence why `officer` may not do `action` on `subject` now; "" if they may."""
    return _judge(officer, subject, action)[2]


def _judge(officer: Officer, subject: Subject, action: Action) -> tuple[bool, tuple[Appointment, ...], str]:
    if subject.holder and is_allowed(officer, subject, action):
        posts = tuple(grants.posts_with(officer, action.right, subject.holder))
        return True, posts, ""
    return False, (), _reason(officer, subject, action)


def _reason(officer: Officer, subject: Subject, action: Action) -> str:
    if subject.state != action.source or subject.holder is None:
        return _("The file is at another step: %(state)s.") % {"state": subject.get_state_display()}
    held = grants.units_where(officer, action.right)
    if not held.filter(content_object=subject.holder).exists():
        return _("This step belongs to: %(role)s, %(unit)s.") % {
            "role": _roles_with(action.right),
            "unit": subject.holder,
        }
    if _is_nominee(officer, subject):
        return _("You are a nominee in this file: another officer of %(unit)s acts.") % {
            "unit": subject.holder
        }
    earlier = _earlier(officer, subject)
    if earlier:
        return _(
            "You handled this file at another step (%(step)s): nobody handles two levels of one file."
        ) % {"step": earlier}
    return _("The rules on separation of duties do not allow it.")


def _is_nominee(officer: Officer, subject: Subject) -> bool:
    nominees = rules.as_nominee(officer)
    if isinstance(subject, Nomination):
        return nominees.filter(nomination=subject).exists()
    return nominees.filter(lines__decision=subject).exists()


def _earlier(officer: Officer, subject: Subject) -> str:
    handled: QuerySet[Handling]
    if isinstance(subject, Nomination):
        handled = Handling.objects.filter(nomination=subject, officer=officer)
    else:
        behind = Q(nomination__nominees__lines__decision=subject)
        handled = Handling.objects.filter(behind | Q(decision=subject), officer=officer)
    earlier = handled.first()
    return earlier.get_level_display() if earlier else ""


def _roles_with(right: str) -> str:
    labels = [str(role.label) for role in ROLES.values() if Right(right) in role.rights]
    return " / ".join(labels)

"""Each part of a rule in plain words: what it asks, and what would change it where it does not hold."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from nominations.actions import Action, Condition, Seat
from nominations.models import AwardDecision, Nomination
from nominations.rules import Part
from nominations.states import LEVELS
from permissions.catalogue import DELEGABLE, ROLES, Right
from permissions.models import Unit

Subject = Nomination | AwardDecision


def asks(subject: Subject, action: Action, part: Part, seat: Unit | None) -> str:
    """Return what `part` of the rule of `action` asks; `seat` is where its right must be held."""
    if part.kind == "condition":
        return CONDITIONS[Condition(part.key)]()
    return PARTS[part.kind](subject, action, seat)


def remedy(subject: Subject, action: Action, part: Part) -> str:
    """Return what would change that `part` does not hold; "" where the reason says it already."""
    if part.kind == "condition":
        return ""
    return REMEDIES[part.kind](action)


def _state(_subject: Subject, action: Action, _seat: Unit | None) -> str:
    return _("The file is at the step “%(step)s”.") % {"step": _step(action)}


def _step(action: Action) -> str:
    return str(getattr(action.source, "label", action.source))


def _seat(subject: Subject, action: Action, seat: Unit | None) -> str:
    if action.right is None:
        if subject.sent_post is None:
            return _("The officer sent the file to this step.")
        return _("The officer sent the file to this step, as: %(post)s.") % {"post": subject.sent_post}
    right = Right(action.right).label
    if seat is None:
        return _("A post held today carries the right “%(right)s” where the file waits.") % {"right": right}
    return _("A post held today carries the right “%(right)s” at: %(unit)s.") % {"right": right, "unit": seat}


def _level(_subject: Subject, action: Action, _seat: Unit | None) -> str:
    return _("The officer handled the file at no other level than “%(level)s”.") % {
        "level": LEVELS[action.source].label if action.seat == Seat.HOLDER else action.level().label
    }


PARTS: dict[str, Callable[[Subject, Action, Unit | None], str]] = {
    "state": _state,
    "seat": _seat,
    "level": _level,
    "recused": lambda *_a: _("The officer has not declared that they keep away from the file."),
    "nominee": lambda *_a: _("The officer is not a nominee in the file."),
    "relative": lambda *_a: _("Nobody declared to be near to the officer is a nominee in the file."),
    "member": lambda *_a: _("The officer holds no post at a collective that is judged in the file."),
    "four_eyes": lambda *_a: _("Somebody else concluded the appraisal."),
    "assigned": lambda *_a: _("The file is in nobody else's hands."),
}

CONDITIONS: dict[Condition, Callable[[], str]] = {
    Condition.REMARKS_DONE: lambda: _("Every remark of the last return is ticked off."),
    Condition.SUPPLEMENT_LEFT: lambda: _("The rules of procedure allow one more supplement."),
    Condition.REROUTE_ALLOWED: lambda: _("The rules of procedure let intake send a file on."),
    Condition.OFF_DECISION: lambda: _("No nominee of the file stands on a decision under way."),
    Condition.UNOPENED: lambda: _("Nobody who acts at this step has opened it."),
    Condition.OPENED: lambda: _("Somebody who acts at this step has opened it."),
    Condition.NOT_ASKED: lambda: _("It was not asked back before."),
    Condition.ASKED: lambda: _("The sender asks for it back."),
    Condition.UNASSIGNED: lambda: _("The file is in nobody's hands."),
    Condition.MINE: lambda: _("The file is in the officer's own hands."),
    Condition.BODY_ENDED: lambda: _("The unit where it waits exists no longer."),
    Condition.UNIT_ENDED: lambda: _("The unit that proposed exists no longer."),
    Condition.OPINION_OPEN: lambda: _("Another body was asked for its opinion and has not answered."),
    Condition.OPINIONS_IN: lambda: _("Every opinion that was asked for is recorded."),
}


def _appoint_or_delegate(action: Action) -> str:
    if action.right is None:
        return _("Nothing: only whoever sent it takes it back.")
    roles = " / ".join(str(role.label) for role in ROLES.values() if Right(action.right) in role.rights)
    if action.right in DELEGABLE:
        return _("An appointment there as: %(roles)s; or a delegation by whoever holds such a post.") % {
            "roles": roles
        }
    return _("An appointment there as: %(roles)s.") % {"roles": roles}


def _another(_action: Action) -> str:
    return _("Nothing, for this file: another officer acts.")


REMEDIES: dict[str, Callable[[Action], str]] = {
    "state": lambda action: _("The file coming to the step “%(step)s”.") % {"step": _step(action)},
    "seat": _appoint_or_delegate,
    "level": _another,
    "recused": _another,
    "nominee": _another,
    "relative": _another,
    "member": _another,
    "four_eyes": lambda _action: _(
        "A new appraisal concluded by somebody else; otherwise another officer confirms."
    ),
    "assigned": lambda _action: _("The head of the step assigning it anew, or its holder giving it free."),
}

"""Why not, in one sentence: for each part of a rule that does not hold, what is wrong and who can act."""

from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from history import clock
from nominations import opinions, procedure, separation
from nominations.actions import Action, Condition, Seat
from nominations.models import AwardDecision, Handling, Nomination, SeparationKind
from nominations.rules import Part
from nominations.states import Recall
from permissions.catalogue import ROLES, Right
from permissions.models import Officer, Unit

Subject = Nomination | AwardDecision


def why(officer: Officer, subject: Subject, action: Action, part: Part, seat: Unit) -> str:
    """Return why `action` is refused to `officer`: the sentence of the first part that does not hold.

    `seat` is the unit at which the right of the action must be held.
    """
    if part.kind == "condition":
        return CONDITIONS[Condition(part.key)](subject)
    if part.kind == "seat":
        return _seat(subject, action, seat)
    return OF_A_PERSON[part.kind](officer, subject)


def elsewhere(subject: Subject) -> str:
    """Return that the file is at another step than the action's."""
    return _("The file is at another step: %(state)s.") % {"state": subject.get_state_display()}


def _seat(subject: Subject, action: Action, seat: Unit) -> str:
    if action.seat == Seat.SENDER or action.right is None:
        if subject.sent_post is None:
            return _("It did not come by an act that can be taken back.")
        return _("Only the sender takes it back: %(post)s.") % {"post": subject.sent_post}
    return _("This step belongs to: %(role)s, %(unit)s.") % {"role": _roles_with(action.right), "unit": seat}


def _nominee(_officer: Officer, subject: Subject) -> str:
    return _("You are a nominee in this file: another officer of %(unit)s acts.") % {"unit": subject.holder}


def _level(officer: Officer, subject: Subject) -> str:
    handled: QuerySet[Handling]
    if isinstance(subject, Nomination):
        handled = Handling.objects.filter(nomination=subject, officer=officer)
    else:
        behind = Q(nomination__nominees__lines__decision=subject)
        handled = Handling.objects.filter(behind | Q(decision=subject), officer=officer)
    earlier = handled.first()
    return _("You handled this file at another step (%(step)s): nobody handles two levels of one file.") % {
        "step": earlier.get_level_display() if earlier else ""
    }


def _four_eyes(_officer: Officer, _subject: Subject) -> str:
    return _("You concluded this appraisal yourself: somebody else confirms it.")


def _assigned(_officer: Officer, subject: Subject) -> str:
    post = getattr(subject, "assigned_post", None)
    return _("The file is in the hands of %(name)s; their head can assign it anew.") % {
        "name": post.officer.full_name if post else ""
    }


def _relative(officer: Officer, subject: Subject) -> str:
    return _("Somebody near to you is a nominee (%(names)s): another officer acts.") % {
        "names": _names(officer, SeparationKind.RELATIVE, subject)
    }


def _member(officer: Officer, subject: Subject) -> str:
    return _(
        "You hold a post at a collective that is judged here (%(names)s): an officer of another body acts."
    ) % {"names": _names(officer, SeparationKind.MEMBER, subject)}


def _recused(_officer: Officer, _subject: Subject) -> str:
    return _("You declared that you keep away from this file: another officer acts.")


def _names(officer: Officer, kind: SeparationKind, subject: Subject) -> str:
    return ", ".join(nominee.name for nominee in separation.found_near(officer, kind, subject))


OF_A_PERSON: dict[str, Callable[[Officer, Subject], str]] = {
    "state": lambda _officer, subject: elsewhere(subject),
    "nominee": _nominee,
    "relative": _relative,
    "member": _member,
    "recused": _recused,
    "level": _level,
    "four_eyes": _four_eyes,
    "assigned": _assigned,
}


def _supplement_left(_subject: Subject) -> str:
    policy = procedure.in_force(clock.today())
    if policy is None:
        return _("No rules of procedure are in force today: the programme administrator lays them down.")
    return _("A supplement can be requested %(most)s times at most, and has been. %(basis)s") % {
        "most": policy.supplements_at_most,
        "basis": policy.legal_basis,
    }


def _unopened(subject: Subject) -> str:
    name = subject.opened_by.full_name if subject.opened_by else ""
    when = date_format(clock.local(subject.opened_at), "d/m/Y H:i") if subject.opened_at else ""
    return _("%(name)s opened it at %(when)s: ask for it back instead.") % {"name": name, "when": when}


def _not_asked(subject: Subject) -> str:
    if subject.recall == Recall.DECLINED:
        return _("It was asked back once, and kept by whoever holds it.")
    return _("It has been asked back already; whoever holds it decides.")


def _opinions_in(subject: Subject) -> str:
    bodies = [item.body for item in opinions.awaited(subject)] if isinstance(subject, Nomination) else []
    return _("The opinion of %(bodies)s is awaited: record the answer first, or that none came in time.") % {
        "bodies": ", ".join(bodies)
    }


CONDITIONS: dict[Condition, Callable[[Subject], str]] = {
    Condition.REMARKS_DONE: lambda _s: _("Tick off every remark of the return first, and say what was done."),
    Condition.SUPPLEMENT_LEFT: _supplement_left,
    Condition.REROUTE_ALLOWED: lambda _s: _(
        "The rules of procedure in force do not let intake send a file on: return it as wrongly routed."
    ),
    Condition.OFF_DECISION: lambda _s: _(
        "A nominee stands on a decision under way: Home Affairs takes the nominee off the list first."
    ),
    Condition.UNOPENED: _unopened,
    Condition.OPENED: lambda _s: _("Nobody has opened it yet: it can be taken back at once."),
    Condition.NOT_ASKED: _not_asked,
    Condition.ASKED: lambda _s: _("The sender has not asked for it back."),
    Condition.UNASSIGNED: lambda _s: _("The file is in somebody's hands already."),
    Condition.MINE: lambda _s: _("The file is not in your hands."),
    Condition.BODY_ENDED: lambda _s: _("The body where it waits still exists: the file keeps its route."),
    Condition.UNIT_ENDED: lambda _s: _("The proposing unit still exists: nobody has to carry on for it."),
    Condition.OPINION_OPEN: lambda _s: _("No other body's opinion is awaited: ask for one first."),
    Condition.OPINIONS_IN: _opinions_in,
}


def _roles_with(right: str) -> str:
    labels = [str(role.label) for role in ROLES.values() if Right(right) in role.rights]
    return " / ".join(labels)

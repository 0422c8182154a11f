"""Open files that wait for nobody: each named with the gap that an administrator must close."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from history import clock
from nominations import rules
from nominations.actions import DECISION_ACTIONS, NOMINATION_ACTIONS, Action, actions_from
from nominations.models import AwardDecision, Nomination, Round
from nominations.states import DECISION_OPEN, OPEN, State
from permissions import grants
from permissions.catalogue import ROLES, Right
from permissions.models import Unit
from workflows.asking import Subject


@dataclass(frozen=True)
class Gap:
    """One file that nobody can move, and why."""

    subject: Subject
    sentence: str


def report() -> list[Gap]:
    """Return every open nomination and decision that no officer may move on today.

    Asked of every officer who holds a post, through the same rule as the inbox: two
    statements each for nominations and decisions. A file that waits for a decision waits for
    whoever may compile the round's.
    """
    nominations = Nomination.objects.filter(state__in=OPEN).exclude(state=State.AWAIT_DECISION)
    decisions = AwardDecision.objects.filter(state__in=DECISION_OPEN)
    gaps = [*_without(nominations, NOMINATION_ACTIONS), *_without(decisions, DECISION_ACTIONS)]
    return gaps + _waiting_for_no_compiler()


def _without(subjects: QuerySet, actions: tuple[Action, ...]) -> Iterable[Gap]:
    waiting = set(subjects.values_list("pk", flat=True))
    for officer in grants.officers_with_posts():
        if not waiting:
            break
        held = grants.units_by_right(officer)
        mine = subjects.filter(rules.duties(officer, actions, held=held), pk__in=waiting)
        waiting -= set(mine.values_list("pk", flat=True))
    found = subjects.filter(pk__in=waiting).select_related("holder", "round").order_by("pk")
    return [Gap(subject, _why(subject, subject.holder)) for subject in found]


def _waiting_for_no_compiler() -> list[Gap]:
    waiting = Nomination.objects.filter(state=State.AWAIT_DECISION)
    rounds = Round.objects.filter(pk__in=waiting.values("round")).select_related("programme__appraising_unit")
    orphaned = [
        round
        for round in rounds
        if not grants.holders(Right.COMPILE, round.programme.appraising_unit).exists()
    ]
    files = (
        waiting.filter(round__in=orphaned)
        .select_related("holder", "round__programme__appraising_unit")
        .order_by("pk")
    )
    return [Gap(file, _no_holder(file.round.programme.appraising_unit, (Right.COMPILE,))) for file in files]


def _why(subject: Subject, unit: Unit) -> str:
    if unit.has_ended(clock.today()):
        return _(
            "%(unit)s ended on %(day)s: Home Affairs re-routes the file or hands it over to the successor."
        ) % {"unit": unit, "day": f"{unit.last_day:%d/%m/%Y}"}
    rights = tuple(
        dict.fromkeys(
            action.right for action in actions_from(subject.state) if not action.option and action.right
        )
    )
    people = {officer for right in rights for officer in grants.holders(right, unit)}
    if not people:
        return _no_holder(unit, rights)
    return _("Separation of duties bars everybody who holds the post: %(names)s. Appoint somebody else.") % {
        "names": ", ".join(sorted(officer.full_name for officer in people))
    }


def _no_holder(unit: Unit, rights: tuple[Right, ...]) -> str:
    roles = [str(role.label) for role in ROLES.values() if role.rights & set(rights)]
    return _("Nobody is appointed at %(unit)s as: %(roles)s.") % {"unit": unit, "roles": " / ".join(roles)}

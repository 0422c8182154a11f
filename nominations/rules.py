"""Who may: each permission is declared once, as a Q, and every reader asks that same Q."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from nominations.models import AwardDecision, DecisionLine, Handling, Nomination, Nominee, RouteLeg
from nominations.states import (
    FOUR_EYES,
    LEVELS,
    NOMINATION_TABLE,
    Action,
    DecisionState,
    Level,
    State,
)
from permissions import grants
from permissions.catalogue import Right
from permissions.models import Appointment, Officer

# While a decision is in one of these states, the Office and the Chairman see the files behind it.
SEEN_BY_THE_OFFICE = (
    DecisionState.CHECK,
    DecisionState.SIGN,
    DecisionState.ISSUE_NUMBER,
    DecisionState.PUBLISH,
    DecisionState.PUBLISHED,
)


def may(officer: Officer, action: Action, *, post: Appointment | None = None) -> Q:
    """Return what `officer` may do `action` on, today: nominations or decisions, as the action's.

    `post` narrows to one of the officer's appointments. Check = this Q and a primary key,
    list = this Q alone, so the two cannot drift.
    """
    held = grants.units_where(officer, action.right, post=post)
    duty = Q(state=action.source, holder__in=held)
    if isinstance(action.source, State):
        return duty & untouched_nomination(officer, action.source)
    return duty & untouched_decision(officer, action.source)


def duties(officer: Officer, actions: tuple[Action, ...]) -> Q:
    """Return what waits for `officer`: where any action that is a duty may be done."""
    query = Q(pk__in=[])
    seen: set[tuple[str, str]] = set()
    for action in actions:
        if not action.option and (action.source, action.right) not in seen:
            seen.add((action.source, action.right))
            query |= may(officer, action)
    return query


def untouched_nomination(officer: Officer, step: str) -> Q:
    """Return the nominations on which separation of duties lets `officer` do `step`.

    Nobody handles two levels of one file, nor a file in which they are a nominee; the head
    who is a nominee leaves the signature to the deputy. Preparing a draft is no judgement.
    """
    if step == State.DRAFT:
        return Q(~Exists(_other_level(officer, step)))
    return (
        Q(~Exists(_other_level(officer, step)))
        & Q(~Exists(as_nominee(officer).filter(nomination=OuterRef("pk"))))
        & Q(~Exists(_four_eyes(officer, step)))
    )


def untouched_decision(officer: Officer, step: str) -> Q:
    """Return the decisions on which separation of duties lets `officer` do `step`.

    Asked of every file behind the list: not handled at another level, not a nominee.
    """
    lines = DecisionLine.objects.filter(decision=OuterRef("pk"))
    handled = Handling.objects.filter(
        nomination__nominees__lines__decision=OuterRef("pk"), officer=officer
    ).exclude(level=LEVELS[step])
    return (
        Q(~Exists(lines.filter(nominee__in=as_nominee(officer))))
        & Q(~Exists(handled))
        & Q(~Exists(_other_level_of_decision(officer, step)))
    )


def readable(officer: Officer) -> Q:
    """Return the nominations that `officer` may read.

    Their own unit's; those that reached a body where they read; those behind a decision
    that reached the Office; and, for an auditor, all at or below the unit of the post.
    """
    read = grants.units_where(officer, Right.READ)
    decisions = grants.units_where(officer, Right.READ_DECISIONS)
    reached = RouteLeg.objects.filter(nomination=OuterRef("pk"), arrived__isnull=False, unit__in=read)
    on_decision = DecisionLine.objects.filter(
        nominee__nomination=OuterRef("pk"),
        decision__state__in=SEEN_BY_THE_OFFICE,
    ).filter(
        Q(decision__round__programme__office_unit__in=decisions)
        | Q(decision__round__programme__deciding_unit__in=decisions)
    )
    return (
        Q(unit__in=read)
        | Q(Exists(reached))
        | Q(received_at__isnull=False, round__programme__appraising_unit__in=read)
        | Q(Exists(on_decision))
        | Q(unit__in=grants.units_under(officer, Right.AUDIT))
    )


def readable_decisions(officer: Officer) -> Q:
    """Return the decisions that `officer` may read; a published one is open to every officer."""
    decisions = grants.units_where(officer, Right.READ_DECISIONS)
    # Once submitted it stays readable, also while it is back at Home Affairs: whoever had the
    # page open learns who returned it instead of being shown the door.
    submitted = Handling.objects.filter(decision=OuterRef("pk"), step=DecisionState.SUBMIT, action="submit")
    return (
        Q(state=DecisionState.PUBLISHED)
        | Q(round__programme__appraising_unit__in=decisions)
        | Q(Exists(submitted), round__programme__office_unit__in=decisions)
        | Q(Exists(submitted), round__programme__deciding_unit__in=decisions)
        | Q(round__programme__deciding_unit__in=grants.units_under(officer, Right.AUDIT))
    )


def may_edit(officer: Officer) -> Q:
    """Return the drafts whose content `officer` may edit."""
    return may(officer, NOMINATION_TABLE[State.DRAFT, "propose"])


def may_compile(officer: Officer, *, post: Appointment | None = None) -> Q:
    """Return the rounds for which `officer` may open a decision."""
    held = grants.units_where(officer, Right.COMPILE, post=post)
    return Q(closed_on=None, programme__appraising_unit__in=held)


def may_close(officer: Officer, *, post: Appointment | None = None) -> Q:
    """Return the rounds that `officer` may close."""
    held = grants.units_where(officer, Right.CLOSE_ROUND, post=post)
    return Q(closed_on=None, programme__appraising_unit__in=held)


def may_manage(officer: Officer) -> Q:
    """Return the rounds whose window, quota and criteria `officer` may edit."""
    held = grants.units_where(officer, Right.MANAGE_PROGRAMME)
    return Q(programme__appraising_unit__in=held)


def nominations_for(officer: Officer) -> QuerySet[Nomination]:
    """Return the nominations that `officer` may read."""
    return Nomination.objects.filter(readable(officer))


def decisions_for(officer: Officer) -> QuerySet[AwardDecision]:
    """Return the decisions that `officer` may read."""
    return AwardDecision.objects.filter(readable_decisions(officer))


def may_read(officer: Officer, subject: Nomination | AwardDecision) -> bool:
    """Check that `officer` may read this nomination or decision: the list, and a primary key."""
    listed = nominations_for(officer) if isinstance(subject, Nomination) else decisions_for(officer)
    return listed.filter(pk=subject.pk).exists()


def as_nominee(officer: Officer) -> QuerySet[Nominee]:
    """The nominees who are this officer: by account, or by the same identity number."""
    me = Q(officer=officer)
    if officer.identity_hash:
        me |= Q(identity_hash=officer.identity_hash)
    return Nominee.objects.filter(me, present=True)


def _other_level(officer: Officer, step: str) -> QuerySet[Handling]:
    level = LEVELS[step]
    same = Q(level=level)
    if level == Level.REVIEW:  # each body of the route is a level of its own
        same &= Q(unit=OuterRef("holder"))
    return Handling.objects.filter(nomination=OuterRef("pk"), officer=officer).exclude(same)


def _other_level_of_decision(officer: Officer, step: str) -> QuerySet[Handling]:
    return Handling.objects.filter(decision=OuterRef("pk"), officer=officer).exclude(level=LEVELS[step])


def _four_eyes(officer: Officer, step: str) -> QuerySet[Handling]:
    earlier = FOUR_EYES.get(step)
    return Handling.objects.filter(
        nomination=OuterRef("pk"), officer=officer, step=earlier or "", version=OuterRef("version")
    )

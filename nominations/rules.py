"""Who may: each permission is declared once, as a Q, and every reader asks that same Q."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Case, Exists, OuterRef, Q, QuerySet, Value, When

from nominations import separation
from nominations.actions import NOMINATION_TABLE, Action, Condition, Seat
from nominations.conditions import CONDITIONS, assigned, on_the_list
from nominations.models import AwardDecision, DecisionLine, Handling, Nomination, RouteLeg
from nominations.states import ASSIGNABLE, DecisionState, State
from permissions import grants, prepared
from permissions.catalogue import Right
from permissions.models import Appointment, Officer

# The column by which a file names the unit of a seat.
SEATS: dict[Seat, str] = {
    Seat.HOLDER: "holder",
    Seat.PROPOSER: "unit",
    Seat.HOME: "round__programme__appraising_unit",
}
ASSIGNMENT = ("claim", "assign", "release")  # acts about whose hands a file is in

# While a decision is in one of these states, the Office and the Chairman see the files behind it.
SEEN_BY_THE_OFFICE = (
    DecisionState.CHECK,
    DecisionState.SIGN,
    DecisionState.ISSUE_NUMBER,
    DecisionState.PUBLISH,
    DecisionState.PUBLISHED,
)


@dataclass(frozen=True)
class Part:
    """One part of a rule. Parts of equal `key` ask the same; `kind` says what they ask."""

    kind: str  # state, seat, assigned, condition, or one of `separation.parts`
    key: str


Held = Mapping[str, Sequence[int]]  # right → keys of the units at which it is held
Rule = dict[Part, Callable[[], Q]]  # a part is made into a Q only when it is asked


def may(officer: Officer, action: Action, *, post: Appointment | None = None) -> Q:
    """Return what `officer` may do `action` on, today: nominations or decisions, as the action's.

    `post` narrows to one of the officer's appointments. Check = this Q and a primary key,
    list = this Q alone, so the two cannot drift.
    """
    return _all(parts(officer, action, post=post).values())


def parts(officer: Officer, action: Action, *, post: Appointment | None = None) -> Rule:
    """Return the rule of `action` part by part, each to be called for its Q: what fails is the reason why not."""
    model = Nomination if isinstance(action.source, State) else AwardDecision
    found = _who(officer, action, post)
    for condition in action.requires:
        found[Part("condition", condition.value)] = partial(CONDITIONS[condition], officer, model)
    return found


def duty(officer: Officer, action: Action) -> Q:
    """Return where `action` is for `officer` to do, also when a condition still stands in the way."""
    return _all(_who(officer, action, None).values())


def able(officer: Officer, action: Action) -> Q:
    """Return where `officer` could do `action` if the file were in their hands."""
    found = _who(officer, action, None)
    return _all([ask for part, ask in found.items() if part.kind != "assigned"])


def deemed(officer: Officer, action: Action) -> Q:
    """Return where `action` counts as done by `officer`, the system's own: as anybody may, in whosever hands it is."""
    found = parts(officer, action)
    return _all([ask for part, ask in found.items() if part.kind != "assigned"])


def duties(officer: Officer, actions: tuple[Action, ...], *, held: Held | None = None) -> Q:
    """Return what waits for `officer`: where any action that is a duty is theirs to do.

    `held` are the units at which the officer holds each right today, if they are known
    (`grants.units_by_right`): the same answer, asked more shortly and served by an index.
    """
    places: dict[frozenset[Part], Q] = {}  # the steps and seats to which the same other parts belong
    asked: Rule = {}
    seen: set[tuple[str, str | None]] = set()
    for action in actions:
        if held is not None and action.right not in held:
            continue
        if action.option or (action.source, action.right) in seen:
            continue
        seen.add((action.source, action.right))
        found = _who(officer, action, None, held)
        here = [part for part in found if part.kind in ("state", "seat")]
        others = frozenset(found) - frozenset(here)
        place = _all([found.pop(part) for part in here])
        places[others] = places[others] | place if others in places else place
        asked |= found
    known = {part: ask() for part, ask in asked.items()}  # each once, however many steps share it
    query = Q(pk__in=[])
    for others, place in places.items():
        for part in sorted(others, key=lambda part: part.key):
            place &= known[part]
        query |= place
    return query


def those_who(
    subject: Nomination | AwardDecision,
    officers: Collection[Officer],
    rule: Callable[[Officer, Action], Q],
    action: Action,
) -> list[Officer]:
    """Return those of `officers` whose `rule` of `action` holds for `subject`; one statement at most."""
    asked = [prepared.text(_holds, one, type(subject), rule, action, pk=subject.pk) for one in officers]
    texts = [text for text in asked if text is not None]
    if not texts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"({sql})" for sql, _values in texts),
            [value for _sql, values in texts for value in values],
        )
        found = {key for (key,) in cursor.fetchall()}
    return [officer for officer in officers if officer.pk in found]


def _holds(
    officer: Officer,
    model: type[Nomination] | type[AwardDecision],
    rule: Callable[[Officer, Action], Q],
    action: Action,
    pk: int,
) -> QuerySet[Any]:
    """The officer's key, if the rule holds."""
    found = model._default_manager.filter(rule(officer, action), pk=pk).order_by()
    return found.values_list(Value(officer.pk, output_field=BigIntegerField()))


def true_if(query: Q) -> Case:
    """Return `query` as a column."""
    return Case(When(query, then=Value(True)), default=Value(False))


def _all(found: Iterable[Callable[[], Q]]) -> Q:
    query = Q()
    for ask in found:
        query &= ask()
    return query


def _who(officer: Officer, action: Action, post: Appointment | None, held: Held | None = None) -> Rule:
    """Seat, separation of duties, assignment: what makes the act this officer's own."""
    found: Rule = {
        Part("state", f"state_{action.source}"): lambda: Q(state=action.source),
        Part("seat", f"seat_{action.seat}_{action.right}"): partial(_seat, officer, action, post, held),
    }
    if action.seat == Seat.SENDER:  # it takes back an act of their own: nothing new is judged
        return found
    separated = separation.parts(officer, action).items()
    found |= {Part(kind, key): ask for (kind, key), ask in separated}
    if action.source in ASSIGNABLE and action.seat == Seat.HOLDER and action.name not in ASSIGNMENT:
        found[Part("assigned", "assigned")] = lambda: ~assigned() | Q(assigned_post__officer=officer)
    return found


def _seat(officer: Officer, action: Action, post: Appointment | None, known: Held | None) -> Q:
    """Where the right must be held: the unit, or the very post in which the file was sent."""
    if action.right is None:
        held = grants.acting_posts(officer).filter(officer__is_active=True).order_by()
        if post is not None:
            held = held.filter(pk=post.pk)
        own = held.filter(officer=officer).values("pk")
        return Q(sent_post__in=own) | Q(sent_post__in=held.values("pk"), sent_by=officer)
    if known is not None:
        return Q(**{f"{SEATS[action.seat]}__any_of": known[action.right]})
    return Q(**{f"{SEATS[action.seat]}__in": grants.units_where(officer, action.right, post=post)})


def readable(officer: Officer, *, rights: Collection[str] | None = None) -> Q:
    """Return the nominations that `officer` may read.

    Their own unit's; those that reached a body where they read; those behind a decision
    that reached the Office; for an auditor, all at or below the unit of the post; and for whoever
    re-routes, those whose unit has ended. `rights` are all that the officer holds anywhere today, if they are
    known: what needs another one is not asked, and the answer is the same, sooner.
    """
    query = Q(pk__in=[])
    for right, branch in OPENED_BY.items():
        if rights is None or right in rights:
            query |= branch(officer)
    return query


def reached(officer: Officer) -> Q:
    """Return the nominations of the officer's units, and those that reached a body or Home Affairs where they read."""
    read = grants.units_where(officer, Right.READ)
    legs = RouteLeg.objects.filter(nomination=OuterRef("pk"), arrived__isnull=False, unit__in=read)
    return (
        Q(unit__in=read)
        | Q(Exists(legs))
        | Q(received_at__isnull=False, round__programme__appraising_unit__in=read)
    )


def behind_decisions(officer: Officer) -> Q:
    """Return the nominations behind a decision that reached the Office, for the Office and the Chairman."""
    decisions = grants.units_where(officer, Right.READ_DECISIONS)
    lines = DecisionLine.objects.filter(
        on_the_list(),
        nominee__nomination=OuterRef("pk"),
        decision__state__in=SEEN_BY_THE_OFFICE,
    ).filter(
        Q(decision__round__programme__office_unit__in=decisions)
        | Q(decision__round__programme__deciding_unit__in=decisions)
    )
    return Q(Exists(lines))


def to_lead_on(officer: Officer) -> Q:
    """Return the open files that wait where no unit exists any more, and that `officer` may lead on."""
    held = grants.units_where(officer, Right.REROUTE)
    ended = CONDITIONS[Condition.BODY_ENDED](officer, Nomination)
    return Q(round__programme__appraising_unit__in=held) & ended


# What each right opens to whoever holds it.
OPENED_BY: dict[str, Callable[[Officer], Q]] = {
    Right.READ: reached,
    Right.READ_DECISIONS: behind_decisions,
    Right.AUDIT: lambda officer: Q(unit__in=grants.units_under(officer, Right.AUDIT)),
    Right.REROUTE: to_lead_on,
}


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
    """Return the drafts whose content `officer` may edit, those to be supplemented among them."""
    return duty(officer, NOMINATION_TABLE[State.DRAFT, "propose"]) | duty(
        officer, NOMINATION_TABLE[State.SUPPLEMENT, "propose"]
    )


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

"""Who may: each permission is declared once, as a Q, and every reader asks that same Q."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from history import clock
from nominations.actions import NOMINATION_TABLE, Action, Seat
from nominations.conditions import CONDITIONS, assigned
from nominations.models import AwardDecision, DecisionLine, Handling, Nomination, Nominee, RouteLeg
from nominations.states import ASSIGNABLE, FOUR_EYES, DecisionState, Level, State
from permissions import grants
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

    kind: str  # state, seat, level, nominee, four_eyes, assigned, or condition
    key: str


def may(officer: Officer, action: Action, *, post: Appointment | None = None) -> Q:
    """Return what `officer` may do `action` on, today: nominations or decisions, as the action's.

    `post` narrows to one of the officer's appointments. Check = this Q and a primary key,
    list = this Q alone, so the two cannot drift.
    """
    return _all(parts(officer, action, post=post).values())


def parts(officer: Officer, action: Action, *, post: Appointment | None = None) -> dict[Part, Q]:
    """Return the rule of `action` part by part: what fails is the reason why not."""
    model = Nomination if isinstance(action.source, State) else AwardDecision
    found = _who(officer, action, post)
    for condition in action.requires:
        found[Part("condition", condition.value)] = CONDITIONS[condition](officer, model)
    return found


def duty(officer: Officer, action: Action) -> Q:
    """Return where `action` is for `officer` to do, also when a condition still stands in the way."""
    return _all(_who(officer, action, None).values())


def able(officer: Officer, action: Action) -> Q:
    """Return where `officer` could do `action` if the file were in their hands."""
    found = _who(officer, action, None)
    return _all(query for part, query in found.items() if part.kind != "assigned")


def duties(officer: Officer, actions: tuple[Action, ...], *, rights: Collection[str] | None = None) -> Q:
    """Return what waits for `officer`: where any action that is a duty is theirs to do.

    `rights` are those that the officer holds anywhere today, if they are known: the duties of
    other rights are left out of the question, which is the same answer asked more shortly.
    """
    query = Q(pk__in=[])
    seen: set[tuple[str, str | None]] = set()
    for action in actions:
        if rights is not None and action.right not in rights:
            continue
        if not action.option and (action.source, action.right) not in seen:
            seen.add((action.source, action.right))
            query |= duty(officer, action)
    return query


def _all(found: Iterable[Q]) -> Q:
    query = Q()
    for part in found:
        query &= part
    return query


def _who(officer: Officer, action: Action, post: Appointment | None) -> dict[Part, Q]:
    """Seat, separation of duties, assignment: what makes the act this officer's own."""
    found = {
        Part("state", f"state_{action.source}"): Q(state=action.source),
        Part("seat", f"seat_{action.seat}_{action.right}"): _seat(officer, action, post),
    }
    if action.seat == Seat.SENDER:  # it takes back an act of their own: nothing new is judged
        return found
    found |= _separation(officer, action)
    if action.source in ASSIGNABLE and action.seat == Seat.HOLDER and action.name not in ASSIGNMENT:
        found[Part("assigned", "assigned")] = ~assigned() | Q(assigned_post__officer=officer)
    return found


def _seat(officer: Officer, action: Action, post: Appointment | None) -> Q:
    """Where the right must be held: the unit, or the very post in which the file was sent."""
    if action.right is None:
        held = grants.posts_of(officer).filter(officer__is_active=True)
        if post is not None:
            held = held.filter(pk=post.pk)
        return Q(sent_post__in=held.order_by().values("pk"))
    return Q(**{f"{SEATS[action.seat]}__in": grants.units_where(officer, action.right, post=post)})


def _separation(officer: Officer, action: Action) -> dict[Part, Q]:
    """Separation of duties, part by part.

    Nobody handles two levels of one file, nor a file in which they are a nominee; the head
    who is a nominee leaves the signature to the deputy. Preparing a draft is no judgement.
    """
    level = action.level()
    if not isinstance(action.source, State):
        return {
            Part("level", f"level_{level}"): Q(~Exists(_other_level_of_files(officer, level)))
            & Q(~Exists(_other_level_of_decision(officer, level))),
            Part("nominee", "nominee"): ~Q(Exists(_lines_of(officer))),
        }
    found = {Part("level", f"level_{action.seat}"): Q(~Exists(_other_level(officer, level)))}
    if action.right != Right.PREPARE:
        mine = as_nominee(officer).filter(nomination=OuterRef("pk"))
        found[Part("nominee", "nominee")] = Q(~Exists(mine))
    if action.source in FOUR_EYES and action.seat == Seat.HOLDER:
        found[Part("four_eyes", "four_eyes")] = Q(~Exists(_four_eyes(officer, action.source)))
    return found


def readable(officer: Officer) -> Q:
    """Return the nominations that `officer` may read.

    Their own unit's; those that reached a body where they read; those behind a decision
    that reached the Office; for an auditor, all at or below the unit of the post; and for whoever
    re-routes, those whose unit has ended.
    """
    read = grants.units_where(officer, Right.READ)
    decisions = grants.units_where(officer, Right.READ_DECISIONS)
    reached = RouteLeg.objects.filter(nomination=OuterRef("pk"), arrived__isnull=False, unit__in=read)
    on_decision = DecisionLine.objects.filter(
        on_the_list(),
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
        | to_lead_on(officer)
    )


def to_lead_on(officer: Officer) -> Q:
    """Return the open files that wait where no unit exists any more, and that `officer` may lead on."""
    held = grants.units_where(officer, Right.REROUTE)
    return Q(round__programme__appraising_unit__in=held, holder__valid_to__lte=clock.today())


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


def on_the_list(prefix: str = "") -> Q:
    """Return the lines that a decision presents: those that stand, and those the signer struck out.

    `prefix` walks a relation ("lines__"). Lines left off the draft are no part of it.
    """
    return Q(**{f"{prefix}live": True}) | Q(**{f"{prefix}struck": True})


def as_nominee(officer: Officer) -> QuerySet[Nominee]:
    """The nominees who are this officer: by account, or by the same identity number."""
    me = Q(officer=officer)
    if officer.identity_hash:
        me |= Q(identity_hash=officer.identity_hash)
    return Nominee.objects.filter(me, present=True)


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


def _lines_of(officer: Officer) -> QuerySet[DecisionLine]:
    return DecisionLine.objects.filter(
        on_the_list(), decision=OuterRef("pk"), nominee__in=as_nominee(officer)
    )


def _four_eyes(officer: Officer, step: str) -> QuerySet[Handling]:
    return Handling.objects.filter(
        nomination=OuterRef("pk"), officer=officer, action=FOUR_EYES[step], version=OuterRef("version")
    )

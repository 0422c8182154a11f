"""Who hears about which act: a table, and the notices it leads to."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nominations import rules
from nominations.actions import actions_from
from nominations.conditions import in_hands_of
from nominations.heads import head_of
from nominations.models import AwardDecision, Nomination
from nominations.states import DecisionState, Recall, State
from permissions import grants
from permissions.catalogue import Right
from permissions.models import Officer, Unit
from workflows import preferences
from workflows.models import Channel, Notice, OutboxMessage

BODIES = [f"round__programme__{body}_unit" for body in ("appraising", "office", "deciding")]


class Audience(StrEnum):
    """Who hears: resolved when the notice is delivered, by the posts of that day."""

    PROPOSER = "proposer"  # clerk and heads of the proposing unit
    CLERK = "clerk"  # those who prepare at the unit where it waits
    STEP = "step"  # those whose step it is now, or the one in whose hands it is
    HELD = "held"  # those whose step it was before
    SENDER = "sender"  # the officer who had sent it
    HANDS = "hands"  # the officer in whose hands it was put
    HEAD = "head"  # those who answer for the step where it waits
    COMPILERS = "compilers"  # those who compile the decisions of the round


@dataclass(frozen=True)
class Kind:
    """One kind of notice: its sentence, and who hears it."""

    name: str
    sentence: str | Promise
    audience: Audience
    ended: bool = False  # it tells of an end: nothing moves on after it
    channel: Channel = Channel.DAILY  # by e-mail, unless the officer chose otherwise


A, AT_ONCE = Audience, Channel.IMMEDIATE  # at once where somebody waits for whoever hears it
KINDS = {
    kind.name: kind
    for kind in (
        Kind("returned", _("The file was returned: correct it and submit it again."), A.PROPOSER, channel=AT_ONCE),
        Kind("supplement", _("A supplement is requested: add what is missing and present it."), A.PROPOSER, channel=AT_ONCE),
        Kind("sent_back", _("The head sent the draft back: correct it and present it again."), A.CLERK, channel=AT_ONCE),
        Kind("came_back", _("The file came back with remarks: deal with each, then send it on."), A.STEP, channel=AT_ONCE),
        Kind("rejected", _("The file was rejected; the legal ground and the reason stand in it."), A.PROPOSER, True),
        Kind("wrong_route", _("The file was returned: wrong route. The right body is named in it."), A.PROPOSER, True),
        Kind("rerouted", _("The file was sent on by another way than before."), A.PROPOSER),
        Kind("handed_over", _("The file of a unit that no longer exists is handed over: carry on with it."), A.PROPOSER, channel=AT_ONCE),
        Kind("withdrawn", _("The proposing unit withdrew the file: nothing remains to be done."), A.HELD, True),
        Kind("recall_asked", _("The sender asks for the file back: give it back, or say why not."), A.STEP, channel=AT_ONCE),
        Kind("recall_granted", _("The file asked for came back."), A.SENDER),
        Kind("recall_declined", _("The file asked for is kept; the reason stands in it."), A.SENDER),
        Kind("recused", _("An officer keeps away from the file: somebody else takes it on."), A.STEP, channel=AT_ONCE),
        Kind("assigned", _("The file was put into the hands of the officer signed in."), A.HANDS, channel=AT_ONCE),
        Kind("concluded", _("The file is concluded: see the outcome of each nominee."), A.PROPOSER, True),
        Kind("not_awarded", _("Not every nominee is awarded; the reasons:"), A.PROPOSER, True),
        Kind("decision_back", _("The decision came back with remarks: deal with each."), A.STEP, channel=AT_ONCE),
        Kind("due_half", _("Half of the time for this step is over."), A.STEP),
        Kind("due_soon", _("Little time is left for this step."), A.STEP, channel=AT_ONCE),
        Kind("due_over", _("The time for this step is over: decide now, or say what is missing."), A.STEP, channel=AT_ONCE),
        Kind("due_escalated", _("A step of the body you answer for is late."), A.HEAD, channel=AT_ONCE),
        Kind("number_void", _("The number of the decision was voided; the reason stands in it."), A.COMPILERS, channel=AT_ONCE),
    )
}  # fmt: skip

# What an act on a nomination makes known: (state after the act, action) → kind of notice.
BY_ACT: dict[tuple[str, str], str] = {
    (State.DRAFT, "return"): "returned",
    (State.SUPPLEMENT, "request_supplement"): "supplement",
    (State.DRAFT, "send_back"): "sent_back",
    (State.SUPPLEMENT, "send_back"): "sent_back",
    (State.APPRAISE, "send_back"): "came_back",
    (State.REJECTED, "reject"): "rejected",
    (State.WRONG_ROUTE, "wrong_route"): "wrong_route",
    (State.WITHDRAWN, "withdraw"): "withdrawn",
    (State.DRAFT, "hand_over"): "handed_over",
    (State.SUPPLEMENT, "hand_over"): "handed_over",
    (State.CLOSED, "confirm"): "not_awarded",
    (DecisionState.COMPILE, "return"): "decision_back",
    (DecisionState.CHECK, "return"): "decision_back",
    (DecisionState.ISSUE_NUMBER, "void_number"): "number_void",
    **{(state, "return"): "came_back" for state in (State.REVIEW, State.ENDORSE, State.INTAKE)},
    **{(state, "reroute"): "rerouted" for state in (State.REVIEW, State.INTAKE)},
}
# What an act makes known wherever it is done.
BY_NAME = {
    "request_recall": "recall_asked",
    "grant_recall": "recall_granted",
    "decline_recall": "recall_declined",
    "assign": "assigned",
}
OF_A_STAY = ("recall_asked", "assigned")  # settled once the file leaves the step


def stay_of(subject: Nomination | AwardDecision) -> dict[str, str]:
    """Return what names the stay of a file at its step, for a message that is settled once it is over."""
    return {"state": subject.state, "since": subject.since.isoformat()}


def is_over(subject: Nomination | AwardDecision, payload: dict[str, Any]) -> bool:
    """Whether a message speaks of a stay that is over: the file moved on, and nobody has to do anything."""
    return "since" in payload and any(stay_of(subject)[name] != payload[name] for name in ("state", "since"))


def is_settled(notice: Notice, subject: Nomination | AwardDecision) -> bool:
    """Whether nothing is left to do about a notice: the file left the state or the stay that it tells of.

    It is settled too when what was asked for has been answered, or another officer has the file in hand.
    """
    if KINDS[notice.kind].ended:
        return False
    if is_over(subject, notice.message.payload):
        return True
    if notice.kind == "recall_asked":
        return subject.recall != Recall.ASKED
    if notice.kind == "assigned" and isinstance(subject, Nomination):
        return subject.assigned_post is None or subject.assigned_post.officer_id != notice.officer_id
    told = {state for (state, _action), kind in BY_ACT.items() if kind == notice.kind}
    return bool(told) and subject.state not in told


def notices_of(officer: Officer) -> QuerySet[Notice]:
    """Return the officer's notices, each with `readable`: whether they may still read what it speaks of.

    A post may have ended since, or the file gone where they do not read.
    """
    files = rules.nominations_for(officer).filter(pk=OuterRef("nomination"))
    decisions = rules.decisions_for(officer).filter(pk=OuterRef("decision"))
    readable = Case(When(nomination__isnull=False, then=Exists(files)), default=Exists(decisions))
    about = ("nomination__unit", "nomination__round", "nomination__holder", "nomination__assigned_post")
    found = Notice.objects.filter(officer=officer).select_related(
        "message", *about, "decision__round__programme"
    )
    return found.annotate(readable=readable)


def kind_of(state: str, action: str) -> str | None:
    """Return the kind of notice that `action` makes known when it led to `state`."""
    return BY_ACT.get((state, action)) or BY_NAME.get(action)


def write(message: OutboxMessage) -> None:
    """Write the notices of a message to whoever should hear of it now.

    Idempotent: a message brings each officer at most one notice, however often it is delivered.
    """
    about: dict[str, Any]
    subject: Nomination | AwardDecision
    if "decision" in message.payload:
        subject = AwardDecision.objects.select_related("holder", *BODIES).get(pk=message.payload["decision"])
        about = {"decision": subject}
    else:
        subject = Nomination.objects.select_related("unit", "holder", *BODIES).get(
            pk=message.payload["nomination"]
        )
        about = {"nomination": subject}
    kind = KINDS[message.kind]
    hears = _hears(kind.audience, subject, message.payload)
    Notice.objects.bulk_create(
        [
            Notice(message=message, officer_id=officer, kind=message.kind, wants=wants, **about)
            for officer, wants in preferences.of_hearers(hears, kind.name, kind.channel)
        ],
        ignore_conflicts=True,
    )


def _hears(audience: Audience, subject: Nomination | AwardDecision, payload: dict[str, Any]) -> Q:
    if audience == Audience.PROPOSER and isinstance(subject, Nomination):
        return _holders((Right.PREPARE, Right.SIGN_PROPOSAL), subject.unit)
    if audience == Audience.COMPILERS:
        return _holders((Right.COMPILE,), subject.round.programme.appraising_unit)
    if audience == Audience.SENDER:
        return Q(appointments=payload["sent_post"]) | Q(pk=payload.get("sent_by"))
    if audience == Audience.HELD:
        return _step(payload["from"], Unit.objects.get(pk=payload["holder"]))
    if subject.holder is None or is_over(subject, payload):
        return Q(pk__in=[])
    if audience == Audience.HEAD:
        head = head_of(subject)
        return _holders((head[0],), head[1]) if head else Q(pk__in=[])
    if audience == Audience.CLERK:
        return _holders((Right.PREPARE,), subject.holder)
    hands = _hands(subject)
    if hands is not None:
        return Q(pk__in=[hands])
    if audience == Audience.HANDS:
        return Q(pk__in=[])
    return _step(subject.state, subject.holder)


def _step(state: str, unit: Unit) -> Q:
    """Those whose duty a step is."""
    rights = {action.right for action in actions_from(state) if not action.option and action.right}
    return _holders(tuple(rights), unit)


def _holders(rights: tuple[Right, ...], unit: Unit) -> Q:
    hears = Q(pk__in=[])
    for right in rights:
        hears |= Q(pk__in=grants.holders(right, unit).values("pk"))
    return hears


def _hands(subject: Nomination | AwardDecision) -> int | None:
    """The officer in whose hands a file is at this step, if it is in anybody's."""
    if not isinstance(subject, Nomination):
        return None
    return Nomination.objects.values_list(in_hands_of(), flat=True).get(pk=subject.pk)

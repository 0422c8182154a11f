"""How many files end at once: set-based, so that the cost does not grow with their number."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    Case,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.functions import Rank
from django.utils.translation import gettext as _

from nominations.models import AwardDecision, DecisionLine, Nomination, Nominee, Round
from nominations.states import NOT_SUBMITTED, Assessment, Outcome, ReasonCode, State


@dataclass(frozen=True)
class Closing:
    """A nomination that ended, with where it stood before."""

    nomination: Nomination
    from_state: str


def settle_decision(decision: AwardDecision, now: datetime) -> list[Closing]:
    """Give every line of a published decision its outcome; close the files left with none pending.

    The files behind the decision are locked. Returns what was closed.
    """
    lines = DecisionLine.objects.filter(decision=decision, nominee=OuterRef("pk"))
    struck = lines.filter(struck=True)
    Nominee.objects.filter(lines__decision=decision, outcome=Outcome.PENDING).update(
        outcome=Case(When(Exists(struck), then=Value(Outcome.STRUCK_OUT)), default=Value(Outcome.AWARDED)),
        outcome_code=Case(When(Exists(struck), then=Value(ReasonCode.SIGNER)), default=Value("")),
        outcome_note=Case(
            When(Exists(struck), then=struck.values("reason")[:1]),
            default=Value(""),
            output_field=TextField(),
        ),
        outcome_rank=lines.values("rank")[:1],
    )
    pending = Nominee.objects.filter(nomination=OuterRef("pk"), present=True, outcome=Outcome.PENDING)
    done = Nomination.objects.filter(
        Exists(Nominee.objects.filter(nomination=OuterRef("pk"), lines__decision=decision)),
        ~Exists(pending),
        state=State.AWAIT_DECISION,
    )
    return _close(done, State.CLOSED, now)


def close_round_files(round: Round, now: datetime) -> list[Closing]:
    """End the files of a round that closes: "not selected" with rank, or lapsed if not submitted by then.

    The round and its open files are locked. Returns what was closed.
    """
    ranks = (
        Nominee.objects.filter(
            nomination__round=round, present=True, assessment=Assessment.ELIGIBLE, total__isnull=False
        )
        .annotate(place=Window(Rank(), partition_by="kind", order_by=[F("total").desc()]))
        .values_list("pk", "place")
    )
    waiting = Q(nomination__round=round, nomination__state=State.AWAIT_DECISION)
    left_over = Nominee.objects.filter(waiting, present=True, outcome=Outcome.PENDING)
    chosen = set(left_over.values_list("pk", flat=True))
    places = {pk: place for pk, place in ranks if pk in chosen}
    left_over.update(
        outcome=Outcome.NOT_SELECTED,
        outcome_code=ReasonCode.QUOTA,
        outcome_note=_("The quota of the round was filled by nominees of a higher rank."),
        outcome_rank=Case(
            *[When(pk=pk, then=Value(place)) for pk, place in places.items()],
            default=Value(None),
            output_field=IntegerField(),
        )
        if places
        else None,
    )
    closings = _close(Nomination.objects.filter(round=round, state=State.AWAIT_DECISION), State.CLOSED, now)
    drafts = Nomination.objects.filter(round=round, state__in=NOT_SUBMITTED)
    Nominee.objects.filter(nomination__in=drafts, present=True, outcome=Outcome.PENDING).update(
        outcome=Outcome.WITHDRAWN
    )
    return closings + _close(drafts, State.LAPSED, now)


def _close(nominations: QuerySet[Nomination], state: State, now: datetime) -> list[Closing]:
    found = list(nominations.select_related("unit", "round").order_by("pk"))
    closings = [Closing(nomination, nomination.state) for nomination in found]
    _write(found, state, now)
    return closings


def _write(nominations: Iterable[Nomination], state: State, now: datetime) -> None:
    pks = []
    for nomination in nominations:
        nomination.state, nomination.holder, nomination.since = state, None, now
        nomination.revision += 1
        pks.append(nomination.pk)
    Nomination.objects.filter(pk__in=pks).update(
        state=state, holder=None, since=now, revision=F("revision") + 1
    )

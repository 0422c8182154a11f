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
from django.db.models.functions import Coalesce, Rank
from django.utils.translation import gettext as _

from nominations.conditions import lines_on_open_decisions
from nominations.models import AwardDecision, DecisionLine, Nomination, Nominee, Round
from nominations.states import ENDED, NOT_SUBMITTED, Assessment, Outcome, ReasonCode, State
from nominations.transitions import timing
from nominations.transitions.act import new_stay


@dataclass(frozen=True)
class Moved:
    """A nomination that ended, or went back, by an act on something else; and where it stood before."""

    nomination: Nomination
    from_state: str


def settle_decision(decision: AwardDecision, now: datetime) -> list[Moved]:
    """Give every line of a published decision its outcome; close the files left with none pending.

    The files behind the decision are locked. Returns what was closed.
    """
    final = Q(live=True) | Q(struck=True, back=False)  # the others were left off, or are appraised again
    lines = DecisionLine.objects.filter(final, decision=decision, nominee=OuterRef("pk"))
    struck = lines.filter(struck=True)
    Nominee.objects.filter(Exists(lines), outcome=Outcome.PENDING).update(
        outcome=Case(When(Exists(struck), then=Value(Outcome.STRUCK_OUT)), default=Value(Outcome.AWARDED)),
        outcome_code=Case(When(Exists(struck), then=Value(ReasonCode.SIGNER)), default=Value("")),
        outcome_note=Case(
            When(Exists(struck), then=struck.values("reason")[:1]),
            default=Value(""),
            output_field=TextField(),
        ),
        outcome_rank=lines.values("rank")[:1],
        decided_at=now,
    )
    pending = Nominee.objects.filter(nomination=OuterRef("pk"), present=True, outcome=Outcome.PENDING)
    done = Nomination.objects.filter(
        Exists(Nominee.objects.filter(nomination=OuterRef("pk"), lines__decision=decision)),
        ~Exists(pending),
        state=State.AWAIT_DECISION,
    )
    return _close(done, State.CLOSED, now)


def reopen_for_appraisal(decision: AwardDecision, now: datetime) -> list[Moved]:
    """Send back to appraisal the files with a nominee to be appraised again, whom no open decision holds.

    The files behind the decision are locked. Returns what went back.
    """
    again = Nominee.objects.filter(
        nomination=OuterRef("pk"), present=True, outcome=Outcome.PENDING, assessment=Assessment.NONE
    )
    files = Nomination.objects.filter(
        Exists(Nominee.objects.filter(nomination=OuterRef("pk"), lines__decision=decision)),
        Exists(again),
        ~Exists(lines_on_open_decisions()),
        state=State.AWAIT_DECISION,
    )
    found = list(files.select_related("unit", "holder", "round__programme__appraising_unit").order_by("pk"))
    moved = [Moved(nomination, nomination.state) for nomination in found]
    _write(found, State.APPRAISE, now)
    return moved


def touched(decision: AwardDecision, now: datetime) -> list[Moved]:
    """Return the files behind the decision that stay where they are though an act on it changed a nominee of theirs.

    Publishing decided some of their nominees at `now`, or signing sent some back to appraisal, while others still wait.
    """
    if decision.published_on:
        changed = Q(nominees__decided_at=now)
    else:
        changed = Q(nominees__lines__back=True, nominees__assessment=Assessment.NONE)
    files = Nomination.objects.filter(changed, nominees__lines__decision=decision, state=State.AWAIT_DECISION)
    found = files.select_related("unit", "holder", "round").order_by("pk").distinct()
    return [Moved(nomination, nomination.state) for nomination in found]


def close_round_files(round: Round, now: datetime) -> list[Moved]:
    """End the files of a round that closes: "not selected" with rank, or lapsed if not submitted by then.

    The round and its open files are locked. Returns what was closed.
    """
    ranks = (
        Nominee.objects.filter(
            nomination__round=round, present=True, assessment=Assessment.ELIGIBLE, total__isnull=False
        )
        .exclude(outcome=Outcome.WITHDRAWN)
        .annotate(place=Window(Rank(), partition_by="kind", order_by=[F("total").desc()]))
        .values_list("pk", "place")
    )
    waiting = Q(nomination__round=round, nomination__state=State.AWAIT_DECISION)
    left_over = Nominee.objects.filter(waiting, present=True, outcome=Outcome.PENDING)
    chosen = set(left_over.values_list("pk", flat=True))
    places = {pk: place for pk, place in ranks if pk in chosen}
    decided = DecisionLine.objects.filter(  # a person chose between equals, or left the nominee off
        nominee=OuterRef("pk"), live=False, struck=False, back=False, decision__published_on__isnull=False
    ).exclude(reason="")
    left_over.update(
        outcome=Outcome.NOT_SELECTED,
        outcome_code=ReasonCode.QUOTA,
        outcome_note=Coalesce(
            decided.order_by("-pk").values("reason")[:1],
            Value(_("The quota of the round was filled by nominees of a higher rank.")),
            output_field=TextField(),
        ),
        outcome_rank=Case(
            *[When(pk=pk, then=Value(place)) for pk, place in places.items()],
            default=Value(None),
            output_field=IntegerField(),
        )
        if places
        else None,
        decided_at=now,
    )
    closings = _close(Nomination.objects.filter(round=round, state=State.AWAIT_DECISION), State.CLOSED, now)
    drafts = Nomination.objects.filter(round=round, state__in=NOT_SUBMITTED)
    Nominee.objects.filter(nomination__in=drafts, present=True, outcome=Outcome.PENDING).update(
        outcome=Outcome.NOT_CONSIDERED, decided_at=now
    )
    return closings + _close(drafts, State.LAPSED, now)


def _close(nominations: QuerySet[Nomination], state: State, now: datetime) -> list[Moved]:
    found = list(nominations.select_related("unit", "round").order_by("pk"))
    closings = [Moved(nomination, nomination.state) for nomination in found]
    _write(found, state, now)
    return closings


def _write(nominations: Iterable[Nomination], state: State, now: datetime) -> None:
    """Begin a new stay for many files at once; an ended one has no holder, the others stay where they are."""
    stay = new_stay(now)
    if state in ENDED:
        stay |= {"holder": None, **timing.NONE}
    found, clocks = list(nominations), timing.Clocks(timing.counts_from(now))
    for nomination in found:
        moves = nomination.state != state
        nomination.state = state
        for name, value in stay.items():
            setattr(nomination, name, value)
        nomination.revision += 1
        if moves and state not in ENDED:
            timing.put(nomination, timing.NONE)
            timing.arrive(nomination, now, clocks)
    Nomination.objects.filter(pk__in=[item.pk for item in found]).update(
        state=state, revision=F("revision") + 1, **stay
    )
    if any(nomination.deadline_id for nomination in found):
        Nomination.objects.bulk_update(found, timing.CLOCK)

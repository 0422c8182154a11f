"""How an award decision moves: presented, submitted, checked, signed, numbered, published, and back."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from history.canonical import digest
from nominations import payloads, ranking, remarks, rules
from nominations.content import decision_content, line_snapshot
from nominations.models import (
    AwardDecision,
    DecisionLine,
    DecisionVersion,
    Nomination,
    Nominee,
    Register,
    RegisterNumber,
)
from nominations.models.programmes import NomineeKind
from nominations.states import SIGNED, Assessment, DecisionState, State
from nominations.transitions import timing
from nominations.transitions.act import Act, Done, begin_stay
from permissions.models import Unit


def open_decision(decision: AwardDecision, now: datetime) -> int:
    """Store a draft decision with the best candidates within the quota; return their number.

    The round is locked. Raises ValidationError when nobody waits for a decision.
    """
    hold_waiting(decision)
    chosen = ranking.within_quota(decision.round)
    if not chosen:
        raise ValidationError(
            {"round": _("No confirmed nominee waits for a decision within what is left of the quota.")}
        )
    decision.state, decision.since = DecisionState.COMPILE, now
    decision.holder = decision.round.programme.appraising_unit
    timing.arrive(decision, now)
    decision.save(force_insert=True)
    DecisionLine.objects.bulk_create(
        [
            DecisionLine(decision=decision, nominee=nominee, rank=rank, snapshot=line_snapshot(nominee))
            for rank, nominee in chosen
        ]
    )
    return len(chosen)


def hold_waiting(decision: AwardDecision) -> None:
    """Lock the round's files that wait for a decision: none is withdrawn while its nominee is put on a list."""
    waiting = Nomination.objects.filter(round=decision.round, state=State.AWAIT_DECISION).order_by("pk")
    list(waiting.select_for_update(of=("self",), no_key=True).values_list("pk"))


def move(
    decision: AwardDecision, state: str, holder: Unit | None, act: Act, *, recallable: bool = True
) -> None:
    """Write the state; the instance is locked, and every act raises the revision."""
    decision.state, decision.holder = state, holder
    begin_stay(decision, act, recallable=recallable and holder is not None)
    decision.revision += 1
    decision.save()


def lines_of(decision: AwardDecision) -> list[DecisionLine]:
    """The lines that the decision presents: those that stand, and those the signer struck out."""
    lines = decision.lines.filter(rules.on_the_list()).select_related("nominee")
    return list(lines.order_by("nominee__kind", "rank", "pk"))


def _freeze(decision: AwardDecision, lines: list[DecisionLine]) -> DecisionVersion:
    decision.version += 1
    content = decision_content(decision, lines)
    return DecisionVersion.objects.create(
        decision=decision, number=decision.version, content=content, digest=digest(content)
    )


def propose(decision: AwardDecision, act: Act) -> Done:
    """Freeze the list. An undecided tie at the quota's edge is for a person to decide first."""
    lines = lines_of(decision)
    if not any(line.live for line in lines):
        raise ValidationError({"lines": _("Nobody stands on the list: fill it, or abandon the draft.")})
    ties = ranking.ties_at_the_edge(decision)
    if ties:
        raise ValidationError({"ties": [tie.sentence for tie in ties]})
    ticked = remarks.told(decision)
    frozen = _freeze(decision, lines)
    move(decision, DecisionState.SUBMIT, decision.round.programme.appraising_unit, act)
    return Done(
        content_digest=frozen.digest,
        data={"version": frozen.number},
        text=ticked,
    )


def abandon(decision: AwardDecision, act: Act) -> Done:
    text = payloads.note(act.payload)
    decision.lines.filter(live=True).update(live=False)
    move(decision, DecisionState.ABANDONED, None, act)
    return Done(text={"note": text})


def submit(decision: AwardDecision, act: Act) -> Done:
    move(decision, DecisionState.CHECK, decision.round.programme.office_unit, act)
    return Done(content_digest=_digest(decision))


def pass_on(decision: AwardDecision, act: Act) -> Done:
    ticked = remarks.told(decision)
    move(decision, DecisionState.SIGN, decision.round.programme.deciding_unit, act)
    return Done(content_digest=_digest(decision), text=ticked)


def give_back(decision: AwardDecision, act: Act) -> Done:
    """Send the decision back with a reason and remarks on single lines; what was said stays with it."""
    text = payloads.note(act.payload)
    programme = decision.round.programme
    to = payloads.choice(act.payload, "to", act.action.targets)
    unit = programme.office_unit if to == DecisionState.CHECK else programme.appraising_unit
    items = payloads.line_remarks(act.payload, lines_of(decision))
    signed = decision.state in SIGNED  # the signature no longer stands: it is signed anew
    if signed:
        decision.signed_by_name = decision.signed_position = ""
        decision.signed_form = decision.signed_for = ""
        decision.signed_on = None
    move(decision, to, unit, act, recallable=not signed)
    whole = {"nominee": None, "text": text}
    return Done(
        remarks=[{**item, "to_step": to, "to_unit": unit} for item in (whole, *items)],
        data={"remarks": len(items), "to": to},
        text={
            "note": text,
            "remarks": [{"about": item["nominee"].name, "text": item["text"]} for item in items],
        },
    )


def sign(decision: AwardDecision, act: Act) -> Done:
    """The round is locked: two decisions of one round cannot both fill the same places."""
    lines = lines_of(decision)
    strikes = payloads.strikes(act.payload, [line for line in lines if line.live])
    struck = []
    for line in lines:
        if line.pk in strikes:
            line.struck, line.live = True, False
            line.reason, line.back = strikes[line.pk]
            struck.append(line)
    _within_quota(decision, lines)
    DecisionLine.objects.bulk_update(struck, ["struck", "live", "reason", "back"])
    to_appraise_again([line.nominee_id for line in struck if line.back])
    frozen = _freeze(decision, lines)
    signature = act.signature
    decision.signed_by_name, decision.signed_position = signature.name, signature.position
    decision.signed_form, decision.signed_for = signature.form, signature.head
    decision.signed_on = act.day
    move(decision, DecisionState.ISSUE_NUMBER, decision.round.programme.office_unit, act, recallable=False)
    return Done(
        content_digest=frozen.digest,
        data={
            "version": frozen.number,
            "struck": [line.snapshot["uid"] for line in struck],
            "back": [line.snapshot["uid"] for line in struck if line.back],
        },
        text={"struck": [{"name": line.snapshot["name"], "reason": line.reason} for line in struck]},
    )


def to_appraise_again(nominees: list[int]) -> None:
    """Take back the conclusion on these nominees: their files go back to appraisal (see `closing`)."""
    if nominees:
        Nominee.objects.filter(pk__in=nominees).update(assessment=Assessment.NONE, total=None)


def _within_quota(decision: AwardDecision, lines: list[DecisionLine]) -> None:
    allowed = ranking.quota(decision.round)
    signed = ranking.used(decision.round, SIGNED)
    for kind in NomineeKind:
        here = sum(line.nominee.kind == kind and not line.struck for line in lines)
        if here and signed[kind] + here > allowed[kind]:
            raise ValidationError(
                {
                    "quota": _(
                        "%(kind)s: %(count)s would be awarded in this round, the quota is %(quota)s. "
                        "Strike out lines or return the decision."
                    )
                    % {"kind": kind.label, "count": signed[kind] + here, "quota": allowed[kind]}
                }
            )


def issue_number(decision: AwardDecision, act: Act) -> Done:
    """Take the next number of the legal year under the register's lock (no gap, no reuse)."""
    register = Register.objects.select_for_update(of=("self",), no_key=True).get(
        pk=decision.round.programme.register_id
    )
    last = RegisterNumber.objects.filter(register=register, year=act.day.year).aggregate(last=Max("number"))[
        "last"
    ]
    number = RegisterNumber.objects.create(
        register=register, year=act.day.year, number=(last or 0) + 1, decision=decision
    )
    decision.issued_on, decision.register_number = act.day, number
    move(decision, DecisionState.PUBLISH, decision.holder, act, recallable=False)
    return Done(
        content_digest=_digest(decision),
        data={"register": register.code, "year": number.year, "number": number.number},
    )


def void_number(decision: AwardDecision, act: Act) -> Done:
    """Take the number off the decision; it keeps its place in the register and is never used again."""
    text = payloads.note(act.payload)
    number = RegisterNumber.objects.get(decision=decision, state=RegisterNumber.State.USED)
    RegisterNumber.objects.filter(pk=number.pk).update(state=RegisterNumber.State.VOID, reason=text)
    decision.register_number = decision.issued_on = None
    move(decision, DecisionState.ISSUE_NUMBER, decision.holder, act, recallable=False)
    return Done(
        content_digest=_digest(decision),
        data={"year": number.year, "number": number.number},
        text={"note": text},
    )


def publish(decision: AwardDecision, act: Act) -> Done:
    decision.published_on = act.day
    move(decision, DecisionState.PUBLISHED, None, act)
    return Done(content_digest=_digest(decision))


def _digest(decision: AwardDecision) -> str:
    """The digest of the list as frozen last: what this act speaks of."""
    return DecisionVersion.objects.values_list("digest", flat=True).get(
        decision=decision, number=decision.version
    )

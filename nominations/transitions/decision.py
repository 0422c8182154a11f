"""How an award decision moves: one function for each row of the table."""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from history.canonical import digest
from nominations import payloads, ranking
from nominations.content import decision_content, line_snapshot
from nominations.models import AwardDecision, DecisionLine, DecisionVersion, Register, RegisterNumber
from nominations.models.programmes import NomineeKind
from nominations.states import SIGNED, DecisionState
from nominations.transitions.act import Act, Done
from permissions.models import Unit


def open_decision(decision: AwardDecision, now: datetime) -> int:
    """Store a draft decision with the best candidates within the quota; return their number.

    The round is locked. Raises ValidationError when nobody waits for a decision.
    """
    chosen = ranking.within_quota(decision.round)
    if not chosen:
        raise ValidationError(
            {"round": _("No confirmed nominee waits for a decision within what is left of the quota.")}
        )
    decision.state, decision.since = DecisionState.COMPILE, now
    decision.holder = decision.round.programme.appraising_unit
    decision.save(force_insert=True)
    DecisionLine.objects.bulk_create(
        [
            DecisionLine(decision=decision, nominee=nominee, rank=rank, snapshot=line_snapshot(nominee))
            for rank, nominee in chosen
        ]
    )
    return len(chosen)


def move(decision: AwardDecision, state: DecisionState, holder: Unit | None, act: Act) -> None:
    """Write the state; the instance is locked, and every act raises the revision."""
    decision.state, decision.holder, decision.since = state, holder, act.now
    decision.revision += 1
    decision.save()


def _lines(decision: AwardDecision) -> list[DecisionLine]:
    return list(decision.lines.select_related("nominee").order_by("nominee__kind", "rank"))


def _freeze(decision: AwardDecision, lines: list[DecisionLine]) -> DecisionVersion:
    decision.version += 1
    content = decision_content(decision, lines)
    return DecisionVersion.objects.create(
        decision=decision, number=decision.version, content=content, digest=digest(content)
    )


def _propose(decision: AwardDecision, act: Act) -> Done:
    frozen = _freeze(decision, _lines(decision))
    move(decision, DecisionState.SUBMIT, decision.round.programme.appraising_unit, act)
    return Done(content_digest=frozen.digest, data={"version": frozen.number})


def _abandon(decision: AwardDecision, act: Act) -> Done:
    text = payloads.note(act.payload)
    decision.lines.update(live=False)
    move(decision, DecisionState.ABANDONED, None, act)
    return Done(text={"note": text})


def _submit(decision: AwardDecision, act: Act) -> Done:
    move(decision, DecisionState.CHECK, decision.round.programme.office_unit, act)
    return Done(content_digest=_digest(decision))


def _pass(decision: AwardDecision, act: Act) -> Done:
    move(decision, DecisionState.SIGN, decision.round.programme.deciding_unit, act)
    return Done(content_digest=_digest(decision))


def _return(decision: AwardDecision, act: Act) -> Done:
    text = payloads.note(act.payload)
    move(decision, DecisionState.COMPILE, decision.round.programme.appraising_unit, act)
    return Done(text={"note": text})


def _sign(decision: AwardDecision, act: Act) -> Done:
    """The round is locked: two decisions of one round cannot both fill the same places."""
    lines = _lines(decision)
    strikes = payloads.strikes(act.payload, lines)
    for line in lines:
        if line.pk in strikes:
            line.struck, line.live, line.reason = True, False, strikes[line.pk]
    _within_quota(decision, lines)
    DecisionLine.objects.bulk_update([line for line in lines if line.struck], ["struck", "live", "reason"])
    frozen = _freeze(decision, lines)
    decision.signed_by_name = act.actor.full_name
    decision.signed_position = act.post.position
    decision.signed_on = act.day
    move(decision, DecisionState.ISSUE_NUMBER, decision.round.programme.office_unit, act)
    struck = [line for line in lines if line.struck]
    return Done(
        content_digest=frozen.digest,
        data={"version": frozen.number, "struck": [line.snapshot["uid"] for line in struck]},
        text={"struck": [{"name": line.snapshot["name"], "reason": line.reason} for line in struck]},
    )


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


def _issue_number(decision: AwardDecision, act: Act) -> Done:
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
    decision.issued_on = act.day
    move(decision, DecisionState.PUBLISH, decision.holder, act)
    return Done(
        content_digest=_digest(decision),
        data={"register": register.code, "year": number.year, "number": number.number},
    )


def _publish(decision: AwardDecision, act: Act) -> Done:
    decision.published_on = act.day
    move(decision, DecisionState.PUBLISHED, None, act)
    return Done(content_digest=_digest(decision))


def _digest(decision: AwardDecision) -> str:
    """The digest of the list as frozen last: what this act speaks of."""
    return DecisionVersion.objects.values_list("digest", flat=True).get(
        decision=decision, number=decision.version
    )


DECISION_STEPS: dict[tuple[str, str], Callable[[AwardDecision, Act], Done]] = {
    (DecisionState.COMPILE, "propose"): _propose,
    (DecisionState.COMPILE, "abandon"): _abandon,
    (DecisionState.SUBMIT, "submit"): _submit,
    (DecisionState.SUBMIT, "return"): _return,
    (DecisionState.CHECK, "pass"): _pass,
    (DecisionState.CHECK, "return"): _return,
    (DecisionState.SIGN, "sign"): _sign,
    (DecisionState.SIGN, "return"): _return,
    (DecisionState.ISSUE_NUMBER, "issue_number"): _issue_number,
    (DecisionState.PUBLISH, "publish"): _publish,
}

"""How a nomination moves: one function for each row of the table."""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from history.canonical import digest
from nominations import checks, payloads, routes
from nominations.content import nomination_content
from nominations.file import File, read
from nominations.models import Criterion, Nomination, NominationVersion, Nominee, RouteLeg, Score
from nominations.states import Assessment, Level, Outcome, State
from nominations.transitions.act import Act, Done
from permissions.models import Unit


def open_nomination(nomination: Nomination, now: datetime) -> None:
    """Store a new draft, which waits at the unit that proposes."""
    nomination.state, nomination.holder, nomination.since = State.DRAFT, nomination.unit, now
    nomination.save(force_insert=True)


def move(nomination: Nomination, state: State, holder: Unit | None, now: datetime) -> None:
    """Write the state; the instance is locked, and every act raises the revision."""
    nomination.state, nomination.holder, nomination.since = state, holder, now
    nomination.revision += 1
    nomination.save(update_fields=["state", "holder", "since", "revision", "version", "received_at", "due"])


def _propose(nomination: Nomination, act: Act) -> Done:
    if not nomination.nominees.filter(present=True).exists():
        raise ValidationError({"nominees": _("Add at least one collective or individual.")})
    move(nomination, State.SIGN_PROPOSAL, nomination.unit, act.now)
    return Done()


def _submit(nomination: Nomination, act: Act) -> Done:
    file = read(nomination)
    problems = [p for result in checks.run(file) for p in result.problems]
    if problems:
        raise ValidationError({"checks": problems})
    legs = routes.resolve(nomination.unit, act.day)
    frozen = _freeze(nomination, file)
    RouteLeg.objects.bulk_create(
        [
            RouteLeg(
                nomination=nomination,
                version=nomination.version,
                n=n,
                unit=unit,
                arrived=act.now if n == 1 else None,
            )
            for n, unit in enumerate(legs, start=1)
        ]
    )
    if legs:
        move(nomination, State.REVIEW, legs[0], act.now)
    else:
        _to_intake(nomination, act)
    return Done(
        content_digest=frozen.digest,
        data={"version": frozen.number, "route": [unit.code for unit in legs]},
        text={"route": [unit.name for unit in legs]},
    )


def _freeze(nomination: Nomination, file: File) -> NominationVersion:
    nomination.version += 1
    content = nomination_content(file)
    return NominationVersion.objects.create(
        nomination=nomination, number=nomination.version, content=content, digest=digest(content)
    )


def _send_back(nomination: Nomination, act: Act) -> Done:
    text = payloads.note(act.payload)
    move(nomination, State.DRAFT, nomination.unit, act.now)
    return Done(text={"note": text})


def _forward(nomination: Nomination, act: Act) -> Done:
    leg = _legs(nomination).get(left=None, arrived__isnull=False)
    move(nomination, State.ENDORSE, nomination.holder, act.now)
    return Done(leg_id=leg.pk, text=_optional_note(act))


def _endorse(nomination: Nomination, act: Act) -> Done:
    legs = list(_legs(nomination))
    current = next(leg for leg in legs if leg.arrived and not leg.left)
    following = [leg for leg in legs if leg.n > current.n]
    current.left = act.now
    current.save(update_fields=["left"])
    if following:
        following[0].arrived = act.now
        following[0].save(update_fields=["arrived"])
        move(nomination, State.REVIEW, following[0].unit, act.now)
    else:
        _to_intake(nomination, act)
    return Done(leg_id=current.pk, text=_optional_note(act))


def _to_intake(nomination: Nomination, act: Act) -> None:
    nomination.received_at = nomination.received_at or act.now
    move(nomination, State.INTAKE, nomination.round.programme.appraising_unit, act.now)


def _return(nomination: Nomination, act: Act) -> Done:
    items = payloads.remarks(act.payload, list(nomination.nominees.filter(present=True)))
    leg_id = _leave_leg(nomination, act)
    move(nomination, State.DRAFT, nomination.unit, act.now)
    return Done(
        leg_id=leg_id,
        remarks=items,
        data={"remarks": len(items)},
        text={
            "remarks": [
                {"nominee": item["nominee"].name if item["nominee"] else "", "text": item["text"]}
                for item in items
            ]
        },
    )


def _reject(nomination: Nomination, act: Act) -> Done:
    code, text = payloads.reason(act.payload)
    leg_id = _leave_leg(nomination, act)
    nomination.nominees.filter(present=True).update(
        outcome=Outcome.INELIGIBLE, outcome_code=code, outcome_note=text
    )
    move(nomination, State.REJECTED, None, act.now)
    return Done(reason_code=code, leg_id=leg_id, text={"note": text})


def _accept(nomination: Nomination, act: Act) -> Done:
    move(nomination, State.APPRAISE, nomination.holder, act.now)
    return Done(text=_optional_note(act))


def _conclude(nomination: Nomination, act: Act) -> Done:
    nominees = list(nomination.nominees.filter(present=True))
    criteria = list(Criterion.objects.filter(rule_set=nomination.round.rule_set_id))
    conclusions = payloads.conclusions(act.payload, nominees, criteria)
    by_code = {criterion.code: criterion for criterion in criteria}
    for item in conclusions:
        eligible = item.assessment == Assessment.ELIGIBLE
        item.nominee.assessment = item.assessment
        item.nominee.assessment_note = item.note
        item.nominee.outcome_code = "" if eligible else item.code
    Nominee.objects.bulk_update(nominees, ["assessment", "assessment_note", "outcome_code"])
    Score.objects.bulk_create(
        [
            Score(
                nominee=item.nominee,
                version=nomination.version,
                level=Level.APPRAISAL,
                criterion=by_code[code],
                points=points,
                by=act.actor,
            )
            for item in conclusions
            for code, points in item.points.items()
        ],
        update_conflicts=True,
        unique_fields=["nominee", "version", "level", "criterion"],
        update_fields=["points", "by"],
    )
    move(nomination, State.CONFIRM, nomination.holder, act.now)
    return Done(
        data={
            "nominees": {
                str(item.nominee.uid): {
                    "assessment": item.assessment,
                    "code": item.code,
                    "points": item.points,
                }
                for item in conclusions
            }
        },
        text={"nominees": [{"name": item.nominee.name, "note": item.note} for item in conclusions]},
    )


def _confirm(nomination: Nomination, act: Act) -> Done:
    nominees = list(nomination.nominees.filter(present=True))
    totals = dict(
        Score.objects.filter(nominee__in=nominees, level=Level.APPRAISAL, version=nomination.version)
        .order_by()
        .values_list("nominee")
        .annotate(Sum("points"))
    )
    for nominee in nominees:
        nominee.total = totals.get(nominee.pk, 0)
        if nominee.assessment == Assessment.INELIGIBLE:
            nominee.outcome = Outcome.INELIGIBLE
            nominee.outcome_note = nominee.assessment_note
    Nominee.objects.bulk_update(nominees, ["total", "outcome", "outcome_note"])
    eligible = [nominee for nominee in nominees if nominee.outcome == Outcome.PENDING]
    if eligible:
        move(nomination, State.AWAIT_DECISION, nomination.holder, act.now)
    else:  # nobody left to decide on: the file ends here
        move(nomination, State.CLOSED, None, act.now)
    return Done(
        data={"eligible": len(eligible), "totals": {str(n.uid): n.total for n in nominees}},
        text=_optional_note(act),
    )


def _back_to_appraisal(nomination: Nomination, act: Act) -> Done:
    text = payloads.note(act.payload)
    move(nomination, State.APPRAISE, nomination.holder, act.now)
    return Done(text={"note": text})


def _legs(nomination: Nomination) -> QuerySet[RouteLeg]:
    return (
        RouteLeg.objects.filter(nomination=nomination, version=nomination.version, replaced_by=None)
        .select_related("unit")
        .order_by("n")
    )


def _leave_leg(nomination: Nomination, act: Act) -> int | None:
    leg = _legs(nomination).filter(arrived__isnull=False, left=None).first()
    if leg is None:
        return None
    leg.left = act.now
    leg.save(update_fields=["left"])
    return leg.pk


def _optional_note(act: Act) -> dict[str, str]:
    text = str(act.payload.get("note") or "").strip()
    return {"note": text[: payloads.LONGEST]} if text else {}


NOMINATION_STEPS: dict[tuple[str, str], Callable[[Nomination, Act], Done]] = {
    (State.DRAFT, "propose"): _propose,
    (State.SIGN_PROPOSAL, "submit"): _submit,
    (State.SIGN_PROPOSAL, "send_back"): _send_back,
    (State.REVIEW, "forward"): _forward,
    (State.REVIEW, "return"): _return,
    (State.REVIEW, "reject"): _reject,
    (State.ENDORSE, "endorse"): _endorse,
    (State.ENDORSE, "return"): _return,
    (State.ENDORSE, "reject"): _reject,
    (State.INTAKE, "accept"): _accept,
    (State.INTAKE, "return"): _return,
    (State.INTAKE, "reject"): _reject,
    (State.APPRAISE, "conclude"): _conclude,
    (State.CONFIRM, "confirm"): _confirm,
    (State.CONFIRM, "send_back"): _back_to_appraisal,
}

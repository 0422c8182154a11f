"""How a nomination goes on: one function for each row of the table that leads forward."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from history.canonical import digest
from nominations import checks, payloads, remarks, routes, stops
from nominations.content import nomination_content
from nominations.file import File, read
from nominations.models import Criterion, Nomination, NominationVersion, Nominee, Score
from nominations.states import Assessment, Level, Outcome, State
from nominations.transitions import legs, timing
from nominations.transitions.act import Act, Done, begin_stay
from permissions.models import Unit

MOVED = (
    "state", "holder", "since", "sent_from", "sent_post", "sent_by", "opened_at", "opened_by", "recall", "revision",
    "version", "route_version", "supplements", "resume_at", "received_at", "unit", *timing.CLOCK,
)  # fmt: skip


def open_nomination(nomination: Nomination, now: datetime) -> None:
    """Store a new draft, which waits at the unit that proposes."""
    nomination.state, nomination.holder, nomination.since = State.DRAFT, nomination.unit, now
    nomination.save(force_insert=True)


def move(
    nomination: Nomination, state: str, holder: Unit | None, act: Act, *, recallable: bool = True
) -> None:
    """Write the state; the instance is locked, and every act raises the revision."""
    nomination.state, nomination.holder = state, holder
    begin_stay(nomination, act, recallable=recallable and holder is not None)
    nomination.revision += 1
    nomination.save(update_fields=MOVED)


def propose(nomination: Nomination, act: Act) -> Done:
    if not nomination.nominees.filter(present=True).exists():
        raise ValidationError({"nominees": _("Add at least one collective or individual.")})
    done = answered(nomination)
    move(nomination, State.SIGN_PROPOSAL, nomination.unit, act)
    return done


def submit(nomination: Nomination, act: Act) -> Done:
    """Freeze the content; it goes by the route of the day, or a supplement straight back to who asked."""
    file = read(nomination)
    problems = [p for result in checks.run(file) for p in result.problems]
    if problems:
        raise ValidationError({"checks": problems})
    if nomination.resume_at:
        frozen = _freeze(nomination, file)
        move(nomination, nomination.resume_at, nomination.round.programme.appraising_unit, act)
        return Done(content_digest=frozen.digest, data={"version": frozen.number, "supplement": True})
    route = routes.resolve(nomination.unit, act.day)
    frozen = _freeze(nomination, file)
    legs.lay(nomination, route, act.now)
    if route:
        move(nomination, State.REVIEW, route[0], act)
    else:
        to_intake(nomination, act)
    return Done(
        content_digest=frozen.digest,
        data={"version": frozen.number, "route": [unit.code for unit in route]},
        text={"route": [unit.name for unit in route]},
    )


def _freeze(nomination: Nomination, file: File) -> NominationVersion:
    nomination.version += 1
    content = nomination_content(file)
    return NominationVersion.objects.create(
        nomination=nomination, number=nomination.version, content=content, digest=digest(content)
    )


def forward(nomination: Nomination, act: Act) -> Done:
    leg = stops.current(stops.legs_of(nomination))
    done = answered(nomination, act)
    move(nomination, State.ENDORSE, nomination.holder, act)
    done.leg_id = leg.pk if leg else None
    return done


def endorse(nomination: Nomination, act: Act) -> Done:
    route = stops.legs_of(nomination)
    here = stops.current(route)
    following = next((leg for leg in route if here and leg.n > here.n), None)
    done = answered(nomination, act)
    done.leg_id = here.pk if here else None
    legs.stand_at(route, following, act.now)
    if following:
        move(nomination, State.REVIEW, following.unit, act)
    else:
        to_intake(nomination, act)
    return done


def to_intake(nomination: Nomination, act: Act, *, recallable: bool = True) -> None:
    """Let the file arrive at Home Affairs; the first arrival is remembered."""
    nomination.received_at = nomination.received_at or act.now
    move(nomination, State.INTAKE, nomination.round.programme.appraising_unit, act, recallable=recallable)


def accept(nomination: Nomination, act: Act) -> Done:
    done = answered(nomination, act)
    move(nomination, State.APPRAISE, nomination.holder, act)
    return done


def conclude(nomination: Nomination, act: Act) -> Done:
    """Write the conclusion on each nominee still to be judged; what was decided before stands."""
    nominees = list(to_judge(nomination))
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
    done = answered(nomination)
    move(nomination, State.CONFIRM, nomination.holder, act)
    done.data |= {
        "nominees": {
            str(item.nominee.uid): {"assessment": item.assessment, "code": item.code, "points": item.points}
            for item in conclusions
        }
    }
    done.text |= {"nominees": [{"name": item.nominee.name, "note": item.note} for item in conclusions]}
    return done


def to_judge(nomination: Nomination) -> QuerySet[Nominee]:
    """Return the nominees on whom nothing has been decided yet."""
    return nomination.nominees.filter(present=True, outcome=Outcome.PENDING)


def confirm(nomination: Nomination, act: Act) -> Done:
    nominees = list(to_judge(nomination))
    totals = dict(
        Score.objects.filter(nominee__in=nominees, level=Level.APPRAISAL, version=nomination.version)
        .order_by()
        .values_list("nominee")
        .annotate(Sum("points"))
    )
    for nominee in nominees:
        nominee.total = totals.get(nominee.pk, 0)
        if nominee.assessment == Assessment.INELIGIBLE:
            nominee.outcome, nominee.decided_at = Outcome.INELIGIBLE, act.now
            nominee.outcome_note = nominee.assessment_note
    Nominee.objects.bulk_update(nominees, ["total", "outcome", "outcome_note", "decided_at"])
    eligible = [nominee for nominee in nominees if nominee.outcome == Outcome.PENDING]
    if eligible:
        move(nomination, State.AWAIT_DECISION, nomination.holder, act)
    else:  # nobody left to decide on: the file ends here
        move(nomination, State.CLOSED, None, act)
    return Done(
        data={"eligible": len(eligible), "totals": {str(n.uid): n.total for n in nominees}},
        text=note_of(act),
    )


def answered(nomination: Nomination, act: Act | None = None) -> Done:
    """Begin what is told of an act: the remarks ticked off for it, and the note if one was written."""
    return Done(text={**(note_of(act) if act else {}), **remarks.told(nomination)})


def note_of(act: Act) -> dict[str, str]:
    """The note that was added though none is asked for."""
    text = str(act.payload.get("note") or "").strip()
    return {"note": text[: payloads.LONGEST]} if text else {}

"""How a file comes back to whoever sent it: at once while unopened, else asked for, granted or declined."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from nominations import payloads, stops
from nominations.models import AwardDecision, Nomination, Remark, RouteLeg
from nominations.states import Outcome, Recall, State
from nominations.transitions import legs
from nominations.transitions.act import Act, Done
from nominations.transitions.decision import move as move_decision
from nominations.transitions.nomination import move

Subject = Nomination | AwardDecision


def recall(subject: Subject, act: Act) -> Done:
    """Bring the file back to the step from which it was sent, as if it had not been sent."""
    post, to = subject.sent_post, subject.sent_from
    if post is None or to not in act.action.targets:
        raise ValidationError(_("The step from which it was sent no longer takes it back."))
    if post.unit.has_ended(act.day):
        raise ValidationError(
            {"unit": _("%(unit)s no longer exists: re-route the file instead.") % {"unit": post.unit}}
        )
    before, sent_at = subject.state, subject.since
    taken_back = subject.remarks.filter(
        to_step=before, to_unit=subject.holder, status=Remark.Status.OPEN, handling__at=sent_at
    )
    taken_back.update(status=Remark.Status.DROPPED)
    if isinstance(subject, AwardDecision):
        move_decision(subject, to, post.unit, act, recallable=False)
        return Done()
    if before == State.SUPPLEMENT and to != State.SIGN_PROPOSAL:
        subject.supplements -= 1  # the request was never made
        subject.resume_at = ""
    if to == State.CONFIRM:
        _unconfirm(subject, sent_at)
    route = stops.legs_of(subject)
    here = stops.current(route)
    there = _leg_left(subject, route, sent_at)
    if there is not here:
        legs.stand_at(route, there, act.now)
    move(subject, to, post.unit, act, recallable=False)
    return Done(leg_id=here.pk if here else None)


def request_recall(subject: Subject, act: Act) -> Done:
    text = payloads.note(act.payload)
    _stay(subject, Recall.ASKED)
    return Done(text={"note": text})


def decline_recall(subject: Subject, act: Act) -> Done:
    text = payloads.note(act.payload)
    _stay(subject, Recall.DECLINED)
    return Done(text={"note": text})


def _stay(subject: Subject, recall_: Recall) -> None:
    subject.recall = recall_
    subject.revision += 1
    subject.save(update_fields=["recall", "revision"])


def _leg_left(nomination: Nomination, route: list[RouteLeg], sent_at: datetime) -> RouteLeg | None:
    """The leg of the route from which it was sent, None if from none; a body may stand on the route twice."""
    left = (
        nomination.handlings.filter(at=sent_at, step=nomination.sent_from)
        .values_list("leg", flat=True)
        .first()
    )
    return next((leg for leg in route if leg.pk == left), None)


def _unconfirm(nomination: Nomination, confirmed_at: datetime) -> None:
    """Take back the outcomes and totals that the confirmation gave, and no others."""
    given = nomination.nominees.filter(present=True)
    given.filter(outcome=Outcome.INELIGIBLE, decided_at=confirmed_at).update(
        outcome=Outcome.PENDING, outcome_note="", decided_at=None
    )
    given.filter(outcome=Outcome.PENDING).update(total=None)

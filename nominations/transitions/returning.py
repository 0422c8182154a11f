"""How a nomination goes back, or ends before its time: returned, supplemented, sent elsewhere, rejected, withdrawn."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from nominations import choices, payloads, remarks, stops
from nominations.models import Nomination, Remark
from nominations.states import Outcome, ReasonCode, State
from nominations.transitions import legs
from nominations.transitions.act import Act, Done
from nominations.transitions.nomination import move, to_intake, to_judge


def give_back(nomination: Nomination, act: Act) -> Done:
    """Send the file back with itemised remarks to an earlier stop of the table, chosen if there are several."""
    route = stops.legs_of(nomination)
    here = stops.current(route)
    stop = payloads.stop(act.payload, stops.ways_back(nomination, act.action, route, act.day))
    done = _remarked(nomination, act, stop)
    done.leg_id = here.pk if here else None
    if stop.leg is not here:
        legs.stand_at(route, stop.leg, act.now)
    if stop.state == State.DRAFT:
        nomination.resume_at = ""  # a new version goes the whole route
    move(nomination, stop.state, stop.unit, act)
    return done


def request_supplement(nomination: Nomination, act: Act) -> Done:
    """Ask the unit for what is missing; the supplement comes straight back to this step."""
    found = stops.ways_back(nomination, act.action, [], act.day)
    if not found:
        raise ValidationError({"unit": _("The proposing unit no longer exists: hand the file over first.")})
    done = _remarked(nomination, act, found[0])
    nomination.supplements += 1
    nomination.resume_at = nomination.state
    move(nomination, State.SUPPLEMENT, nomination.unit, act)
    done.data["supplement"] = nomination.supplements
    return done


def _remarked(nomination: Nomination, act: Act, stop: stops.Stop) -> Done:
    about = remarks.possible(
        list(nomination.nominees.filter(present=True)), list(nomination.evidence.filter(present=True))
    )
    items = payloads.remarks(act.payload, about)
    return Done(
        remarks=[
            {
                "nominee": item.about.nominee,
                "evidence": item.about.evidence,
                "field": item.about.field,
                "text": item.text,
                "to_step": stop.state,
                "to_unit": stop.unit,
            }
            for item in items
        ],
        data={"remarks": len(items), "to": stop.state, "to_unit": stop.unit.code},
        text={
            "to_unit": stop.unit.name,
            "remarks": [{"about": item.about.label, "text": item.text} for item in items],
        },
    )


def reject(nomination: Nomination, act: Act) -> Done:
    code, text = payloads.reason(act.payload)
    leg_id = legs.leave(nomination, act.now)
    _end(nomination, State.REJECTED, act, Outcome.INELIGIBLE, code, text)
    return Done(reason_code=code, leg_id=leg_id, text={"note": text})


def withdraw(nomination: Nomination, act: Act) -> Done:
    text = payloads.note(act.payload)
    leg_id = legs.leave(nomination, act.now)
    _end(nomination, State.WITHDRAWN, act, Outcome.WITHDRAWN, "", text)
    return Done(leg_id=leg_id, text={"note": text})


def wrong_route(nomination: Nomination, act: Act) -> Done:
    """End the file unjudged and name the body to which it belongs (domain: hồ sơ không đúng tuyến trình)."""
    unit, text = choices.body(act.payload, act.day)
    leg_id = legs.leave(nomination, act.now)
    code = ReasonCode.WRONG_ROUTE
    told = _("Belongs to: %(unit)s. %(note)s") % {"unit": unit, "note": text}
    _end(nomination, State.WRONG_ROUTE, act, Outcome.NOT_CONSIDERED, code, told[: payloads.LONGEST])
    return Done(
        reason_code=code, leg_id=leg_id, data={"right": unit.code}, text={"right": unit.name, "note": text}
    )


def _end(nomination: Nomination, state: State, act: Act, outcome: Outcome, code: str, note: str) -> None:
    """End the file; whoever has an outcome already keeps it."""
    to_judge(nomination).update(outcome=outcome, outcome_code=code, outcome_note=note, decided_at=act.now)
    move(nomination, state, None, act)


def reroute(nomination: Nomination, act: Act) -> Done:
    """Close what remains of the route and lead the file on by another body, or straight to intake."""
    straight = State.INTAKE in act.action.targets
    read = choices.body_or_intake if straight else choices.body
    unit, text = read(act.payload, act.day)
    before = [leg.unit.code for leg in stops.legs_of(nomination)]
    if unit and unit.pk == nomination.unit_id:
        raise ValidationError({"unit": _("The file is this unit's own: name the body that reviews it.")})
    legs.replace(nomination, unit, act.now)
    if unit:
        move(nomination, State.REVIEW, unit, act, recallable=False)
    else:
        to_intake(nomination, act, recallable=False)
    return Done(
        data={"route_before": before, "route": [unit.code] if unit else []},
        text={"note": text, "route": [unit.name] if unit else []},
    )


def hand_over(nomination: Nomination, act: Act) -> Done:
    """Let the unit that succeeds the ended one carry on with the file; names in the history stay."""
    unit, text = choices.successor(act.payload, choices.successors_of(nomination.unit, act.day))
    before = nomination.unit
    Remark.objects.filter(nomination=nomination, to_unit=before).update(to_unit=unit)
    nomination.unit = unit
    move(nomination, stops.drafting(nomination), unit, act, recallable=False)
    return Done(
        data={"unit_before": before.code, "unit": unit.code},
        text={"note": text, "unit_before": before.name, "unit_after": unit.name},
    )

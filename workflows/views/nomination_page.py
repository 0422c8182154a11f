"""Everything needed to decide on a file, gathered for its one page with a flat number of statements."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from history import clock
from nominations import checks, routes, rules, story
from nominations import file as files
from nominations.actions import Needs
from nominations.content import seen_digest
from nominations.evidence import IN_PLACE
from nominations.models import Criterion, DecisionLine, Evidence, Nomination, Nominee, RouteLeg, Score
from nominations.states import ENDED, NOT_SUBMITTED, Level, State
from permissions.models import Officer, Unit
from workflows import asking, bar, engine
from workflows.acting import Refused
from workflows.action_forms import AppraisalForm, form_for
from workflows.asking import Answer

TONES = {"return": "bad", "reject": "bad", "send_back": "bad", "publish": "good", "confirm": "good"}
APPRAISAL_FORM = "conclude"  # the id of the form around the nominees


def context(officer: Officer, nomination: Nomination, refused: Refused | None = None) -> dict[str, Any]:
    """Return what the page of `nomination` shows to `officer`; `refused` is an act to show again."""
    file, told = files.read(nomination), story.of(nomination)
    appraised = _appraised(file)
    answers = asking.ask(officer, nomination)
    appraisal = _appraisal_form(file, appraised, answers, refused)
    items = _bar(nomination, file, answers, refused)
    asked = told.asked(nomination.state)
    found = [] if nomination.state in ENDED else _checks(file)
    return {
        "crumbs": [(_("Files"), reverse("nominations:list"))],
        "nomination": nomination,
        "facts": _facts(nomination),
        "steps": route_steps(nomination, told),
        "cards": _cards(officer, file, appraised, appraisal),
        "documents": [document(item) for item in file.evidence if item.nominee_id is None],
        "checks": found,
        "missing": sum(len(result.problems) for result in found),
        "asked": asked,
        "asked_before": None if asked else told.last("return"),
        "events": [_event(line) for line in told.newest_first],
        "items": items,
        "waiting_for": bar.waiting_for(nomination, answers),
        "seen": seen_digest(nomination),
        "appraisal": next((item for item in items if item.form_id == APPRAISAL_FORM), None),
        "refused": refused,
        "today": clock.today(),
    }


def document(item: Evidence) -> dict[str, Any]:
    """Return a document as the list of evidence shows it; `embed` says how it opens in place."""
    return {
        "name": item.name,
        "kind_label": item.get_kind_display(),
        "size": item.size,
        "url": reverse("nominations:evidence", kwargs={"uid": item.uid}),
        "embed": IN_PLACE.get(item.media_type, ""),
    }


def route_steps(nomination: Nomination, told: story.Story) -> list[dict[str, Any]]:
    """Return the way of the file as a line: each station with its unit, state and legal day."""
    programme, state = nomination.round.programme, nomination.state
    submitted = state not in NOT_SUBMITTED
    left = _days_left(told) if submitted else []
    bodies = _legs(nomination) if submitted else _planned(nomination)
    stations = [(_("Proposal"), nomination.unit), *((_("Review"), unit) for unit in bodies)]
    stations.append((_("Appraisal"), programme.appraising_unit))
    if not (state == State.CLOSED and len(left) == len(stations)):  # no nominee was left to decide on
        stations.append((_("Decision"), programme.deciding_unit))
    begun = told.reached(State.DRAFT)
    arrived = [begun, *left]
    ended_early = state in ENDED and state != State.CLOSED
    steps = []
    for number, (label, unit) in enumerate(stations):
        step = {"label": label, "unit": unit.name, "state": "next", "date": None}
        if number < len(left):
            step |= {"state": "done", "date": left[number]}
        elif number == len(left):
            step |= {"state": "returned" if ended_early else "current", "date": arrived[number]}
        steps.append(step)
    return steps


def _days_left(told: story.Story) -> list[date]:
    """The legal days on which the present version left each station, since it was submitted."""
    days: list[date] = []
    for line in told.lines:
        if line.action == "submit":
            days = [line.legal_day]
        elif line.action in ("endorse", "confirm") or (line.to_state == State.CLOSED and line.automatic):
            days.append(line.legal_day)
    return days


def _legs(nomination: Nomination) -> list[Unit]:
    legs = RouteLeg.objects.filter(nomination=nomination, version=nomination.version, replaced_by=None)
    return [leg.unit for leg in legs.select_related("unit").order_by("n")]


def _planned(nomination: Nomination) -> list[Unit]:
    """The way that a signature today would open; none where the data name no way."""
    try:
        return routes.resolve(nomination.unit, clock.today())
    except ValidationError:
        return []


def _checks(file: files.File) -> list[checks.Result]:
    """The checks as they stand; the window of the round binds the signature, not what follows it."""
    submitted = file.nomination.state not in NOT_SUBMITTED
    return [result for result in checks.run(file) if not (submitted and result.name == "window")]


def _bar(
    nomination: Nomination, file: files.File, answers: Sequence[Answer], refused: Refused | None
) -> list[bar.Item]:
    allowed = [answer.action for answer in answers if answer.allowed]
    items = bar.items(
        answers,
        task=engine.task_of(nomination) if allowed else None,
        url=reverse("workflows:act_nomination", kwargs={"uid": nomination.uid}),
        forms={action.name: form_for(action, file.nominees, refused) for action in allowed},
        form_ids={action.name: APPRAISAL_FORM for action in allowed if action.needs == Needs.APPRAISAL},
    )
    if nomination.state == State.DRAFT and allowed:
        edit = reverse("nominations:draft", kwargs={"uid": nomination.uid})
        items.insert(1, bar.Item("edit", _("Edit the draft"), href=edit))
    return items


def _appraised(file: files.File) -> dict[tuple[int, str], int]:
    scores = Score.objects.filter(
        nominee__in=[nominee.pk for nominee in file.nominees],
        level=Level.APPRAISAL,
        version=file.nomination.version,
    )
    rows = scores.values_list("nominee_id", "criterion__code", "points")
    return {(nominee, code): points for nominee, code, points in rows}


def _appraisal_form(
    file: files.File,
    appraised: Mapping[tuple[int, str], int],
    answers: Sequence[Answer],
    refused: Refused | None,
) -> AppraisalForm | None:
    """The form of the conclusions, which begins with the points proposed; None for all but the appraiser."""
    action = next((a.action for a in answers if a.allowed and a.action.needs == Needs.APPRAISAL), None)
    if action is None:
        return None
    typed = refused.typed if refused and refused.action == action.name else None
    return AppraisalForm(
        typed, nominees=file.nominees, criteria=file.criteria, points={**file.points, **appraised}
    )


def _cards(
    officer: Officer, file: files.File, appraised: Mapping[tuple[int, str], int], form: AppraisalForm | None
) -> list[dict[str, Any]]:
    """Each nominee with points proposed and appraised, documents, and where the decision has it."""
    lines = _lines(officer, file)
    cards = []
    for number, nominee in enumerate(file.nominees, start=1):
        given = [appraised[nominee.pk, c.code] for c in file.criteria if (nominee.pk, c.code) in appraised]
        cards.append(
            {
                "nominee": nominee,
                "number": number,
                "rows": [_points_row(nominee, c, file.points, appraised, form) for c in file.criteria],
                "proposed_total": sum(file.points.get((nominee.pk, c.code), 0) for c in file.criteria),
                "appraised_total": sum(given) if given else None,
                "evidence": [document(item) for item in file.evidence if item.nominee_id == nominee.pk],
                "fields": form.of(nominee) if form else [],
                "line": lines.get(nominee.pk),
            }
        )
    return cards


def _points_row(
    nominee: Nominee,
    criterion: Criterion,
    proposed: Mapping[tuple[int, str], int],
    appraised: Mapping[tuple[int, str], int],
    form: AppraisalForm | None,
) -> dict[str, Any]:
    key = (nominee.pk, criterion.code)
    return {
        "label": str(criterion),
        "max": criterion.max_points,
        "min": criterion.min_points,
        "proposed": proposed.get(key),
        "appraised": appraised.get(key),
        "field": form.points_of(nominee, criterion) if form else None,
    }


def _facts(nomination: Nomination) -> list[dict[str, Any]]:
    letter = " · ".join(filter(None, [nomination.letter_number, _day(nomination.letter_date)]))
    members = ""
    if nomination.members_total:
        members = _("%(present)s of %(total)s members") % {
            "present": nomination.members_present or 0,
            "total": nomination.members_total,
        }
    return [
        {"label": _("Submission letter"), "value": letter},
        {
            "label": _("Review meeting"),
            "value": " · ".join(filter(None, [_day(nomination.minutes_date), members])),
        },
        {
            "label": _("Version"),
            "value": str(nomination.version) if nomination.version else _("not yet submitted"),
        },
    ]


def _lines(officer: Officer, file: files.File) -> dict[int, DecisionLine]:
    """The last decision line of each nominee, on a decision that `officer` may read."""
    lines = DecisionLine.objects.filter(
        nominee__in=[nominee.pk for nominee in file.nominees],
        decision__in=rules.decisions_for(officer).values("pk"),
    ).select_related("decision__round", "decision__register_number__register")
    return {line.nominee_id: line for line in lines.order_by("pk")}


def _event(line: story.Line) -> dict[str, Any]:
    """A line of the story as the timeline shows it."""
    said = "\n".join([line.note, *(f"{item['name']}: {item['note']}" for item in line.conclusions)]).strip()
    moved = line.to_state and line.to_state != line.from_state
    return {
        "who": line.who,
        "position": line.position,
        "unit": line.unit,
        "at": line.at,
        "action": line.label,
        "legal_day": clock.walked(line.at, line.legal_day),
        "state": line.to_state if moved else "",
        "state_label": line.to_label if moved else "",
        "reason_label": line.reason,
        "reason": said,
        "version": line.version,
        "automatic": line.automatic,
        "remarks": line.remarks,
        "tone": TONES.get(line.action, ""),
    }


def _day(value: Any) -> str:
    return date_format(value, "d/m/Y") if value else ""

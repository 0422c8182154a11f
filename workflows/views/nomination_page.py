"""Everything needed to decide on a file, gathered for its one page with a flat number of statements."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from history import clock
from nominations import checks, deadlines, looks, remarks, rules, separation, story
from nominations import file as files
from nominations.actions import Needs
from nominations.content import seen_digest
from nominations.evidence import IN_PLACE, IN_WORDS
from nominations.models import (
    Criterion,
    DecisionLine,
    Evidence,
    Nomination,
    Nominee,
    SeparationKind,
)
from nominations.states import ENDED, LEVELS, NOT_SUBMITTED, WRITING, Level, Outcome, Recall, State
from nominations.views import opinions, ticking
from permissions import prepared
from permissions.models import Officer
from workflows import asking, bar, engine, recusing
from workflows.acting import Refused
from workflows.appraisal_form import AppraisalForm
from workflows.asking import Answer
from workflows.nomination_forms import Forms
from workflows.views.file_story import comparison, route_steps

TONES = {"return": "bad", "reject": "bad", "send_back": "bad", "publish": "good", "confirm": "good"}
APPRAISAL_FORM = "conclude"  # the id of the form around the nominees


def context(
    officer: Officer, nomination: Nomination, refused: Refused | None = None, proof: str = ""
) -> dict[str, Any]:
    """Return what the page of `nomination` shows to `officer`; `refused` is an act to show again.

    `proof` is what the reader owes before signing (`acting.proof_of`).
    """
    file, told = files.read(nomination), story.of(nomination)
    appraised = file.appraisals.get(nomination.version, {})
    answers = asking.ask(officer, nomination)
    appraisal = _appraisal_form(file, answers, refused)
    items = _bar(officer, nomination, file, answers, refused, proof)
    noted = any(line.remarks for line in told.lines)
    asked, answered = map(ticking.rows, remarks.shown(nomination)) if noted else ([], [])
    found = [] if nomination.state in ENDED else _checks(file)
    news = looks.opened(nomination, officer, told)
    return {
        "crumbs": [(_("Files"), reverse("nominations:list"))],
        "news": [event_of(line) for line in news],
        "nomination": nomination,
        "facts": _facts(nomination),
        "deadline": deadlines.of(nomination),
        "steps": route_steps(file, told),
        "cards": _cards(file, appraised, appraisal, _lines(officer, file, told)),
        "documents": [document(item) for item in file.evidence if item.nominee_id is None],
        "checks": found,
        "missing": sum(len(result.problems) for result in found),
        "asked": asked,
        "asked_by": asked[0] if asked else None,
        "may_tick": _may_tick(nomination, answers),
        "opinions": opinions.rows(nomination, clock.today()),
        "answered": [] if asked else answered,
        "comparison": comparison(nomination, file),
        "neighbours": _neighbours(officer, nomination, answers),
        "recall_asked": told.last("request_recall") if nomination.recall == Recall.ASKED else None,
        "events": [event_of(line) | {"new": line in news} for line in told.newest_first],
        "items": items,
        "ends": any(item.allowed and item.tone == "danger" for item in items),
        "why_url": reverse("workflows:explain_nomination", kwargs={"uid": nomination.uid}),
        "may_recuse": recusing.can_recuse(officer, nomination),
        "waiting_for": bar.waiting_for(nomination, answers),
        "seen": seen_digest(nomination),
        "appraisal": next((item for item in items if item.form_id == APPRAISAL_FORM), None),
        "refused": refused,
        "today": clock.today(),
    }


def _may_tick(nomination: Nomination, answers: Sequence[Answer]) -> bool:
    """Whether the reader ticks remarks off on this page; while writing it is done in the draft."""
    return asking.has_duty(answers) and nomination.state not in WRITING


def _neighbours(officer: Officer, nomination: Nomination, answers: Sequence[Answer]) -> list[str]:
    """The nominees of the reader's own unit and position, pointed out to whoever judges the file."""
    if not asking.has_duty(answers) or LEVELS[nomination.state] == Level.PROPOSER:
        return []
    found = separation.found_near(officer, SeparationKind.SAME_POST, nomination)
    return [nominee.name for nominee in found]


def document(item: Evidence) -> dict[str, Any]:
    """Return a document as the list of evidence shows it; `embed` says how it opens in place, `view` where from."""
    words = item.media_type in IN_WORDS
    return {
        "name": item.name,
        "kind_label": item.get_kind_display(),
        "size": item.size,
        "url": reverse("nominations:evidence", kwargs={"uid": item.uid}),
        "embed": "words" if words else IN_PLACE.get(item.media_type, ""),
        "view": reverse(f"nominations:evidence{'_words' * words}", kwargs={"uid": item.uid}),
    }


def _checks(file: files.File) -> list[checks.Result]:
    """The checks as they stand; the window of the round binds the signature, not what follows it."""
    submitted = file.nomination.state not in NOT_SUBMITTED
    return [result for result in checks.run(file) if not (submitted and result.name == "window")]


def _bar(
    officer: Officer,
    nomination: Nomination,
    file: files.File,
    answers: Sequence[Answer],
    refused: Refused | None,
    proof: str,
) -> list[bar.Item]:
    allowed = [answer.action for answer in answers if answer.allowed]
    forms = Forms(file, refused)
    items = bar.items(
        answers,
        reader=officer,
        proof=proof,
        wrong=refused.unproved if refused else "",
        task=engine.task_of(nomination) if allowed else None,
        url=reverse("workflows:act_nomination", kwargs={"uid": nomination.uid}),
        forms={action.name: forms.of(action) for action in allowed},
        form_ids={action.name: APPRAISAL_FORM for action in allowed if action.needs == Needs.APPRAISAL},
    )
    if nomination.state in WRITING and any(a.theirs and a.action.name == "propose" for a in answers):
        edit = reverse("nominations:draft", kwargs={"uid": nomination.uid})
        items.insert(
            1,
            bar.Item(
                "edit", _("Edit the draft"), "primary" if not items[0].allowed else "secondary", href=edit
            ),
        )
    return items


def _appraisal_form(
    file: files.File, answers: Sequence[Answer], refused: Refused | None
) -> AppraisalForm | None:
    """The form of the conclusions, which begins with the points proposed; None for all but the appraiser."""
    action = next((a.action for a in answers if a.allowed and a.action.needs == Needs.APPRAISAL), None)
    if action is None:
        return None
    typed = refused.typed if refused and refused.action == action.name else None
    before = {key: given for appraisal in file.appraisals.values() for key, given in appraisal.items()}
    return AppraisalForm(
        typed,
        nominees=[nominee for nominee in file.nominees if nominee.outcome == Outcome.PENDING],
        criteria=file.criteria,
        points=file.points | before,  # the latest last
    )


def _cards(
    file: files.File, appraised: files.Points, form: AppraisalForm | None, lines: Mapping[int, DecisionLine]
) -> list[dict[str, Any]]:
    """Each nominee with points proposed and appraised, documents, and where the decision has it."""
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
                "fields": form.of(nominee) if form and nominee.outcome == Outcome.PENDING else [],
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
        "field": form.points_of(nominee, criterion) if form and nominee.outcome == Outcome.PENDING else None,
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
        *_hands(nomination),
        {
            "label": _("Version"),
            "value": str(nomination.version) if nomination.version else _("not yet submitted"),
        },
    ]


def _hands(nomination: Nomination) -> list[dict[str, Any]]:
    """In whose hands the file is, if it is in anybody's at this step."""
    return [{"label": _("In the hands of"), "value": nomination.hands}] if nomination.hands else []


def _lines(officer: Officer, file: files.File, told: story.Story) -> dict[int, DecisionLine]:
    """The last decision line of each nominee, on a decision that `officer` may read."""
    if not told.led_to(State.AWAIT_DECISION):
        return {}
    lines = prepared.rows(_lines_of, officer, nominees=[nominee.pk for nominee in file.nominees])
    return {line.nominee_id: line for line in lines}


def _lines_of(officer: Officer, nominees: Sequence[int]) -> QuerySet[DecisionLine]:
    lines = DecisionLine.objects.filter(
        nominee__any_of=nominees, decision__in=rules.decisions_for(officer).values("pk")
    )
    return lines.select_related("decision__round", "decision__register_number__register").order_by("pk")


def event_of(line: story.Line) -> dict[str, Any]:
    """Return a line of the story as the timeline shows it."""
    said = "\n".join([line.note, *(f"{item['name']}: {item['note']}" for item in line.conclusions)]).strip()
    moved = line.to_state and line.to_state != line.from_state
    return {
        "who": line.who,
        "position": line.position,
        "unit": line.unit,
        "behalf": line.behalf,
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

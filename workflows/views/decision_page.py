"""Everything needed to sign a decision, gathered for its one page with a flat number of statements."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history import checkpoints, clock
from history.ledger import of_stream
from history.models import Event
from nominations import deadlines, ranking, remarks, rules, shares, story
from nominations.actions import Needs
from nominations.content import seen_digest
from nominations.models import AwardDecision, DecisionLine, Nomination, RegisterNumber
from nominations.models.programmes import NomineeKind
from nominations.signatures import written
from nominations.states import DECISION_ENDED, SIGNED, DecisionState, Recall
from nominations.views import ticking
from nominations.views.rounds import meters
from permissions.models import Officer
from workflows import asking, bar, engine, recusing
from workflows.acting import Refused
from workflows.asking import Answer
from workflows.decision_forms import Forms
from workflows.strikes import StrikeForm

SIGNING_FORM = "signing"  # the id of the form around the list
TONES = {"return": "bad", "abandon": "bad", "sign": "good", "publish": "good"}
CAPTIONS = {
    NomineeKind.COLLECTIVE: gettext_lazy("Collectives"),
    NomineeKind.INDIVIDUAL: gettext_lazy("Individuals"),
}


def context(
    officer: Officer, decision: AwardDecision, refused: Refused | None = None, proof: str = ""
) -> dict[str, Any]:
    """Return what the page of `decision` shows to `officer`; `refused` is an act to show again.

    `proof` is what the reader owes before signing (`acting.proof_of`).
    """
    every = list(decision.lines.select_related("nominee__nomination__round"))
    lines = [line for line in every if line.is_presented]
    standing = [line for line in lines if line.live]
    off = [line for line in every if not line.is_presented and line.reason]
    restorable = [line for line in off if not line.back]
    drafting = decision.state == DecisionState.COMPILE
    ties = ranking.ties_at_the_edge(decision) if drafting else []
    answers = asking.ask(officer, decision)
    form = _signing_form(lines, answers, refused)
    items = _bar(
        officer, decision, answers, Forms(decision, standing, restorable, ties, refused), refused, proof
    )
    asked = remarks.asked(decision)
    story = of_stream(decision.stream)
    return {
        "crumbs": [(_("Decisions"), reverse("workflows:decisions"))],
        "decision": decision,
        "title": title_of(decision),
        "deadline": deadlines.of(decision),
        "facts": [*_facts(decision), *_sealed(decision, story)],
        "groups": _groups(officer, decision, lines, form),
        "meters": meters(ranking.quota(decision.round), ranking.used(decision.round)),
        "left_off": [_line(decision, line, set(), None) | {"back": line.back} for line in off],
        "ties": [tie.sentence for tie in ties],
        "remarks": ticking.rows(asked),
        "may_tick": asking.has_duty(answers),
        "recall_asked": decision.recall == Recall.ASKED,
        "void_numbers": _void_numbers(decision),
        "flags": _flags(decision, lines),
        "versions": list(decision.versions.defer("content")),
        "events": [event_of(event, text) for event, text in reversed(story)],
        "items": items,
        "ends": any(item.allowed and item.tone == "danger" for item in items),
        "why_url": reverse("workflows:explain_decision", kwargs={"uid": decision.uid}),
        "may_recuse": recusing.can_recuse(officer, decision),
        "waiting_for": bar.waiting_for(decision, answers),
        "seen": seen_digest(decision),
        "signing": next((item for item in items if item.form_id == SIGNING_FORM), None),
        "refused": refused,
        "today": clock.today(),
    }


def title_of(decision: AwardDecision) -> str:
    """Return the decision's name: by number and date once it has them."""
    number = decision.register_number
    if number is None:
        return _("Draft decision on commendation, %(year)s") % {"year": decision.round.year}
    return _("Decision No. %(number)s of %(day)s") % {
        "number": number,
        "day": date_format(decision.issued_on, "d/m/Y"),
    }


def _facts(decision: AwardDecision) -> list[dict[str, Any]]:
    round = decision.round
    facts: list[dict[str, Any]] = [
        {"label": _("Programme"), "value": round.programme.name},
        {
            "label": _("Round"),
            "value": str(round.year),
            "url": reverse("nominations:round", kwargs={"pk": round.pk}),
        },
        {"label": _("Award"), "value": round.programme.get_award_form_display()},
    ]
    if decision.signed_on:
        position = written(decision.signed_form, decision.signed_for, decision.signed_position)
        signer = f"{position}: {decision.signed_by_name}"
        facts.append({"label": _("Signed by"), "value": signer})
        facts.append({"label": _("Signed on"), "value": date_format(decision.signed_on, "d/m/Y")})
    if decision.published_on:
        facts.append({"label": _("Published on"), "value": date_format(decision.published_on, "d/m/Y")})
    return facts


def _sealed(decision: AwardDecision, story: Sequence[tuple[Event, Any]]) -> list[dict[str, Any]]:
    """The code of the ledger that a published decision bears on paper."""
    if decision.state != DecisionState.PUBLISHED:
        return []
    checkpoint = checkpoints.printed_for(story[-1][0])
    if checkpoint is None:
        value = _("is given within some minutes of publishing")
    else:
        values = {
            "code": checkpoints.short_code(checkpoint.root),
            "number": checkpoint.number,
            "day": date_format(clock.local(checkpoint.at), "d/m/Y"),
        }
        value = _("%(code)s (checkpoint %(number)s, %(day)s)") % values
    return [{"label": _("Code of the ledger"), "value": value}]


def _groups(
    officer: Officer, decision: AwardDecision, lines: Sequence[DecisionLine], form: StrikeForm | None
) -> list[dict[str, Any]]:
    """The list as it is printed: collectives, then individuals, each in the order of rank."""
    open_files = set(
        Nomination.objects.filter(
            rules.readable(officer), pk__in={line.nominee.nomination_id for line in lines}
        ).values_list("pk", flat=True)
    )
    return [
        {"caption": caption, "lines": [_line(decision, line, open_files, form) for line in members]}
        for kind, caption in CAPTIONS.items()
        if (members := [line for line in lines if line.nominee.kind == kind])
    ]


def _line(
    decision: AwardDecision, line: DecisionLine, open_files: set[int], form: StrikeForm | None
) -> dict[str, Any]:
    shown, file = line.snapshot, line.nominee.nomination
    fields = form.of(line) if form and line.live else (None, None, None)
    published = decision.state == DecisionState.PUBLISHED and not line.struck
    return {
        "rank": line.rank,
        "name": shown["name"],
        "title": shown["title"],
        "unit": shown["unit"],
        "points": shown["total"],
        "struck": line.struck,
        "back": line.back,
        "reason": line.reason,
        "url": reverse("workflows:nomination", kwargs={"uid": file.uid}) if file.pk in open_files else "",
        "outcome": line.nominee.outcome if published else "",
        "outcome_label": line.nominee.get_outcome_display() if published else "",
        "field": fields[0],
        "reason_field": fields[1],
        "back_field": fields[2],
    }


def _flags(decision: AwardDecision, lines: Sequence[DecisionLine]) -> list[dict[str, Any]]:
    """What the plan prefers, counted over the lines that stand, and who is left waiting."""
    standing = [line for line in lines if not line.struck]
    people = [line for line in standing if line.nominee.kind == NomineeKind.INDIVIDUAL]
    flags = shares.of(_marks(people, "direct_worker"), _marks(standing, "grassroots"))
    if decision.state not in DECISION_ENDED:
        waiting = ranking.candidates(decision.round).count()
        flags.append({"label": _("Confirmed nominees not on a decision"), "value": str(waiting)})
    return flags


def _marks(lines: Sequence[DecisionLine], key: str) -> list[bool]:
    return [bool(line.snapshot[key]) for line in lines]


def _signing_form(
    lines: Sequence[DecisionLine], answers: Sequence[Answer], refused: Refused | None
) -> StrikeForm | None:
    action = next((a.action for a in answers if a.allowed and a.action.needs == Needs.STRIKES), None)
    if action is None:
        return None
    typed = refused.typed if refused and refused.action == action.name else None
    return StrikeForm(typed, lines=[line for line in lines if line.live])


def _bar(
    officer: Officer,
    decision: AwardDecision,
    answers: Sequence[Answer],
    forms: Forms,
    refused: Refused | None,
    proof: str,
) -> list[bar.Item]:
    offered = [answer for answer in answers if not answer.allowed or forms.has_something_to(answer.action)]
    allowed = [answer.action for answer in offered if answer.allowed]
    return bar.items(
        offered,
        reader=officer,
        proof=proof,
        wrong=refused.unproved if refused else "",
        task=engine.task_of(decision) if allowed else None,
        url=reverse("workflows:act_decision", kwargs={"uid": decision.uid}),
        forms={action.name: forms.of(action) for action in allowed},
        form_ids={action.name: SIGNING_FORM for action in allowed if action.needs == Needs.STRIKES},
    )


def event_of(event: Event, text: dict[str, Any]) -> dict[str, Any]:
    """Return an event of the decision as the timeline shows it."""
    moved = event.to_state and event.to_state != event.from_state
    struck = [
        {"about": item.get("name", ""), "text": item.get("reason", "")} for item in text.get("struck", ())
    ]
    return {
        "who": text.get("actor") or _("(name erased)"),
        "position": text.get("position", ""),
        "unit": text.get("unit", ""),
        "at": event.at,
        "behalf": text.get("behalf", ""),
        "action": story.label(event),
        "legal_day": clock.walked(event.at, event.legal_day),
        "state": event.to_state if moved else "",
        "state_label": str(DecisionState(event.to_state).label) if moved else "",
        "reason": _said(text),
        "version": event.data.get("version", 0),
        "remarks": [*struck, *text.get("remarks", ()), *text.get("answers", ())],
        "tone": TONES.get(event.action, ""),
    }


def _void_numbers(decision: AwardDecision) -> list[RegisterNumber]:
    """The numbers that the decision once had; there are none before it was signed."""
    if decision.state not in SIGNED:
        return []
    return list(decision.numbers.filter(state=RegisterNumber.State.VOID).select_related("register"))


def _said(text: dict[str, Any]) -> str:
    """Whom an act on the list named, and the reason in words."""
    named = [text.get("line", ""), *text.get("chosen", ()), *text.get("added", ())]
    return ": ".join(filter(None, [", ".join(filter(None, named)), text.get("note", "")]))

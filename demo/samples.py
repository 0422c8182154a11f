"""Sample files walked through the one door, as the people of the demo would walk them."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from demo import documents, people
from demo.days import THREE_LEVELS, TWO_LEVELS
from demo.stories import DecisionStory, Story, decisions, stories
from history import clock
from nominations import drafts, evidence, rules
from nominations.actions import Action, actions_from
from nominations.content import seen_digest
from nominations.drafts import NomineeInput
from nominations.models import AwardDecision, Nomination, Round
from nominations.models.nominations import EvidenceKind
from nominations.states import DecisionState, ReasonCode, State
from permissions import grants
from permissions.catalogue import Right
from permissions.models import Officer, Unit
from workflows import asking, engine, outbox
from workflows.asking import Subject
from workflows.flows import DecisionFlow, NominationFlow
from workflows.models import OutboxMessage

PROGRAMME = "cchc"
OPINION_WITHIN = timedelta(days=14)
DAYS = {item.day.year: item.day for item in (THREE_LEVELS, TWO_LEVELS)}
# The way on from each state; where several actions lead on, the first of the table is taken.
BACK = ("return", "reject", "send_back", "abandon")


def load() -> int:
    """Make the sample files that are missing and walk them; return how many were made.

    A file that exists is left as people have made it since.
    """
    rounds = {round.year: round for round in Round.objects.filter(programme__code=PROGRAMME)}
    waiting = stories()
    made = 0
    for decision in decisions():
        with clock.legal_day(DAYS[decision.year]):
            members = [story for story in waiting if story.decision == decision.key]
            fresh = sum(_make(story, rounds) for story in members)
            if fresh:
                _decide(decision, rounds[decision.year])
        made += fresh
    for story in waiting:
        if not story.decision:
            with clock.legal_day(DAYS[story.spec["year"]]):
                made += _make(story, rounds)
    _deliver()
    return made


def _make(story: Story, rounds: dict[int, Round]) -> bool:
    spec, round = story.spec, rounds[story.spec["year"]]
    unit = Unit.objects.get(code=spec["unit_code"], valid_from=spec["unit_valid_from"])
    if Nomination.objects.filter(round=round, unit=unit, letter_number=spec["letter_number"]).exists():
        return False
    clerk = grants.holders(Right.PREPARE, unit)[0]
    nomination = Nomination(unit=unit, round=round)
    engine.open(NominationFlow, nomination, actor=clerk)
    _write(nomination, story, clerk)
    _walk(nomination, story.state)
    if story.remarks:
        _act(nomination, "return", {"remarks": [{"text": text} for text in story.remarks]})
    if story.supplement:
        _act(nomination, "request_supplement", {"remarks": [{"text": text} for text in story.supplement]})
    elif story.opinion:
        body, question = story.opinion
        until = f"{clock.today() + OPINION_WITHIN:%d/%m/%Y}"
        _act(nomination, "ask_opinion", {"body": body, "question": question, "answer_by": until})
    elif story.rejection:
        _act(nomination, "reject", {"code": ReasonCode.BELOW_STANDARD, "note": story.rejection})
    return True


def _write(nomination: Nomination, story: Story, clerk: Officer) -> None:
    """Fill in the draft as its clerk would, and attach its papers."""
    spec = story.spec
    accounts = {officer.username: officer for officer in drafts.accounts(nomination)}
    saved = drafts.save(
        nomination,
        by=clerk,
        expected=nomination.revision,
        values={
            **{name: spec[name] for name in ("letter_number", "summary", "members_present", "members_total")},
            **{name: date.fromisoformat(spec[name]) for name in ("letter_date", "minutes_date")},
        },
        nominees=[_input(row, accounts) for row in spec["nominees"]],
    )
    papers = [(EvidenceKind.LETTER, "to-trinh", documents.letter(spec, nomination.unit), None)]
    if story.complete:
        papers.append(
            (EvidenceKind.MINUTES, "bien-ban-hop-xet", documents.minutes(spec, nomination.unit), None)
        )
    for nominee, row in zip(saved.nominees.filter(present=True), spec["nominees"], strict=True):
        if row["points"]["initiative"] and story.complete:
            papers.append(
                (EvidenceKind.INITIATIVE, "cong-nhan-sang-kien", documents.initiative(row), nominee)
            )
    for kind, name, content, nominee in papers:
        upload = SimpleUploadedFile(f"{name}.pdf", content, "application/pdf")
        evidence.attach(nomination, upload, kind=kind, by=clerk, nominee=nominee)


def _input(row: dict[str, Any], accounts: dict[str, Officer]) -> NomineeInput:
    days = {name: date.fromisoformat(row[name]) for name in ("achieved_from", "achieved_to")}
    return NomineeInput(
        values={**row, **days}, points=row["points"], officer=accounts.get(row.get("officer", ""))
    )


def _decide(story: DecisionStory, round: Round) -> None:
    """Open a decision over whoever waits now, and walk it."""
    compiler = next(_compilers(round))
    decision = engine.open(DecisionFlow, AwardDecision(round=round), actor=compiler)
    names = {line.snapshot["name"]: line.snapshot["uid"] for line in decision.lines.all()}
    strikes = {names[name]: reason for name, reason in story.strike.items()}
    _walk(decision, story.state, strikes)


def _compilers(round: Round) -> Iterator[Officer]:
    for officer in grants.holders(Right.COMPILE, round.programme.appraising_unit):
        if Round.objects.filter(rules.may_compile(officer), pk=round.pk).exists():
            yield officer


def _walk(subject: Subject, state: str, strikes: dict[str, str] | None = None) -> None:
    while subject.state != state:
        payload = {"strikes": strikes} if subject.state == DecisionState.SIGN else {}
        if subject.state == State.APPRAISE:
            payload = _appraisal(subject)
        forward = next(action for action in actions_from(subject.state) if action.name not in BACK)
        _act(subject, forward.name, payload)


def _act(subject: Subject, name: str, payload: dict[str, Any]) -> None:
    """Do an action as the first officer who may: the deputy, where the head is a nominee."""
    subject.refresh_from_db()
    action = next(action for action in actions_from(subject.state) if action.name == name)
    actor = next(_actors(subject, action))
    engine.act(engine.task_of(subject), name, actor=actor, payload=payload, seen=seen_digest(subject))
    subject.refresh_from_db()


def _actors(subject: Subject, action: Action) -> Iterator[Officer]:
    """Who may, in the order of the file of people: the head before the deputy."""
    order = people.usernames()
    holders = [o for o in grants.holders(action.right, subject.holder) if o.username in order]
    for officer in sorted(holders, key=lambda officer: order.index(officer.username)):
        if asking.is_allowed(officer, subject, action):
            yield officer


def _appraisal(nomination: Nomination) -> dict[str, Any]:
    """Everybody eligible, with the points that their unit claims."""
    nominees = nomination.nominees.filter(present=True).prefetch_related("scores__criterion")
    return {
        "nominees": {
            str(nominee.uid): {
                "assessment": "eligible",
                "points": {score.criterion.code: score.points for score in nominee.scores.all()},
            }
            for nominee in nominees
        }
    }


def _deliver() -> None:
    """Deliver the notices at once: the worker may not run yet."""
    for key in OutboxMessage.objects.filter(delivered=None).order_by("pk").values_list("pk", flat=True):
        outbox.deliver(key)

"""Statements of each act, pinned: a slower act turns red before anybody feels it.

Counted for a file of ten nominees; beginning and ending of transactions are not counted.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from history import clock
from nominations.models import AwardDecision, Nomination, Quota
from nominations.states import DecisionState, State
from tests import world as w
from tests.footprint import statements
from workflows import engine
from workflows.flows import DecisionFlow, NominationFlow

pytestmark = pytest.mark.usefixtures("in_2024")

MOST = 30  # for an act on one file: architecture, "An act, statement by statement"
PINNED = {
    (State.DRAFT, "propose"): 22,
    (State.SIGN_PROPOSAL, "submit"): 30,
    (State.REVIEW, "forward"): 22,
    (State.ENDORSE, "endorse"): 23,
    (State.INTAKE, "accept"): 21,
    (State.APPRAISE, "conclude"): 25,
    (State.CONFIRM, "confirm"): 23,
}
OPINION = {"body": "Công an tỉnh", "question": "Có vi phạm không?", "answer_by": "2024-11-19"}
NOTE, REMARKS = {"note": "Lý do"}, {"remarks": [{"text": "Sửa"}] * 10}
# (state, action) → who, payload, statements
BACK = {
    (State.SIGN_PROPOSAL, "send_back"): ("unit_head@commune", REMARKS, 24),
    (State.SIGN_PROPOSAL, "recall"): ("clerk@commune", {}, 21),
    (State.REVIEW, "return"): ("reviewer@district", REMARKS, 25),
    (State.REVIEW, "recall"): ("unit_head@commune", {}, 22),
    (State.REVIEW, "claim"): ("reviewer@district", {}, 15),
    (State.ENDORSE, "reject"): ("body_head@district", {"code": "violation", "note": "Vi phạm"}, 27),
    (State.ENDORSE, "return"): ("body_head@district", REMARKS | {"to": "review"}, 25),
    (State.INTAKE, "return"): ("intake_officer@home", REMARKS | {"to": "endorse"}, 26),
    (State.INTAKE, "reject"): ("intake_officer@home", {"code": "violation", "note": "Vi phạm"}, 26),
    (State.INTAKE, "request_supplement"): ("intake_officer@home", REMARKS, 23),
    (State.INTAKE, "withdraw"): ("unit_head@commune", NOTE, 26),
    (State.APPRAISE, "return"): ("appraiser@home", REMARKS | {"to": "intake"}, 25),
    (State.APPRAISE, "ask_opinion"): ("appraiser@home", OPINION, 16),
    (State.CONFIRM, "send_back"): ("head_of_division@home", REMARKS, 25),
    (State.AWAIT_DECISION, "recall"): ("head_of_division@home", {}, 23),
    (State.AWAIT_DECISION, "withdraw"): ("unit_head@commune", NOTE, 26),
}
DECISION = {
    (DecisionState.COMPILE, "propose"): 28,
    (DecisionState.SUBMIT, "submit"): 22,
    (DecisionState.CHECK, "pass"): 23,
    (DecisionState.SIGN, "sign"): 30,
    (DecisionState.ISSUE_NUMBER, "issue_number"): 25,
    (DecisionState.PUBLISH, "publish"): 46,
}


def counted(subject, action, officer, **payload):
    subject.refresh_from_db()
    task, seen = engine.task_of(subject), w.seen_digest(subject)
    with CaptureQueriesContext(connection) as captured:
        engine.act(task, action, actor=officer, payload=payload, seen=seen)
    subject.refresh_from_db()
    return len(statements(captured))


def ten(world, unit="commune"):
    Quota.objects.filter(round=world.round).update(count=400)
    return w.complete_draft(world, unit, 10)


def measured_way(world, subject, end):
    found = {}
    while subject.state != end:
        state, action = subject.state, w.WAY[subject.state][0]
        payload = w.appraisal(world, subject) if action == "conclude" else {}
        found[state, action] = counted(subject, action, world.walker(subject), **payload)
    return found


def test_each_act_on_a_file(world):
    assert measured_way(world, ten(world), State.AWAIT_DECISION) == PINNED


@pytest.mark.parametrize(("state", "action"), BACK)
def test_each_act_back(world, state, action):
    who, payload, statements = BACK[state, action]
    file = w.walk(world, ten(world), state)
    assert counted(file, action, world[who], **payload) == statements


def test_recording_an_opinion_is_flat_in_the_number_of_those_asked_for(world):
    file, appraiser = w.walk(world, ten(world), State.APPRAISE), world["appraiser@home"]
    for _ in range(5):
        w.act(file, "ask_opinion", appraiser, **OPINION)
    for opinion in (file.opinions.first(), file.opinions.last()):
        answer = {"answer": "agrees", "letter_number": "1/CAT", "letter_date": "2024-11-05"}
        assert counted(file, "record_opinion", appraiser, opinion=str(opinion.uid), **answer) == 17


def test_each_act_on_a_decision(world):
    w.walk(world, ten(world), State.AWAIT_DECISION)
    decision = w.decision(world)
    assert measured_way(world, decision, DecisionState.PUBLISHED) == DECISION


def test_each_act_on_the_list_of_a_draft_is_flat(world):
    """Ten lines, of ten files: what is done to one line does not grow with the list."""
    Quota.objects.filter(round=world.round).update(count=10)
    for _ in range(10):
        w.confirmed(world)
    decision, head = w.decision(world), world["head_of_division@home"]
    first, second = (str(line.nominee.uid) for line in decision.lines.order_by("rank")[:2])
    found = {
        name: counted(decision, name, head, **payload)
        for name, payload in {
            "reorder": {"line": first, "place": "2", "note": "Thâm niên"},
            "leave_off": {"line": first, "note": "Chờ xác minh"},
            "restore": {"line": first, "note": "Đã xác minh"},
            "recall_nominee": {"line": second, "note": "Xem lại điểm"},
        }.items()
    }
    assert found == {"reorder": 18, "leave_off": 24, "restore": 26, "recall_nominee": 37}


def test_no_act_on_one_file_costs_more_than_the_house_allows():
    assert max([*PINNED.values(), *(statements for _who, _payload, statements in BACK.values())]) <= MOST


def publish(world, files):
    Quota.objects.filter(round=world.round).update(count=400)
    for _ in range(files):
        w.confirmed(world)
    decision = w.decision(world, DecisionState.PUBLISH)
    return counted(decision, "publish", world["records_clerk@office"])


def test_publishing_is_flat_in_the_number_of_files(world):
    few = publish(world, 5)
    assert publish(world, 20) == few <= 60


def closed(world, day, files):
    with clock.legal_day(day):
        unit = "new_commune" if day == w.D2026 else "commune"
        for _ in range(files):
            w.confirmed(world, unit)
        with CaptureQueriesContext(connection) as captured:
            engine.close_round(world.round, actor=world["head_of_division@home"])
    assert not Nomination.objects.exclude(state=State.CLOSED).exists()
    return len(statements(captured))


def test_closing_a_round_is_flat_in_the_number_of_files(world):
    assert closed(world, w.D2024, 2) == closed(world, w.D2026, 12) == 35


def test_opening(world):
    file = Nomination(unit=world.units["commune"], round=world.round)
    with CaptureQueriesContext(connection) as captured:
        engine.open(NominationFlow, file, actor=world["clerk@commune"])
    assert len(statements(captured)) == 22
    w.walk(world, ten(world), State.AWAIT_DECISION)
    with CaptureQueriesContext(connection) as captured:
        engine.open(DecisionFlow, AwardDecision(round=world.round), actor=world["head_of_division@home"])
    assert len(statements(captured)) == 27

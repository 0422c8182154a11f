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

MOST = 25  # for an act on one file: architecture, "An act, statement by statement"
PINNED = {
    (State.DRAFT, "propose"): 17,
    (State.SIGN_PROPOSAL, "submit"): 25,
    (State.REVIEW, "forward"): 17,
    (State.ENDORSE, "endorse"): 18,
    (State.INTAKE, "accept"): 16,
    (State.APPRAISE, "conclude"): 20,
    (State.CONFIRM, "confirm"): 19,
}
BACK = {
    (State.SIGN_PROPOSAL, "send_back"): 17,
    (State.REVIEW, "return"): 21,
    (State.ENDORSE, "reject"): 24,
    (State.INTAKE, "return"): 20,
    (State.INTAKE, "reject"): 23,
    (State.CONFIRM, "send_back"): 16,
}
DECISION = {
    (DecisionState.COMPILE, "propose"): 19,
    (DecisionState.SUBMIT, "submit"): 18,
    (DecisionState.CHECK, "pass"): 18,
    (DecisionState.SIGN, "sign"): 21,
    (DecisionState.ISSUE_NUMBER, "issue_number"): 21,
    (DecisionState.PUBLISH, "publish"): 37,
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


@pytest.mark.parametrize(
    ("state", "action", "payload"),
    [
        (State.SIGN_PROPOSAL, "send_back", {"note": "Sửa"}),
        (State.REVIEW, "return", {"remarks": [{"text": "Sửa"}]}),
        (State.ENDORSE, "reject", {"code": "violation", "note": "Vi phạm"}),
        (State.INTAKE, "return", {"remarks": [{"text": "Sửa"}] * 10}),
        (State.INTAKE, "reject", {"code": "violation", "note": "Vi phạm"}),
        (State.CONFIRM, "send_back", {"note": "Xem lại"}),
    ],
)
def test_each_act_back(world, state, action, payload):
    file = w.walk(world, ten(world), state)
    assert counted(file, action, world.walker(file), **payload) == BACK[state, action]


def test_each_act_on_a_decision(world):
    w.walk(world, ten(world), State.AWAIT_DECISION)
    decision = w.decision(world)
    assert measured_way(world, decision, DecisionState.PUBLISHED) == DECISION


def test_no_act_on_one_file_costs_more_than_the_house_allows():
    assert max([*PINNED.values(), *BACK.values()]) <= MOST


def publish(world, files):
    Quota.objects.filter(round=world.round).update(count=400)
    for _ in range(files):
        w.confirmed(world)
    decision = w.decision(world, DecisionState.PUBLISH)
    return counted(decision, "publish", world["records_clerk@office"])


def test_publishing_is_flat_in_the_number_of_files(world):
    few = publish(world, 5)
    assert publish(world, 50) == few <= 60


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
    assert closed(world, w.D2024, 2) == closed(world, w.D2026, 12) == 30


def test_opening(world):
    file = Nomination(unit=world.units["commune"], round=world.round)
    with CaptureQueriesContext(connection) as captured:
        engine.open(NominationFlow, file, actor=world["clerk@commune"])
    assert len(statements(captured)) == 19
    w.walk(world, ten(world), State.AWAIT_DECISION)
    with CaptureQueriesContext(connection) as captured:
        engine.open(DecisionFlow, AwardDecision(round=world.round), actor=world["head_of_division@home"])
    assert len(statements(captured)) == 22

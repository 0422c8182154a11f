"""Who hears of each way back: the table told by hand, delivered once, and never to somebody else."""

import pytest

from nominations.models import Nominee
from nominations.states import DecisionState, Outcome, State
from tests import world as w
from tests.workflows.ways import REMARK, at, opened
from workflows import engine, outbox, watching
from workflows.models import Notice, OutboxMessage
from workflows.notices import BY_ACT, BY_NAME, KINDS

pytestmark = pytest.mark.usefixtures("in_2024")
UNIT = {"clerk@commune", "clerk2@commune", "unit_head@commune", "unit_deputy@commune"}
NOTE = {"note": "Lý do"}


def told(world, kind):
    """Deliver everything twice; return who has a notice of this kind."""
    for message in OutboxMessage.objects.order_by("pk"):
        outbox.deliver(message.pk)
        outbox.deliver(message.pk)
    heard = [notice.officer for notice in Notice.objects.filter(kind=kind).select_related("officer")]
    assert len(heard) == len(set(heard))
    names = {officer.pk: who for who, officer in world.people.items()}
    return {names[officer.pk] for officer in heard}


@pytest.mark.parametrize(
    ("state", "who", "action", "payload", "kind", "hears"),
    [
        (State.SIGN_PROPOSAL, "unit_head@commune", "send_back", REMARK, "sent_back", {"clerk@commune", "clerk2@commune"}),
        (State.REVIEW, "reviewer@district", "return", REMARK, "returned", UNIT),
        (State.ENDORSE, "body_head@district", "return", REMARK | {"to": "review"}, "came_back",
         {"reviewer@district", "reviewer2@district"}),
        (State.INTAKE, "intake_officer@home", "request_supplement", REMARK, "supplement", UNIT),
        (State.INTAKE, "intake_officer@home", "return", REMARK | {"to": "endorse"}, "came_back",
         {"body_head@district", "body_head2@district"}),
        (State.CONFIRM, "head_of_division@home", "send_back", REMARK, "came_back",
         {"appraiser@home", "appraiser2@home"}),
        (State.REVIEW, "unit_head@commune", "withdraw", NOTE, "withdrawn",
         {"reviewer@district", "reviewer2@district"}),
    ],
)  # fmt: skip
def test_who_hears(world, state, who, action, payload, kind, hears):
    file = at(world, state)
    w.act(file, action, world[who], **payload)
    assert told(world, kind) == hears


def test_the_wrong_route_and_the_other_way_are_told_to_the_unit(world):
    one, two = at(world, State.INTAKE), at(world, State.INTAKE, "commune2")
    department = {"unit": str(world.units["department"].pk), "note": "Sai tuyến"}
    w.act(one, "wrong_route", world["intake_officer@home"], **department)
    w.act(two, "reroute", world["intake_officer@home"], **department)
    assert told(world, "wrong_route") == UNIT
    assert "unit_head@commune2" in told(world, "rerouted")
    assert not told(world, "rerouted") & UNIT


def test_a_request_goes_to_the_holder_and_the_answer_to_the_sender(world):
    file = opened(at(world, State.REVIEW), world["reviewer@district"])
    w.act(file, "request_recall", world["unit_head@commune"], **NOTE)
    assert told(world, "recall_asked") == {"reviewer@district", "reviewer2@district"}
    w.act(file, "decline_recall", world["reviewer@district"], **NOTE)
    assert told(world, "recall_declined") == {"unit_head@commune"}


def test_in_somebodys_hands_only_they_hear(world):
    file = opened(at(world, State.APPRAISE), world["appraiser@home"])
    w.act(file, "assign", world["head_of_division@home"], assignee=str(world["appraiser2@home"].uid))
    assert told(world, "assigned") == {"appraiser2@home"}
    w.act(file, "request_recall", world["intake_officer@home"], **NOTE)
    assert told(world, "recall_asked") == {"appraiser2@home"}
    w.act(file, "grant_recall", world["appraiser2@home"])
    assert told(world, "recall_granted") == {"intake_officer@home"}


def test_a_decision_that_comes_back_and_a_void_number_are_told_to_home_affairs(world):
    w.confirmed(world)
    decision = w.decision(world, DecisionState.SIGN)
    w.act(decision, "return", world["chairman@province"], to="check", **NOTE)
    heard = told(world, "decision_back")
    assert heard == {who for who in world.people if who.startswith("office_specialist")}
    w.walk(world, decision, DecisionState.PUBLISH)
    w.act(decision, "void_number", world["records_clerk@office"], **NOTE)
    assert told(world, "number_void") == {who for who in world.people if who.startswith("head_of_division")}


def test_who_is_struck_out_of_a_file_that_goes_on_is_told_at_once(world):
    file = w.confirmed(world, nominees=3)
    decision = w.decision(world)
    waits, struck, _stands = (line.nominee for line in decision.lines.order_by("rank"))
    w.act(decision, "leave_off", world["head_of_division@home"], line=str(waits.uid), note="Chờ xác minh")
    w.walk(world, decision, DecisionState.SIGN)
    w.act(decision, "sign", world["chairman@province"], strikes={str(struck.uid): "Kỷ luật"})
    w.walk(world, decision, DecisionState.PUBLISHED)
    message = OutboxMessage.objects.get(kind="not_awarded")
    assert message.payload == {"nomination": file.pk, "nominees": [struck.pk]}
    assert told(world, "not_awarded") == UNIT


def test_the_end_of_a_file_names_who_is_not_awarded(world):
    w.confirmed(world), w.confirmed(world, "commune2")
    w.walk(world, w.decision(world), DecisionState.PUBLISHED)
    w.confirmed(world)
    engine.close_round(world.round, actor=world["head_of_division@home"])
    assert OutboxMessage.objects.filter(kind="concluded").count() == 2
    assert OutboxMessage.objects.filter(kind="not_awarded").count() == 1
    [nominee] = Nominee.objects.filter(outcome=Outcome.NOT_SELECTED)
    assert (nominee.outcome_rank, nominee.outcome_code) == (1, "quota")


def test_every_kind_is_made_known_by_something():
    made = {*BY_ACT.values(), *BY_NAME.values(), "concluded", "recused"}
    assert made | {*watching.KINDS.values(), watching.ESCALATED} == set(KINDS)

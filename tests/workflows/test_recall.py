"""Recall: at once until somebody opened it, then by request; and only by whoever sent it, in that post."""

import pytest
from django.core.exceptions import ValidationError

from nominations import remarks
from nominations.models import Remark
from nominations.states import DecisionState, Outcome, Recall, State
from permissions import grants
from tests import world as w
from tests.workflows.ways import REMARK, at, opened, refused

pytestmark = pytest.mark.usefixtures("in_2024")
NOTE = {"note": "Gửi nhầm"}
# where it waits → who sent it, from where, and who opens it there
SENT = {
    State.SIGN_PROPOSAL: ("clerk@commune", State.DRAFT, "unit_head@commune"),
    State.REVIEW: ("unit_head@commune", State.SIGN_PROPOSAL, "reviewer@district"),
    State.ENDORSE: ("reviewer@district", State.REVIEW, "body_head@district"),
    State.INTAKE: ("body_head@district", State.ENDORSE, "intake_officer@home"),
    State.APPRAISE: ("intake_officer@home", State.INTAKE, "appraiser@home"),
    State.CONFIRM: ("appraiser@home", State.APPRAISE, "head_of_division@home"),
}


@pytest.mark.parametrize("state", SENT)
def test_unopened_it_comes_back_at_once_to_its_sender_alone(world, state):
    sender, origin, holder = SENT[state]
    file = at(world, state)
    for who in (holder, "clerk@commune2", "chairman@province"):
        with refused():
            w.act(file, "recall", world[who])
    with refused():
        w.act(file, "request_recall", world[sender], **NOTE)  # nothing to ask: it can be taken
    w.act(file, "recall", world[sender])
    assert file.state == origin
    assert w.task(file).flow_task.name == origin
    with refused():
        w.act(file, "recall", world[sender])  # nobody sent it here
    w.walk(world, file, State.AWAIT_DECISION)


@pytest.mark.parametrize("state", SENT)
def test_opened_it_is_asked_for_and_given_back(world, state):
    sender, origin, holder = SENT[state]
    file = opened(at(world, state), world[holder])
    with refused():
        w.act(file, "recall", world[sender])
    with refused(ValidationError):
        w.act(file, "request_recall", world[sender])
    with refused():
        w.act(file, "grant_recall", world[holder])  # nobody asked
    w.act(file, "request_recall", world[sender], **NOTE)
    assert (file.state, file.recall) == (state, Recall.ASKED)
    with refused():
        w.act(file, "request_recall", world[sender], **NOTE)
    for who in (sender, "chairman@province"):
        with refused():
            w.act(file, "grant_recall", world[who])
    w.act(file, "grant_recall", world[holder])
    assert (file.state, file.recall) == (origin, Recall.NONE)
    w.walk(world, file, State.AWAIT_DECISION)


def test_asked_for_it_may_be_kept_with_a_reason_and_is_not_asked_for_twice(world):
    file = opened(at(world, State.REVIEW), world["reviewer@district"])
    w.act(file, "request_recall", world["unit_head@commune"], **NOTE)
    with refused(ValidationError):
        w.act(file, "decline_recall", world["reviewer@district"])
    w.act(file, "decline_recall", world["reviewer@district"], note="Đang xét")
    assert (file.state, file.recall) == (State.REVIEW, Recall.DECLINED)
    for action in ("request_recall", "recall"):
        with refused():
            w.act(file, action, world["unit_head@commune"], **NOTE)
    w.act(file, "forward", world["reviewer@district"])
    assert file.recall == Recall.NONE


def test_the_holder_sees_the_request_before_acting_on(world):
    """Asking changes what the page shows: a click on the page before it is out of date."""
    from workflows.errors import StaleState

    file = opened(at(world, State.REVIEW), world["reviewer@district"])
    seen = w.seen_digest(file)
    w.act(file, "request_recall", world["unit_head@commune"], **NOTE)
    with refused(StaleState):
        w.act(file, "forward", world["reviewer@district"], seen=seen)


def test_a_sender_whose_post_has_ended_takes_nothing_back(world):
    file = at(world, State.REVIEW)
    grants.end_appointment(world.post("unit_head@commune"), on=w.D2024)
    with refused():
        w.act(file, "recall", world["unit_head@commune"])


def test_a_recalled_return_takes_its_remarks_along(world):
    file = at(world, State.INTAKE)
    w.act(file, "return", world["intake_officer@home"], to="draft", **REMARK)
    w.act(file, "recall", world["intake_officer@home"])
    assert file.state == State.INTAKE
    assert file.remarks.get().status == Remark.Status.DROPPED
    w.act(file, "return", world["intake_officer@home"], to="endorse", **REMARK)
    w.act(file, "recall", world["intake_officer@home"])
    assert (file.state, file.legs.get().left is None) == (State.INTAKE, False)
    w.act(file, "return", world["intake_officer@home"], to="draft", **REMARK)
    assert len(remarks.asked(file)) == 1


def test_a_return_that_the_clerk_has_begun_to_work_on_stays(world):
    file = at(world, State.REVIEW)
    w.act(file, "return", world["reviewer@district"], **REMARK)
    opened(file, world["clerk@commune"])
    for action in ("recall", "request_recall"):
        with refused():
            w.act(file, action, world["reviewer@district"], **NOTE)


def test_a_recalled_supplement_is_not_counted(world):
    file = at(world, State.APPRAISE)
    w.act(file, "request_supplement", world["appraiser@home"], **REMARK)
    w.act(file, "recall", world["appraiser@home"])
    assert (file.state, file.supplements, file.resume_at) == (State.APPRAISE, 0, "")
    w.act(file, "request_supplement", world["appraiser@home"], **REMARK)


def test_a_recalled_submission_is_submitted_again_as_the_next_version(world):
    file = at(world, State.REVIEW)
    w.act(file, "recall", world["unit_head@commune"])
    assert not file.legs.filter(arrived__isnull=False, left=None).exists()
    w.walk(world, file, State.REVIEW)
    assert (file.version, file.route_version) == (2, 2)


def test_a_recalled_confirmation_takes_back_its_own_outcomes_and_no_others(world):
    file = at(world, State.APPRAISE, nominees=2)
    w.act(file, "conclude", world["appraiser@home"], **w.appraisal(world, file, n1="violation"))
    w.act(file, "confirm", world["head_of_division@home"])
    assert set(file.nominees.values_list("outcome", flat=True)) == {Outcome.INELIGIBLE, Outcome.PENDING}
    for who in ("appraiser@home", "unit_head@commune"):
        with refused():
            w.act(file, "recall", world[who])
    w.act(file, "recall", world["head_of_division@home"])
    assert file.state == State.CONFIRM
    assert set(file.nominees.values_list("outcome", "total")) == {(Outcome.PENDING, None)}
    w.act(file, "confirm", world["head_of_division@home"])
    assert set(file.nominees.values_list("outcome", flat=True)) == {Outcome.INELIGIBLE, Outcome.PENDING}


def test_not_while_a_nominee_stands_on_an_open_decision(world):
    file = w.confirmed(world)
    decision = w.decision(world)
    with refused():
        w.act(file, "recall", world["head_of_division@home"])
    w.act(decision, "abandon", world["head_of_division@home"], note="Lập lại")
    assert w.act(file, "recall", world["head_of_division@home"]).state == State.CONFIRM


@pytest.mark.parametrize(
    ("state", "sender", "origin", "holder"),
    [
        (DecisionState.SUBMIT, "head_of_division@home", DecisionState.COMPILE, "director@home"),
        (DecisionState.CHECK, "director@home", DecisionState.SUBMIT, "office_specialist@office"),
        (DecisionState.SIGN, "office_specialist@office", DecisionState.CHECK, "chairman@province"),
    ],
)
def test_a_decision_comes_back_alike(world, state, sender, origin, holder):
    w.confirmed(world)
    decision = w.decision(world, state)
    with refused():
        w.act(decision, "recall", world[holder])
    w.act(decision, "recall", world[sender])
    assert decision.state == origin
    w.walk(world, decision, state)
    opened(decision, world[holder])
    with refused():
        w.act(decision, "recall", world[sender])
    w.act(decision, "request_recall", world[sender], **NOTE)
    w.act(decision, "grant_recall", world[holder])
    assert decision.state == origin
    w.walk(world, decision, DecisionState.PUBLISHED)


def test_a_signature_is_not_taken_back(world):
    w.confirmed(world)
    decision = w.decision(world, DecisionState.ISSUE_NUMBER)
    with refused():
        w.act(decision, "recall", world["chairman@province"])


def test_a_send_back_within_a_supplement_taken_back_keeps_the_request(world):
    file = at(world, State.INTAKE)
    w.act(file, "request_supplement", world["intake_officer@home"], **REMARK)
    w.walk(world, file, State.SIGN_PROPOSAL)
    w.act(file, "send_back", world["unit_head@commune"], **REMARK)
    w.act(file, "recall", world["unit_head@commune"])
    assert (file.state, file.supplements, file.resume_at) == (State.SIGN_PROPOSAL, 1, State.INTAKE)
    w.act(file, "submit", world["unit_head@commune"])
    assert file.state == State.INTAKE  # straight back, and no second request
    with refused():
        w.act(file, "request_supplement", world["intake_officer@home"], **REMARK)


def test_it_comes_back_to_the_leg_that_it_left_also_where_a_body_stands_twice(world):
    """The district endorsed, intake sent the file to the district once more; the first leg stays done."""
    file = at(world, State.INTAKE)
    district = world.units["district"]
    w.act(file, "reroute", world["intake_officer@home"], unit=str(district.pk), note="Xét lại")
    w.act(file, "forward", world["reviewer@district"])
    w.act(file, "recall", world["reviewer@district"])
    assert file.state == State.REVIEW
    assert [leg.left is None for leg in file.legs.order_by("n")] == [False, True]

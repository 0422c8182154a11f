"""The one door: what an act writes, and that a refusal leaves nothing behind."""

import logging
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from viewflow.workflow.models import Task

from history import clock
from history.ledger import of_stream
from history.models import Event
from nominations import drafts
from nominations.models import AwardDecision, Handling, Nomination
from nominations.states import DecisionState, State
from permissions import grants
from tests import world as w
from tests.footprint import footprint
from workflows import engine
from workflows.errors import StaleState
from workflows.flows import DecisionFlow, NominationFlow

pytestmark = pytest.mark.usefixtures("in_2024")


def test_an_act_writes_state_handling_event_and_next_task(world):
    draft = w.complete_draft(world)
    before = engine.task_of(draft)
    w.act(draft, "propose", world["clerk@commune"])
    before.refresh_from_db()
    assert (draft.state, draft.holder, draft.revision) == (State.SIGN_PROPOSAL, world.units["commune"], 2)
    assert (before.status, before.owner) == ("DONE", None)
    task = engine.task_of(draft)
    assert task.flow_task.name == draft.state
    assert list(task.previous.all()) == [before]
    handling = Handling.objects.filter(nomination=draft).latest("pk")
    assert (handling.step, handling.action, handling.level) == ("draft", "propose", "proposer")
    assert (handling.officer, handling.post) == (world["clerk@commune"], world.post("clerk@commune"))


def test_an_event_says_who_in_which_post_did_what_on_which_day(world):
    draft = w.complete_draft(world)
    w.act(draft, "propose", world["clerk@commune"])
    event, text = of_stream(draft.stream)[-1]
    clerk, post = world["clerk@commune"], world.post("clerk@commune")
    assert (event.sequence, event.kind, event.action) == (2, "nomination.acted", "propose")
    assert (event.from_state, event.to_state) == ("draft", "sign_proposal")
    assert (event.actor, event.post, event.role) == (str(clerk.uid), str(post.uid), "clerk")
    assert (event.unit, event.legal_day) == ("30280", w.D2024)
    assert text["actor"] == clerk.full_name
    assert text["position"] == post.position
    assert clerk.full_name not in str(event.data), "names belong to the erasable text alone"


REFUSED = [
    # who, action, payload, why
    ("clerk@commune", "submit", {}, PermissionDenied),  # another role
    ("unit_head@commune2", "submit", {}, PermissionDenied),  # another commune
    ("unit_head@district", "submit", {}, PermissionDenied),  # the unit above
    ("chairman@province", "submit", {}, PermissionDenied),  # nobody is above the rules
    ("system_administrator@province", "submit", {}, PermissionDenied),
    ("unit_head@commune", "propose", {}, PermissionDenied),  # another step's action
    ("unit_head@commune", "fly", {}, PermissionDenied),  # no such action
    ("unit_head@commune", "send_back", {}, ValidationError),  # no remark says why
    ("unit_head@commune", "send_back", {"remarks": [{"text": " "}]}, ValidationError),
    ("unit_head@commune", "send_back", {"remarks": [{"text": "x" * 2001}]}, ValidationError),
]


@pytest.mark.parametrize(("who", "action", "payload", "why"), REFUSED)
def test_a_refused_act_leaves_no_trace_but_a_log_line(world, caplog, who, action, payload, why):
    file = w.walk(world, w.complete_draft(world), State.SIGN_PROPOSAL)
    before = footprint()
    with caplog.at_level(logging.WARNING), pytest.raises(why):
        w.act(file, action, world[who], **payload)
    assert footprint() == before
    assert "refused" in caplog.text
    assert world[who].full_name not in caplog.text, "logs hold no names"


def test_a_fault_while_writing_leaves_no_trace(world, monkeypatch):
    """Whatever fails last takes everything with it: state, handling, history, task."""
    file = w.walk(world, w.complete_draft(world), State.SIGN_PROPOSAL)
    monkeypatch.setattr(NominationFlow.review, "_create", lambda *args, **kwargs: 1 / 0)
    before = footprint()
    with pytest.raises(ZeroDivisionError):
        w.act(file, "submit", world["unit_head@commune"])
    assert footprint() == before


def test_the_second_click_hears_who_was_first_and_when(world):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    task, seen = engine.task_of(file), w.seen_digest(file)
    w.act(file, "forward", world["reviewer@district"])
    before = footprint()
    with pytest.raises(StaleState) as caught:
        engine.act(task, "forward", actor=world["reviewer2@district"], seen=seen)
    assert caught.value.who == world["reviewer@district"].full_name
    assert clock.now() - caught.value.when < timedelta(minutes=1)
    assert caught.value.what, "what was done is named"
    assert footprint() == before


def test_a_stranger_does_not_hear_who_was_first(world):
    """The names on a file are for those who may read it."""
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    task, seen = engine.task_of(file), w.seen_digest(file)
    w.act(file, "forward", world["reviewer@district"])
    with pytest.raises(PermissionDenied):
        engine.act(task, "forward", actor=world["reviewer@district2"], seen=seen)


def test_who_acts_on_another_content_than_the_page_showed_is_refused(world):
    file = w.walk(world, w.complete_draft(world), State.SIGN_PROPOSAL)
    seen = w.seen_digest(file)
    w.act(file, "send_back", world["unit_head@commune"], remarks=[{"text": "Sửa tên"}])
    w.tick(file, world["clerk@commune"])
    w.act(file, "propose", world["clerk@commune"])
    before = footprint()
    with pytest.raises(StaleState):
        w.act(file, "submit", world["unit_head@commune"], seen=seen)
    with pytest.raises(StaleState):
        w.act(file, "submit", world["unit_head@commune"], seen="")
    assert footprint() == before


def test_who_edited_the_draft_meanwhile_is_named(world):
    """The clerk presents what another clerk has just changed: nobody presents unseen content."""
    draft = w.complete_draft(world)
    seen, editor = w.seen_digest(draft), world["clerk2@commune"]
    drafts.save(draft, by=editor, expected=draft.revision, values={"summary": "Sửa lại"})
    with pytest.raises(StaleState) as caught:
        w.act(draft, "propose", world["clerk@commune"], seen=seen)
    assert caught.value.who == editor.full_name


def test_a_step_walked_twice_does_not_take_a_click_meant_for_the_first_time(world):
    """draft → sign → draft → sign: the old task is done, whatever the state says."""
    file = w.walk(world, w.complete_draft(world), State.SIGN_PROPOSAL)
    old = engine.task_of(file)
    w.act(file, "send_back", world["unit_head@commune"], remarks=[{"text": "Sửa tên"}])
    w.tick(file, world["clerk@commune"])
    w.act(file, "propose", world["clerk@commune"])
    with pytest.raises(StaleState):
        engine.act(old, "submit", actor=world["unit_head@commune"], seen=w.seen_digest(file))


def test_nothing_moves_a_file_that_has_ended(world):
    file = w.walk(world, w.complete_draft(world), State.INTAKE)
    w.act(file, "reject", world["intake_officer@home"], code="violation", note="Vi phạm")
    before = footprint()
    for who, action in (("intake_officer@home", "accept"), ("clerk@commune", "propose")):
        with pytest.raises((StaleState, PermissionDenied)):
            w.act(file, action, world[who])
    assert footprint() == before
    assert not Task.objects.filter(process=file.process, finished=None).exists()


def test_the_post_is_chosen_and_recorded(world):
    """Two posts with the same right: the oldest serves when none is named, the named one otherwise."""
    head = world["unit_head@commune"]
    second = grants.appoint(
        head,
        "unit_deputy",
        world.units["commune"],
        position="Phó Chủ tịch kiêm",
        document="QĐ 9",
        valid_from=w.OLD,
    )
    one, two = (w.walk(world, w.complete_draft(world), State.SIGN_PROPOSAL) for _ in range(2))
    w.act(one, "submit", head)
    w.act(two, "submit", head, post=second)
    posts = [file.handlings.latest("pk").post for file in (one, two)]
    assert posts == [world.post("unit_head@commune"), second]
    events = Event.objects.filter(action="submit").order_by("pk")
    assert [event.role for event in events] == ["unit_head", "unit_deputy"]


def test_a_post_without_the_right_or_of_somebody_else_does_not_serve(world):
    head = world["unit_head@commune"]
    other = grants.appoint(
        head, "auditor", world.units["commune"], position="Thanh tra", document="QĐ 9", valid_from=w.OLD
    )
    file = w.walk(world, w.complete_draft(world), State.SIGN_PROPOSAL)
    before = footprint()
    for post in (other, world.post("unit_deputy@commune")):
        with pytest.raises(PermissionDenied):
            w.act(file, "submit", head, post=post)
    assert footprint() == before


def test_a_post_that_ended_between_open_and_click_refuses(world):
    file = w.walk(world, w.complete_draft(world), State.SIGN_PROPOSAL)
    task, seen = engine.task_of(file), w.seen_digest(file)
    grants.end_appointment(world.post("unit_head@commune"), on=w.D2024)
    with pytest.raises(PermissionDenied):
        engine.act(task, "submit", actor=world["unit_head@commune"], seen=seen)
    engine.act(task, "submit", actor=world["unit_deputy@commune"], seen=seen)


def test_a_deactivated_officer_may_nothing(world):
    file = w.walk(world, w.complete_draft(world), State.SIGN_PROPOSAL)
    head = world["unit_head@commune"]
    head.is_active = False
    head.save()
    with pytest.raises(PermissionDenied):
        w.act(file, "submit", head)


def test_opening_belongs_to_the_clerk_of_the_unit_within_the_window(world):
    file = Nomination(unit=world.units["commune"], round=world.round)
    before = footprint()
    for who in ("unit_head@commune", "clerk@commune2", "chairman@province"):
        with pytest.raises(PermissionDenied):
            engine.open(NominationFlow, file, actor=world[who])
    with clock.legal_day(world.round.closes + timedelta(days=1)), pytest.raises(ValidationError):
        engine.open(NominationFlow, file, actor=world["clerk@commune"])
    with clock.legal_day(world.round.opens - timedelta(days=1)), pytest.raises(ValidationError):
        engine.open(NominationFlow, file, actor=world["clerk@commune"])
    assert footprint() == before
    with clock.legal_day(world.round.closes):  # the last day is within
        engine.open(NominationFlow, file, actor=world["clerk@commune"])
    assert file.state == State.DRAFT


def test_a_decision_is_opened_by_the_head_of_division_when_somebody_waits(world):
    with pytest.raises(ValidationError):
        w.decision(world)
    w.confirmed(world)
    for who in ("director@home", "appraiser@home", "chairman@province"):
        with pytest.raises(PermissionDenied):
            engine.open(DecisionFlow, AwardDecision(round=world.round), actor=world[who])
    assert w.decision(world).state == DecisionState.COMPILE

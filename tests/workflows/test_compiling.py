"""The list of a draft decision: left off, restored, recalled, reordered, filled; equals decided by a person."""

import pytest
from django.core.exceptions import ValidationError

from history.ledger import of_stream
from nominations import ranking
from nominations.models import AwardDecision, Nominee
from nominations.states import Assessment, DecisionState, Outcome, State
from tests import world as w
from tests.workflows.ways import refused
from workflows import engine
from workflows.flows import DecisionFlow

pytestmark = pytest.mark.usefixtures("in_2024")
HEAD = "head_of_division@home"


def named(nominee: Nominee, note="Lý do") -> dict:
    return {"line": str(nominee.uid), "note": note}


def on_list(decision) -> list[Nominee]:
    return [line.nominee for line in decision.lines.filter(live=True).order_by("rank")]


def quota(world, count):
    world.round.quotas.filter(kind="individual").update(count=count)


def test_left_off_the_nominee_waits_and_can_be_restored(world):
    w.confirmed(world, nominees=2)
    decision = w.decision(world)
    first, second = on_list(decision)
    with refused():
        w.act(decision, "leave_off", world["director@home"], **named(first))
    with refused(ValidationError):
        w.act(decision, "leave_off", world[HEAD], line=str(first.uid))
    w.act(decision, "leave_off", world[HEAD], **named(first, "Chờ xác minh"))
    assert (on_list(decision), decision.lines.get(live=True).rank) == ([second], 1)
    with refused(ValidationError):
        w.act(decision, "leave_off", world[HEAD], **named(first))  # no longer on the list
    with refused(ValidationError):
        w.act(decision, "refill", world[HEAD])  # a person left it off: it does not come back by itself
    w.act(decision, "restore", world[HEAD], **named(first, "Đã xác minh"))
    assert set(on_list(decision)) == {first, second}
    event, text = of_stream(decision.stream)[-1]
    assert (event.action, text["line"], text["note"]) == ("restore", first.name, "Đã xác minh")


def test_who_was_left_off_may_stand_on_another_decision_and_is_then_not_restored(world):
    w.confirmed(world, nominees=2)
    one = w.decision(world)
    first, _second = on_list(one)
    w.act(one, "leave_off", world[HEAD], **named(first))
    two = w.decision(world)
    assert on_list(two) == [first]
    with refused(ValidationError):
        w.act(one, "restore", world[HEAD], **named(first))
    for decision in (one, two):
        w.walk(world, decision, DecisionState.PUBLISHED)
    assert set(Nominee.objects.values_list("outcome", flat=True)) == {Outcome.AWARDED}


def test_a_nominee_left_off_gets_no_outcome_by_the_publication(world):
    file = w.confirmed(world, nominees=2)
    decision = w.decision(world)
    first, second = on_list(decision)
    w.act(decision, "leave_off", world[HEAD], **named(first))
    w.walk(world, decision, DecisionState.PUBLISHED)
    file.refresh_from_db()
    outcomes = dict(file.nominees.values_list("pk", "outcome"))
    assert outcomes == {first.pk: Outcome.PENDING, second.pk: Outcome.AWARDED}
    assert file.state == State.AWAIT_DECISION
    engine.close_round(world.round, actor=world[HEAD])
    left = file.nominees.get(pk=first.pk)
    assert (left.outcome, left.outcome_note) == (Outcome.NOT_SELECTED, "Lý do")  # the person's reason


def test_recalled_to_appraisal_the_whole_file_leaves_the_list(world):
    file, other = w.confirmed(world, nominees=2), w.confirmed(world, "commune2")
    decision = w.decision(world)
    first = file.nominees.first()
    w.act(decision, "recall_nominee", world[HEAD], **named(first, "Xem lại sáng kiến"))
    file.refresh_from_db()
    assert (file.state, w.task(file).flow_task.name) == (State.APPRAISE, "appraise")
    assert on_list(decision) == list(other.nominees.all())
    first.refresh_from_db()
    assert (first.assessment, first.total) == (Assessment.NONE, None)
    event, _text = of_stream(file.stream)[-1]
    assert (event.action, event.from_state, event.to_state) == (
        "recall_nominee",
        "await_decision",
        "appraise",
    )
    w.walk(world, file, State.AWAIT_DECISION, points=1)
    w.act(decision, "refill", world[HEAD])
    assert len(on_list(decision)) == 3
    w.walk(world, decision, DecisionState.PUBLISHED)


def test_not_while_another_of_the_file_stands_on_another_open_decision(world):
    w.confirmed(world, nominees=2)
    one = w.decision(world)
    first, second = on_list(one)
    w.act(one, "leave_off", world[HEAD], **named(first))
    two = w.decision(world)
    with refused(ValidationError):
        w.act(one, "recall_nominee", world[HEAD], **named(second))
    w.act(two, "abandon", world[HEAD], note="Lập lại")
    w.act(one, "recall_nominee", world[HEAD], **named(second))


def test_only_equals_change_places(world):
    w.confirmed(world, nominees=2)
    w.confirmed(world, "commune2", less=3)
    decision = w.decision(world)
    first, second, lower = on_list(decision)
    for nominee, place in ((lower, "1"), (first, "3"), (first, "1"), (first, ""), (first, "x")):
        with refused(ValidationError):
            w.act(decision, "reorder", world[HEAD], **named(nominee), place=place)
    w.act(decision, "reorder", world[HEAD], **named(second, "Thâm niên"), place="1")
    assert on_list(decision) == [second, first, lower]


def test_equals_at_the_edge_are_for_a_person_to_decide(world):
    w.confirmed(world, nominees=3)
    quota(world, 2)
    decision = w.decision(world)
    [tie] = ranking.ties_at_the_edge(decision)
    assert (tie.places, len(tie.members)) == (2, 3)
    with refused(ValidationError):
        w.act(decision, "propose", world[HEAD])
    uids = [str(nominee.uid) for nominee in tie.members]
    for chosen in ([], uids[:1], uids, ["nobody"]):
        with refused(ValidationError):
            w.act(decision, "settle_tie", world[HEAD], chosen=chosen, note="Thâm niên")
    with refused(ValidationError):
        w.act(decision, "settle_tie", world[HEAD], chosen=uids[1:])
    w.act(decision, "settle_tie", world[HEAD], chosen=uids[1:], note="Thâm niên")
    assert set(on_list(decision)) == set(tie.members[1:])
    assert list(decision.lines.filter(live=True).order_by("rank").values_list("rank", flat=True)) == [1, 2]
    assert ranking.left_off(decision).get().reason == "Thâm niên"
    assert ranking.ties_at_the_edge(decision) == []
    w.walk(world, decision, DecisionState.PUBLISHED)


def test_whoever_is_confirmed_later_with_more_points_is_decided_upon_too(world):
    quota(world, 1)
    w.confirmed(world, less=5)
    decision = w.decision(world)
    better = w.confirmed(world, "commune2").nominees.get()
    with refused(ValidationError):
        w.act(decision, "propose", world[HEAD])
    w.act(decision, "settle_tie", world[HEAD], chosen=[str(better.uid)], note="Điểm cao hơn")
    assert on_list(decision) == [better]


def test_where_places_are_free_there_is_no_edge_and_they_can_be_filled(world):
    w.confirmed(world)
    decision = w.decision(world)
    with refused(ValidationError):
        w.act(decision, "refill", world[HEAD])
    later = w.confirmed(world, "commune2").nominees.get()
    assert ranking.ties_at_the_edge(decision) == []
    w.act(decision, "refill", world[HEAD])
    assert later in on_list(decision)


def test_two_decisions_of_one_round_share_its_quota(world):
    quota(world, 3)
    w.confirmed(world, nominees=2)
    one = w.decision(world)
    w.confirmed(world, "commune2", less=1)
    two = w.decision(world)
    assert (len(on_list(one)), len(on_list(two))) == (2, 1)
    w.confirmed(world, "station", less=2)
    for decision in (one, two):
        with refused(ValidationError):
            w.act(decision, "refill", world[HEAD])
    with refused(ValidationError):
        engine.open(DecisionFlow, AwardDecision(round=world.round), actor=world[HEAD])
    for decision in (one, two):
        w.walk(world, decision, DecisionState.PUBLISHED)
    assert Nominee.objects.filter(outcome=Outcome.AWARDED).count() == 3


def test_an_empty_list_is_not_presented(world):
    w.confirmed(world)
    decision = w.decision(world)
    [only] = on_list(decision)
    w.act(decision, "leave_off", world[HEAD], **named(only))
    with refused(ValidationError):
        w.act(decision, "propose", world[HEAD])

"""The replay finds nothing wrong where nothing is, and what was written past the write path where something is."""

import pytest

from audit.replay import replay
from nominations.states import DecisionState, Outcome, State
from tests import world as w

HEAD = "head_of_division@home"

pytestmark = pytest.mark.usefixtures("in_2024")


def illegal():
    return [str(item) for item in replay(walked=True).illegal]


def test_a_whole_journey_is_legal(world):
    for unit in ("commune", "commune"):
        w.confirmed(world, unit)
    w.decision(world, DecisionState.PUBLISHED)
    assert illegal() == []


def test_ways_back_are_legal(world):
    file = w.walk(world, w.complete_draft(world, "commune", 2), State.REVIEW)
    assert file
    assert illegal() == []


@pytest.mark.parametrize("then", ("appraised again", "withdrawn"))
def test_who_was_awarded_once_stands_so_in_every_later_act_on_the_file(world, then):
    """One of the file was awarded, the other goes back to appraisal: what follows awards nobody anew."""
    file, one = w.confirmed(world, nominees=2), w.decision(world)
    first = one.lines.order_by("rank").first().nominee
    w.act(one, "leave_off", world[HEAD], line=str(first.uid), note="Xem lại")
    w.walk(world, one, DecisionState.PUBLISHED)
    w.act(w.decision(world), "recall_nominee", world[HEAD], line=str(first.uid), note="Xem lại")
    if then == "withdrawn":
        w.act(file, "withdraw", world["unit_head@commune"], note="Thôi")
    else:
        w.walk(world, file, State.AWAIT_DECISION)
    outcomes = set(file.nominees.values_list("outcome", flat=True))
    assert outcomes == {Outcome.AWARDED, Outcome.WITHDRAWN if then == "withdrawn" else Outcome.PENDING}
    assert illegal() == []

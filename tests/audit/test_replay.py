"""The replay finds nothing wrong where nothing is, and what was written past the write path where something is."""

import pytest

from audit.replay import replay
from nominations.states import DecisionState, State
from tests import world as w

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

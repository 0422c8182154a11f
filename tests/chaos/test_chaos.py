"""What the chaos measures by: which acts a history can be explained by, what a page offers to send, what is killed."""

import re
from collections import Counter
from random import Random

import pytest

from tests.chaos.checker import _times
from tests.chaos.page import form_called, form_of
from tests.chaos.system import KINDS, drawn
from tests.chaos.times import Times

# A step acknowledged, one of which nobody can say after two attempts, one acknowledged.
WAY = _times("claim", 1, 0) + _times("assign", 0, 2) + _times("assign", 1, 0)


@pytest.mark.parametrize("happened", ["claim;assign;", "claim;assign;assign;", "claim;assign;assign;assign;"])
def test_what_nobody_can_say_may_have_happened_or_not(happened):
    assert re.fullmatch(WAY, happened)


@pytest.mark.parametrize(
    "happened", ["assign;", "claim;", "claim;claim;assign;", "claim;assign;assign;assign;assign;"]
)
def test_what_was_acknowledged_happened_once_and_nothing_else(happened):
    assert not re.fullmatch(WAY, happened)


def test_a_form_is_sent_as_the_page_shows_it():
    page = """<form id="draft"><input type="hidden" name="revision" value="3"><input name="number" value="1&amp;2">
      <textarea name="summary">\nMột\nHai</textarea><input type="checkbox" name="off"><input type="checkbox" name="on" checked>
      <select name="kind"><option value="a">A<option value="b" selected>B</select><input type="file" name="file"></form>
      <form><input type="hidden" name="action" value="claim"></form>"""
    assert form_called(page, "draft") == {
        "revision": "3", "number": "1&2", "summary": "Một\nHai", "on": "on", "kind": "b",
    }  # fmt: skip
    assert form_of(page, "claim") == {"action": "claim"}
    assert form_of(page, "assign") is None


def test_every_kind_is_killed_equally_often_and_the_same_again_by_its_seed():
    kinds = drawn(Random(3), 60)
    counts = Counter(kinds)
    assert set(counts) == set(KINDS) and max(counts.values()) - min(counts.values()) <= 1
    assert drawn(Random(3), 60) == kinds != drawn(Random(4), 60)


def test_what_took_too_long_is_a_fault():
    times = Times(10)
    for seconds in (0.5, 9.9, 10.1, None):
        times.note("web", seconds)
    assert times.faults() == times.slow and len(times.slow) == 2
    assert "4 kills" in times.table()
    hesitant = Times(10)
    for seconds in (*[0.5] * 39, 10.1):
        hesitant.note("web", seconds)
    assert hesitant.slow and not hesitant.faults(), "one in forty, and not by far"

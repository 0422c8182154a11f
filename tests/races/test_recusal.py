"""A word to keep away at the moment of an act by the same officer: one order results, and no act follows the word."""

from functools import partial

import pytest
from django.core.exceptions import PermissionDenied

from audit.replay import replay
from history.models import Event
from nominations.content import seen_digest
from nominations.models import Handling, Quota, Recusal
from nominations.states import DecisionState, State
from tests import world as w
from tests.races.contest import contest
from workflows import engine, recusing

ROUNDS = 10


def one_order(subject, action, officer, about):
    """Let `officer` do `action` on `subject` and keep away from `about` at once.

    The word is given in any case. The act was done whole before it, or is refused after it.
    """
    act = partial(
        engine.act, engine.task_of(subject), action, actor=officer, payload={}, seen=seen_digest(subject)
    )
    word = partial(recusing.recuse, about, officer, "Họ hàng")
    answers = {result.number: result.answer for result in contest(w.D2024, [act, word])}
    recusal = answers[1]
    assert isinstance(recusal, Recusal), recusal
    kind = subject.stream.partition(":")[0]
    handled = list(Handling.objects.filter(officer=officer, action=action, **{kind: subject}))
    told = list(Event.objects.filter(stream=subject.stream, action=action, actor=str(officer.uid)))
    if isinstance(answers[0], Exception):
        assert isinstance(answers[0], PermissionDenied), answers[0]
        assert (handled, told) == ([], [])
        return
    said = Event.objects.get(stream=about.stream, action="recuse", actor=str(officer.uid))
    assert [item.at <= recusal.at for item in handled] == [True]
    assert [item.at <= said.at for item in told] == [True]


def nothing_unlawful():
    """The ledger judged by itself: whoever declared to keep away did nothing afterwards."""
    assert [str(item) for item in replay(walked=True).illegal] == []


def test_from_a_file_and_an_act_on_it(world, in_2024):
    for _round in range(ROUNDS):
        file = w.walk(world, w.complete_draft(world), State.REVIEW)
        one_order(file, "forward", world["reviewer@district"], file)
    nothing_unlawful()


@pytest.mark.parametrize("about", ["the decision", "a file behind it"])
def test_from_what_a_decision_decides_and_an_act_on_it(world, in_2024, about):
    """A word about one file holds for the decision too, though file and decision have locks of their own."""
    Quota.objects.filter(round=world.round).update(count=400)
    for _round in range(ROUNDS):
        file = w.confirmed(world)
        decision = w.decision(world, DecisionState.SUBMIT)
        one_order(decision, "submit", world["director@home"], decision if about == "the decision" else file)
    nothing_unlawful()

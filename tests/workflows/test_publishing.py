"""Publishing and closing a round: every nominee an outcome, every file an end, whatever their number."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from viewflow.workflow.models import Task

from history.models import Event
from nominations.models import Nomination, Nominee, Quota
from nominations.states import DecisionState, Outcome, State
from permissions import grants
from tests import world as w
from workflows import engine
from workflows.errors import StaleState
from workflows.models import NominationProcess, OutboxMessage

pytestmark = pytest.mark.usefixtures("in_2024")


def test_publishing_gives_every_line_its_outcome_and_ends_the_files(world):
    files = [w.confirmed(world, nominees=2) for _ in range(3)]
    w.decision(world, DecisionState.PUBLISHED)
    assert set(Nominee.objects.values_list("outcome", flat=True)) == {Outcome.AWARDED}
    assert set(Nomination.objects.values_list("state", "holder")) == {(State.CLOSED, None)}
    assert set(NominationProcess.objects.values_list("status", flat=True)) == {"DONE"}
    assert not Task.objects.filter(finished=None).exists()
    for file in files:
        last = Event.objects.filter(stream=file.stream).latest("sequence")
        assert (last.kind, last.automatic) == ("nomination.closed", True)
        assert (last.from_state, last.to_state) == (State.AWAIT_DECISION, State.CLOSED)
    assert OutboxMessage.objects.filter(kind="concluded").count() == 3


def test_a_file_with_a_nominee_beyond_the_quota_stays_open(world):
    """It waits for another decision, or for the end of the round."""
    Quota.objects.filter(round=world.round, kind="individual").update(count=3)
    whole, half = w.confirmed(world, nominees=2), w.confirmed(world, "commune2", 2, less=5)
    decision = w.decision(world)
    first = half.nominees.first()
    head = world["head_of_division@home"]
    w.act(decision, "settle_tie", head, chosen=[str(first.uid)], note="Công tác lâu năm hơn")
    w.walk(world, decision, DecisionState.PUBLISHED)
    whole.refresh_from_db()
    half.refresh_from_db()
    assert (whole.state, half.state) == (State.CLOSED, State.AWAIT_DECISION)
    assert sorted(half.nominees.values_list("outcome", flat=True)) == [Outcome.AWARDED, Outcome.PENDING]
    assert engine.task_of(half).flow_task.name == "await_decision"


def test_closing_a_round_gives_the_rest_rank_and_reason(world):
    """Ranks run over all confirmed nominees of a kind; equals share one."""
    Quota.objects.filter(round=world.round, kind="individual").update(count=2)
    w.confirmed(world, nominees=2)
    rest = w.confirmed(world, "commune2", [{}, {}], less=5)
    last = w.confirmed(world, "district", 1, less=9)
    w.decision(world, DecisionState.PUBLISHED)
    engine.close_round(world.round, actor=world["programme_administrator@home"])
    for file, ranks in ((rest, [3, 3]), (last, [5])):
        file.refresh_from_db()
        assert (file.state, engine.task_of(file)) == (State.CLOSED, None)
        for nominee, rank in zip(file.nominees.all(), ranks, strict=True):
            assert (nominee.outcome, nominee.outcome_code) == (Outcome.NOT_SELECTED, "quota")
            assert (nominee.outcome_rank, bool(nominee.outcome_note)) == (rank, True)
    round_event = Event.objects.get(kind="round.closed")
    assert round_event.data == {"files": 2}
    world.round.refresh_from_db()
    assert world.round.closed_on == w.D2024


def test_drafts_lapse_with_the_round(world):
    draft = w.complete_draft(world)
    waiting = w.walk(world, w.complete_draft(world), State.SIGN_PROPOSAL)
    engine.close_round(world.round, actor=world["head_of_division@home"])
    for file in (draft, waiting):
        file.refresh_from_db()
        assert (file.state, file.holder, engine.task_of(file)) == (State.LAPSED, None, None)
        assert file.nominees.get().outcome == Outcome.NOT_CONSIDERED
    with pytest.raises(Exception) as caught:
        w.act(draft, "propose", world["clerk@commune"])
    assert isinstance(caught.value, StaleState | PermissionDenied)


ON_THE_WAY = [State.REVIEW, State.ENDORSE, State.INTAKE, State.APPRAISE, State.CONFIRM]


@pytest.mark.parametrize("state", ON_THE_WAY)
def test_a_round_is_not_closed_over_a_file_on_its_way(world, state):
    file = w.walk(world, w.complete_draft(world), state)
    with pytest.raises(ValidationError, match=file.reference):
        engine.close_round(world.round, actor=world["head_of_division@home"])
    world.round.refresh_from_db()
    assert world.round.closed_on is None


def test_a_returned_file_that_was_not_corrected_lapses_too(world):
    """One unit that never answers must not hold up the whole province."""
    file = w.walk(world, w.complete_draft(world), State.INTAKE)
    w.act(file, "return", world["intake_officer@home"], remarks=[{"text": "Bổ sung"}])
    engine.close_round(world.round, actor=world["head_of_division@home"])
    file.refresh_from_db()
    assert (file.state, file.nominees.get().outcome) == (State.LAPSED, Outcome.NOT_CONSIDERED)


def test_a_round_is_not_closed_over_an_open_decision(world):
    w.confirmed(world)
    decision = w.decision(world, DecisionState.SIGN)
    with pytest.raises(ValidationError, match=decision.reference):
        engine.close_round(world.round, actor=world["head_of_division@home"])


def test_closing_belongs_to_home_affairs_and_happens_once(world):
    for who in ("chairman@province", "clerk@commune", "system_administrator@province", "appraiser@home"):
        with pytest.raises(PermissionDenied):
            engine.close_round(world.round, actor=world[who])
    former = world["head_of_division2@home"]
    grants.end_appointment(world.post("head_of_division2@home"), on=w.D2024 - timedelta(days=1))
    with pytest.raises(PermissionDenied):
        engine.close_round(world.round, actor=former)
    engine.close_round(world.round, actor=world["head_of_division@home"])
    with pytest.raises(StaleState):
        engine.close_round(world.round, actor=world["head_of_division@home"])

"""The auditor's own tables of law and those of the code say the same, row by row: whoever changes one changes both."""

import pytest

from audit import contents, law
from audit.replay import ON_FILE, appointing
from history import clock
from history.kinds import KINDS
from nominations import states
from nominations.actions import DECISION_TABLE, NOMINATION_TABLE, Seat
from nominations.models import Opinion, SeparationKind
from nominations.models.deadlines import DEEMED_ACTS
from nominations.states import DecisionState, State
from permissions import catalogue, delegations
from permissions.text import search_key


@pytest.mark.parametrize(
    ("ours", "theirs"), [(law.NOMINATION, NOMINATION_TABLE), (law.DECISION, DECISION_TABLE)]
)
def test_every_act_has_the_same_row_in_both(ours, theirs):
    def told(action):
        return action.right.value if action.right else "", action.seat.value, {*map(str, action.targets)}

    code = {(str(source), name): told(action) for (source, name), action in theirs.items()}
    assert {key: (row.right, row.seat, set(row.targets)) for key, row in ours.items()} == code


@pytest.mark.parametrize(
    ("ours", "theirs"), [(law.NOMINATION, NOMINATION_TABLE), (law.DECISION, DECISION_TABLE)]
)
def test_every_act_handles_a_file_at_the_same_level(ours, theirs):
    for (source, name), action in theirs.items():
        for sent_from in action.targets if action.seat == Seat.SENDER else [source]:
            assert ours[source, name].level(sent_from) == action.level(sent_from), (source, name, sent_from)


def test_roles_carry_the_same_rights():
    code = {name: {right.value for right in role.rights} for name, role in catalogue.ROLES.items()}
    assert {name: set(rights.split()) for name, rights in law.ROLES.items()} == code
    assert set(catalogue.DECISIVE) == law.DECISIVE
    assert {right.value for right in catalogue.DELEGABLE} == law.DELEGABLE
    assert law.LONGEST_DELEGATION == delegations.LONGEST


def test_states_mean_the_same():
    assert {str(state): str(level) for state, level in states.LEVELS.items()} == law.LEVELS
    assert {*map(str, states.ENDED), *map(str, states.DECISION_ENDED)} == law.ENDED
    assert {*map(str, states.WRITING)} == law.WRITING
    assert {*map(str, states.ASSIGNABLE)} == law.ASSIGNABLE
    assert set().union(*law.FREEZES.values()) == set(contents.FREEZING)
    assert {str(step): action for step, action in states.FOUR_EYES.items()} == law.FOUR_EYES
    assert {*law.WRITING, "sign_proposal"} == law.AT_THE_UNIT
    assert {answer for answer in Opinion.Answer.values if answer} == law.ANSWERS
    assert {str(step): action for step, action in DEEMED_ACTS.items()} == law.DEEMED
    assert clock.CLOSES.hour == law.CLOSES and not clock.CLOSES.minute
    bodies = law.AT_THE_UNIT | law.AT_HOME | law.AT_THE_OFFICE | {"review", "endorse", "sign"}
    assert bodies == {*State.values, *DecisionState.values} - law.ENDED, "each open state waits at one body"


def test_acts_of_assignment_leave_the_file_where_it_is():
    stays = {name for (source, name), row in law.NOMINATION.items() if row.targets == (source,)}
    asking = {"request_recall", "decline_recall", "hand_over", "ask_opinion", "record_opinion"}
    assert stays - asking == law.ASSIGNMENT


def test_separation_has_the_same_kinds():
    assert set(law.SEPARATION) == {*SeparationKind.values}


def test_what_is_thought_of_a_nominee_is_said_by_acts_that_exist():
    names = {name for _source, name in law.NOMINATION}
    assert set().union(*law.JUDGING.values()) <= names


def test_every_kind_of_event_is_judged():
    of_their_own = {*law.BEGINS, "round.closed"}  # `judge_opened` and `judge_closed`
    assert {*appointing.JUDGES, *ON_FILE, *of_their_own} == KINDS
    assert set(appointing.LEARN) <= set(appointing.JUDGES), "nothing is learned unjudged"


def test_every_kind_of_event_has_its_streams():
    assert set().union(*law.STREAMS.values()) == KINDS
    assert {*law.ACTS, *law.BEGINS, *law.RECUSALS, *law.FOLLOWS, *law.CALLED} <= KINDS
    on_files = law.STREAMS["nomination:"] | law.STREAMS["decision:"]
    assert {*ON_FILE, *law.BEGINS} == on_files
    assert on_files - law.ACTS == {*law.RECUSALS, "evidence.stored"}, "the others move nothing"
    assert set(law.BEGINS.values()) == {str(State.DRAFT), str(DecisionState.COMPILE)}


@pytest.mark.parametrize(
    ("kind", "stream", "place"),
    [
        ("nomination.acted", "nomination:1", True),
        ("nomination.acted", "decision:1", False),
        ("nomination.acted", "nomination:", False),
        ("nomination.acted", "nomination", False),
        ("nomination.read", "readings:1", True),
        ("nomination.read", "procedure", False),
        ("rules.changed", "procedure", True),
        ("rules.changed", "procedure:1", False),
        ("rules.changed", "elsewhere", False),
        ("unit.created", "unit:30280:2024-01-01", True),
    ],
)
def test_an_event_belongs_to_the_streams_of_its_kind_alone(kind, stream, place):
    assert law.belongs(kind, stream) == place


@pytest.mark.parametrize("name", ["Ủy ban nhân dân  tỉnh", "Đặng Thị Ánh", "Sở Y tế"])
def test_names_of_bodies_are_compared_alike(name):
    assert law.folded(name) == search_key(name)

"""The table is the specification: every row is complete, and each open state is one node of the flow."""

import re

import pytest
from django.template.loader import get_template
from django.utils import translation

from nominations import conditions, rules, states
from nominations.actions import (
    DECISION_ACTIONS,
    DECISION_TABLE,
    NOMINATION_ACTIONS,
    NOMINATION_TABLE,
    Condition,
    Needs,
    Seat,
    actions_from,
)
from nominations.states import DecisionState, State
from nominations.transitions import DECISION_STEPS, NOMINATION_STEPS
from permissions.catalogue import ROLES, Right
from tests import world as w
from tests.architecture.code import modules
from workflows import notices, reasons, watching
from workflows.flows import DecisionFlow, NominationFlow
from workflows.nodes import Step

ACTIONS = (*NOMINATION_ACTIONS, *DECISION_ACTIONS)

# Database values: open processes carry them. A change is a new flow with a data migration.
NODES = {
    "workflows/flows.NominationFlow": [
        "start", "draft", "sign_proposal", "review", "endorse", "intake", "supplement",
        "appraise", "confirm", "await_decision", "end",
    ],
    "workflows/flows.DecisionFlow": [
        "start", "compile", "submit", "check", "sign", "issue_number", "publish", "end",
    ],
}  # fmt: skip
STATES = {
    State: [
        "draft", "sign_proposal", "review", "endorse", "intake", "supplement", "appraise", "confirm",
        "await_decision", "closed", "rejected", "withdrawn", "wrong_route", "lapsed",
    ],
    DecisionState: [
        "compile", "submit", "check", "sign", "issue_number", "publish", "published", "abandoned",
    ],
}  # fmt: skip


def flow_of(action):
    return NominationFlow if isinstance(action.source, State) else DecisionFlow


def row(action):
    return f"{action.source}.{action.name}"


@pytest.mark.parametrize("flow", [NominationFlow, DecisionFlow])
def test_names_of_flows_and_nodes_never_change(flow):
    label = f"workflows/flows.{flow.__name__}"
    assert f"{flow.instance.app_label}/{flow.__module__.removeprefix('workflows.')}.{flow.__name__}" == label
    assert sorted(node.name for node in flow.instance.nodes()) == sorted(NODES[label])


@pytest.mark.parametrize("kind", STATES)
def test_names_of_states_never_change(kind):
    assert kind.values == STATES[kind]


@pytest.mark.parametrize("flow", [NominationFlow, DecisionFlow])
def test_each_open_state_is_one_node_and_each_step_one_state(flow):
    steps = {node.name: str(node.state) for node in flow.instance.nodes() if isinstance(node, Step)}
    assert steps == {state: state for state in map(str, flow.open_states)}


@pytest.mark.parametrize("action", ACTIONS, ids=row)
def test_a_row_is_complete(action):
    flow = flow_of(action)
    node = flow.instance.node(action.source)
    steps = NOMINATION_STEPS if flow is NominationFlow else DECISION_STEPS
    assert action in (*node.duties, *node.options)
    assert action.key in steps, "the transition is missing"
    if action.seat == Seat.SENDER:
        assert action.right is None and action.option, "the post in which it was sent is the right"
    else:
        assert action.seat in rules.SEATS, "nobody knows where the right is held"
        assert action.right in Right.values
        assert any(action.right in role.rights for role in ROLES.values()), "nobody could ever do it"
    assert isinstance(action.needs, Needs)
    assert action.tone in ("primary", "secondary", "danger")
    assert action.source in states.LEVELS, "separation of duties needs the level of the step"
    assert action.targets and len(set(action.targets)) == len(action.targets)
    for target in () if action.stays else action.targets:
        assert node.node_for(target).name in (target, "end")


@pytest.mark.parametrize("action", ACTIONS, ids=row)
def test_what_ends_a_file_is_behind_a_fold(action):
    """Acts that cannot be taken back are of the tone danger, the ordinary way aside."""
    ends = {*states.ENDED, *states.DECISION_ENDED}
    if set(action.targets) <= ends:
        assert action.tone == ("primary" if action.name == "publish" else "danger")


def test_every_condition_is_a_rule_and_a_sentence():
    asked = {condition for action in ACTIONS for condition in action.requires}
    assert set(conditions.CONDITIONS) == set(reasons.CONDITIONS) == asked == set(Condition)


def test_what_takes_back_knows_what_was_sent():
    """Whatever leads to a step that can be taken back names that step among the ways of the recall."""
    for (state, name), action in (NOMINATION_TABLE | DECISION_TABLE).items():
        if name in ("recall", "grant_recall"):
            assert all(any(state in way.targets for way in actions_from(origin)) for origin in action.targets)
        if name == "grant_recall":
            assert action.targets == (NOMINATION_TABLE | DECISION_TABLE)[state, "recall"].targets


@pytest.mark.parametrize("action", ACTIONS, ids=row)
def test_a_row_speaks_both_languages(action):
    with translation.override("en"):
        english = str(action.label), str(action.effects)
    with translation.override("vi"):
        vietnamese = str(action.label), str(action.effects)
    assert english[0]
    assert vietnamese[0] != english[0], "locale/vi lacks the label"
    assert (vietnamese[1] != english[1]) or not english[1], "locale/vi lacks what will happen"


def test_no_transition_stands_outside_the_table():
    assert set(NOMINATION_STEPS) == set(NOMINATION_TABLE)
    assert set(DECISION_STEPS) == set(DECISION_TABLE)


def test_rows_are_unique_and_ways_lead_somewhere():
    assert len({action.key for action in ACTIONS}) == len(ACTIONS)
    sources = {action.source for action in ACTIONS}
    targets = {target for action in ACTIONS for target in action.targets}
    assert {*states.OPEN, *states.DECISION_OPEN} == sources
    assert {*states.OPEN, *states.DECISION_OPEN} <= targets
    assert set(states.ENDED) - targets == {State.LAPSED}, "written by the closing of a round"
    assert set(states.DECISION_ENDED) <= targets


def test_a_needed_step_has_one_primary_action():
    """One clear way on; the rest are quieter. What waits for a decision has no act of its own."""
    for state in {action.source for action in ACTIONS}:
        duties = [action for action in actions_from(state) if not action.option]
        tones = [action.tone for action in actions_from(state)]
        assert tones.count("primary") == (1 if duties else 0), state
        assert duties or state == State.AWAIT_DECISION


def test_what_an_action_needs_has_a_form_and_is_read():
    """A new need without a form would be a button that can never work."""
    paths = list(modules("workflows"))
    asked = {action.needs.name for action in ACTIONS if action.needs is not Needs.NOTHING}
    assert asked == set(Needs.__members__) - {"NOTHING"}
    forms = "".join(path.read_text() for path in paths if path.name != "acting.py")
    assert asked <= set(re.findall(r"Needs\.([A-Z_]+)", forms)), "no form"
    reader = next(path for path in paths if path.name == "acting.py").read_text()
    assert asked - {"NOTE"} <= set(re.findall(r"Needs\.([A-Z_]+)", reader)), "not read; a note always is"
    for name in (
        "components/action_bar.html",
        "components/action_item.html",
        "components/action_fields.html",
    ):
        get_template(name)


def test_every_notice_stands_on_a_row():
    for (state, name), kind in notices.BY_ACT.items():
        assert any(action.name == name and state in action.targets for action in ACTIONS), (state, name)
        assert kind in notices.KINDS
    for name, kind in notices.BY_NAME.items():
        assert any(action.name == name for action in ACTIONS), name
        assert kind in notices.KINDS
    by_closing = {"concluded", "not_awarded", "recused"}  # the last by keeping away, which is no row
    by_the_clock = {*watching.KINDS.values(), watching.ESCALATED}
    known = {*notices.BY_ACT.values(), *notices.BY_NAME.values(), *by_closing, *by_the_clock}
    assert known == set(notices.KINDS)
    assert all(kind.sentence for kind in notices.KINDS.values())


def test_roles_sit_somewhere_and_every_right_has_a_role():
    printer = "certificate_printer"  # reads what is published, as every officer does
    assert all(role.sits_on and (role.rights or role.name == printer) for role in ROLES.values())
    held = {right for role in ROLES.values() for right in role.rights}
    assert held == set(Right)


def test_the_way_of_the_tests_is_the_primary_way():
    """tests/world.py walks what a person would click first."""
    for state, (name, _role) in w.WAY.items():
        action = next(a for a in actions_from(state) if a.name == name)
        assert action.tone == "primary"

"""Everybody of the small world at every step: rule, list, button and page agree with a table written by hand."""

import pytest
from django.test import Client

from nominations import rules
from nominations.actions import actions_from
from nominations.states import DecisionState, State
from tests import world as w
from tests.footprint import footprint
from tests.machine import reference as ref
from workflows import asking, inbox
from workflows.acting import url_of

pytestmark = pytest.mark.proof

NOMINATION_STEPS = [
    "draft",
    "sign_proposal",
    "review",
    "endorse",
    "intake",
    "appraise",
    "confirm",
    "await_decision",
]
DECISION_STEPS = ["compile", "submit", "check", "sign", "issue_number", "publish"]
# Who stands in each relation to a commune's file of 2024: same unit, same kind elsewhere, above, apart.
RELATED = (
    "commune",
    "commune2",
    "district",
    "district2",
    "home",
    "office",
    "province",
    "department",
    "new_commune",
)


@pytest.fixture(
    params=[("nomination", s) for s in NOMINATION_STEPS] + [("decision", s) for s in DECISION_STEPS],
    ids=lambda param: "-".join(param),
)
def scene(request, world, in_2024):
    """The world with one file or decision at one step, and the reference's opinion of it."""
    kind, step = request.param
    file = w.complete_draft(world)
    if kind == "nomination":
        w.walk(world, file, State(step))
        return world, file, _expected(world, file, ref.NOMINATION, file.handlings.all())
    w.walk(world, file, State.AWAIT_DECISION)
    decision = w.decision(world, DecisionState(step))
    handlings = [*file.handlings.all(), *decision.handlings.all()]
    return world, decision, _expected(world, decision, ref.DECISION, handlings)


def _expected(world, subject, table, handlings) -> dict[str, set[str]]:
    """Who may do what, by the table written by hand: role, place, and not two levels of one file."""
    place = world.place(subject.holder)
    level = _level(subject.state, place)
    handled: dict[int, set[str]] = {}
    for item in handlings:
        handled.setdefault(item.officer_id, set()).add(_level(item.step, world.place(item.unit)))
    expected = {}
    for who, officer in world.people.items():
        role, seat = who.split("@")[0].rstrip("2"), who.split("@")[1]
        free = handled.get(officer.pk, set()) <= {level}
        if subject.state == "confirm" and any(
            item.officer_id == officer.pk and item.step == "appraise" for item in handlings
        ):
            free = False
        expected[who] = {
            action
            for (state, action), (roles, _next) in table.items()
            if state == subject.state and role in roles and seat == place and free
        }
    return expected


def _level(step: str, place: str) -> str:
    if step in ("draft", "sign_proposal"):
        return "proposer"
    if step in ("review", "endorse"):
        return f"at {place}"
    return "appraisal" if step in (*NOMINATION_STEPS, "compile", "submit") else "decision"


def test_rule_list_and_button_agree_with_the_table(scene):
    world, subject, expected = scene
    for who, officer in world.people.items():
        actions = actions_from(subject.state)
        rule = {
            action.name
            for action in actions
            if type(subject).objects.filter(rules.may(officer, action), pk=subject.pk).exists()
        }
        answers = asking.ask(officer, subject)
        buttons = {answer.action.name for answer in answers if answer.allowed}
        duties = {action.name for action in actions if not action.option} & expected[who]
        listed = any(str(item.uid) == str(subject.uid) for item in inbox.inbox(officer))
        assert rule == buttons == expected[who], who
        assert listed == bool(duties), who
        assert all(answer.allowed or answer.why_not for answer in answers), who


def test_somebody_may_act_at_every_step_that_waits_for_a_person(scene):
    _world, subject, expected = scene
    if subject.state != State.AWAIT_DECISION:
        assert any(expected.values())


def test_the_page_offers_what_may_be_done_and_refuses_the_rest(scene):
    world, subject, expected = scene
    before = footprint()
    for who in (name for name in world.people if name.split("@")[1] in RELATED):
        client = Client()
        client.force_login(world[who], backend="permissions.backends.PasswordBackend")
        session = client.session
        session["demo_day"] = w.D2024.isoformat()
        session.save()
        page = client.get(url_of(subject))
        text = page.content.decode() if page.status_code == 200 else ""
        for action in actions_from(subject.state):
            offered = f'name="action" value="{action.name}"' in text
            assert offered == (action.name in expected[who]), (who, action.name, page.status_code)
            if action.name not in expected[who]:
                refused = client.post(
                    f"{url_of(subject)}/xu-ly",
                    {"action": action.name, "task": w.task(subject).pk, "seen": "", "note": "x"},
                )
                assert refused.status_code in (403, 404), (who, action.name)
    after = footprint()
    for table in ("django_session", "permissions_officer"):  # signing in leaves its own rows
        before.pop(table), after.pop(table)
    assert before == after

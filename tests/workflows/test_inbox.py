"""My work: what waits for me and nothing else, in one query however much there is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from history import clock
from nominations import rules
from nominations.actions import NOMINATION_ACTIONS
from nominations.models import Nomination
from nominations.states import DecisionState, State
from permissions import grants
from permissions.identity import identity_hash
from tests import world as w
from workflows import inbox

pytestmark = pytest.mark.usefixtures("in_2024")


def waiting(world, *places):
    """Who of these places finds anything in the inbox (of all others: tests/permissions/test_matrix.py)."""
    people = {who: officer for who, officer in world.people.items() if who.split("@")[1] in places}
    return {who for who, officer in people.items() if inbox.inbox(officer)}


def test_a_file_waits_for_those_who_may_act_and_for_nobody_else(world):
    file = w.complete_draft(world)
    expected = [
        (State.DRAFT, {"clerk@commune", "clerk2@commune"}),
        (State.SIGN_PROPOSAL, {"unit_head@commune", "unit_deputy@commune"}),
        (State.REVIEW, {"reviewer@district", "reviewer2@district"}),
        (State.ENDORSE, {"body_head@district", "body_head2@district"}),
        (State.INTAKE, {"intake_officer@home", "intake_officer2@home"}),
        (State.APPRAISE, {"appraiser@home", "appraiser2@home"}),
        (State.CONFIRM, {"head_of_division@home", "head_of_division2@home"}),
        (State.AWAIT_DECISION, set()),
    ]
    for state, people in expected:
        w.walk(world, file, state)
        assert waiting(world, "commune", "district", "home") == people, state


def test_a_decision_waits_for_those_who_may_act_and_for_nobody_else(world):
    w.confirmed(world)
    decision = w.decision(world)
    expected = [
        (DecisionState.COMPILE, {"head_of_division@home", "head_of_division2@home"}),
        (DecisionState.SUBMIT, {"director@home", "deputy_director@home"}),
        (DecisionState.CHECK, {"office_specialist@office", "office_specialist2@office"}),
        (DecisionState.SIGN, {"chairman@province", "deputy_chairman@province"}),
        (DecisionState.ISSUE_NUMBER, {"records_clerk@office", "records_clerk2@office"}),
        (DecisionState.PUBLISH, {"records_clerk@office", "records_clerk2@office"}),
        (DecisionState.PUBLISHED, set()),
    ]
    for state, people in expected:
        w.walk(world, decision, state)
        assert waiting(world, "office", "province", "home") == people, state


def test_the_inbox_is_one_query_however_many_posts_and_files(world):
    officer = world["intake_officer@home"]
    for role in ("appraiser", "head_of_division", "director"):
        grants.appoint(officer, role, world.units["home"], position=role, document="QĐ 5", valid_from=w.OLD)
    for _ in range(3):
        w.walk(world, w.complete_draft(world), State.INTAKE)
    held = grants.units_by_right(officer)
    with CaptureQueriesContext(connection) as captured:
        items = inbox.inbox(officer, held=held)
    assert len(items) == 3
    assert len(captured) == 1


def test_an_item_says_what_it_is(world):
    file = w.walk(world, w.complete_draft(world), State.INTAKE)
    (item,) = inbox.inbox(world["intake_officer@home"])
    assert (item.uid, item.reference, item.unit_name) == (file.uid, file.reference, file.unit.name)
    assert item.state_label == file.get_state_display()


def test_what_waits_longest_comes_first_and_what_is_due_before_it(world):
    old, new, due = (w.walk(world, w.complete_draft(world), State.INTAKE) for _ in range(3))
    type(due).objects.filter(pk=due.pk).update(due=w.D2024)
    references = [item.reference for item in inbox.inbox(world["intake_officer@home"])]
    assert references == [due.reference, old.reference, new.reference]


def test_a_post_works_on_its_days_only(world):
    w.walk(world, w.complete_draft(world), State.SIGN_PROPOSAL)
    head = world["unit_head@commune"]
    assert inbox.inbox(head)
    with clock.legal_day(w.D2026):  # the commune and its posts ended with June 2025
        assert not inbox.inbox(head)


def test_what_i_sent_shows_where_it_is_until_it_ends(world):
    file = w.walk(world, w.complete_draft(world), State.INTAKE)
    for who in ("clerk@commune", "unit_head@commune", "reviewer@district", "body_head@district"):
        assert list(inbox.sent(world[who], inbox.inbox(world[who]))) == [file], who
    for who in ("clerk2@commune", "intake_officer@home", "reviewer@district2"):
        assert list(inbox.sent(world[who], inbox.inbox(world[who]))) == [], who
    w.act(file, "reject", world["intake_officer@home"], code="violation", note="Vi phạm")
    assert list(inbox.sent(world["clerk@commune"], inbox.inbox(world["clerk@commune"]))) == []


def test_the_compiled_question_is_the_rule_itself(world):
    """Made once for everybody with these rights, it answers as the rule asked for each officer anew."""
    for state in (State.DRAFT, State.REVIEW, State.APPRAISE):
        w.walk(world, w.complete_draft(world), state)
    w.confirmed(world)
    w.decision(world)
    found = 0
    for number, officer in enumerate(world.people.values()):
        if number % 3 == 0:
            officer.identity_hash = identity_hash(f"{number:012}")
        held = grants.units_by_right(officer)
        question = inbox.question(officer, **held)
        plain = [inbox.Item(**row) for row in question] if question is not None else []
        assert inbox.inbox(officer, held=held) == inbox.inbox(officer) == plain, officer
        asked = Nomination.objects.filter(rules.duties(officer, NOMINATION_ACTIONS))
        assert {item.uid for item in plain if item.kind == "nomination"} == set(
            asked.values_list("uid", flat=True)
        )
        found += len(plain)
    assert found > 6
    assert inbox.inbox(world["clerk@commune"], held={}) == []

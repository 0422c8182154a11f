"""Why can't I act: the answer is the rule's own, names who can, and reveals nothing of a closed file."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nominations.actions import NOMINATION_TABLE, actions_from
from nominations.states import DecisionState, State
from permissions import delegations, grants
from tests import world as w
from tests.footprint import statements
from workflows import asking, explaining

pytestmark = pytest.mark.usefixtures("in_2024")


def explained(world, who, subject, name):
    action = next(action for action in actions_from(subject.state) if action.name == name)
    return explaining.explain(world[who], subject, action)


def told(*arguments):
    out = StringIO()
    try:
        call_command("explain", *arguments, stdout=out)
    except SystemExit as stop:
        return stop.code, out.getvalue()
    return 0, out.getvalue()


def test_allowed_and_no_condition_unmet_are_the_same(world):
    """Everybody who may read, every act of every step, nominations and decisions."""
    subjects = [w.walk(world, w.complete_draft(world), state) for state in (State.REVIEW, State.APPRAISE)]
    w.confirmed(world)
    subjects.append(w.decision(world, DecisionState.SIGN))
    asked = 0
    for subject in subjects:
        for who in ("reviewer@district", "appraiser@home", "chairman@province", "unit_head@commune"):
            allowed = {action.name for action in asking.allowed_actions(world[who], subject)}
            for explanation in explaining.explain_all(world[who], subject):
                asked += 1
                assert explanation.allowed == (not explanation.unmet) == (explanation.action.name in allowed)
                assert all(line.asks and (line.met or line.because) for line in explanation.lines)
    assert asked > 60


def test_it_says_by_which_post_since_when_and_by_which_document(world):
    file = w.walk(world, w.complete_draft(world), State.APPRAISE)
    explanation = explained(world, "appraiser@home", file, "conclude")
    assert explanation.allowed
    seat = next(line for line in explanation.lines if line.part.kind == "seat")
    post = world.post("appraiser@home")
    assert post.position in seat.because and "01/01/2004" in seat.because and post.document in seat.because


def test_it_names_who_can_act_instead_and_what_would_change_it(world):
    file = w.walk(world, w.complete_draft(world), State.CONFIRM)
    explanation = explained(world, "appraiser@home", file, "confirm")
    assert [line.part.kind for line in explanation.unmet] == ["seat", "four_eyes"]
    assert {person.name for person in explanation.instead} == {
        world["head_of_division@home"].full_name,
        world["head_of_division2@home"].full_name,
    }
    assert all(person.since == w.OLD for person in explanation.instead)
    assert all(line.remedy for line in explanation.unmet)


def test_a_delegation_is_named_in_the_answer(world):
    file = w.walk(world, w.complete_draft(world), State.CONFIRM)
    giver, taker = world.post("head_of_division@home"), world.post("clerk@home")
    delegations.give(
        giver, taker, ["confirm"],
        valid_from=w.D2024, valid_to=w.D2024.replace(day=20), reason="Đi công tác", document="GUQ 1",
        by=giver.officer,
    )  # fmt: skip
    explanation = explained(world, "clerk@home", file, "confirm")
    assert explanation.allowed
    seat = next(line for line in explanation.lines if line.part.kind == "seat")
    assert giver.officer.full_name in seat.because


def test_of_a_closed_file_nothing_is_told(world):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    stranger = world["appraiser@home"]
    assert explaining.explain(stranger, file, NOMINATION_TABLE[State.REVIEW, "forward"]) is None
    with pytest.raises(CommandError) as closed:
        call_command("explain", stranger.username, "forward", file.reference)
    with pytest.raises(CommandError) as missing:
        call_command("explain", stranger.username, "forward", "HS-2024-99999")
    assert str(closed.value) == str(missing.value)


def test_the_command_tells_every_condition_and_ends_with_1_when_refused(world):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    code, out = told(world["reviewer@district"].username, "forward", file.reference)
    assert code == 0 and "[x]" in out and "[ ]" not in out
    code, out = told(world["body_head@district"].username, "forward", file.reference)
    assert code == 1 and "[ ]" in out and world["reviewer@district"].full_name in out


def test_the_command_says_that_the_file_is_at_another_step(world):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    code, out = told(world["reviewer@district"].username, "endorse", file.reference)
    assert code == 1 and str(file.get_state_display()) in out


@pytest.mark.parametrize(("username", "name"), [("nobody", "forward"), ("reviewer.district", "fly")])
def test_the_command_refuses_an_unknown_officer_or_act(world, username, name):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    with pytest.raises(CommandError):
        call_command("explain", username, name, file.reference)


def test_the_page_shows_every_act_and_costs_the_same_for_many_nominees(world, client):
    costs = []
    for count in (1, 6):
        file = w.walk(world, w.complete_draft(world, nominees=count), State.CONFIRM)
        client.force_login(world["head_of_division@home"])
        url = reverse("workflows:explain_nomination", kwargs={"uid": file.uid})
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(url)
        costs.append(len(statements(captured)))
        text = page.content.decode()
        for action in actions_from(State.CONFIRM):
            assert str(action.label) in text
    assert costs[0] == costs[1] <= 26, costs


def test_the_page_of_a_closed_file_is_closed(world, client):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    client.force_login(world["clerk@front"])
    assert client.get(reverse("workflows:explain_nomination", kwargs={"uid": file.uid})).status_code in (
        403,
        404,
    )


def test_who_lost_the_post_is_told_so(world):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    reviewer = world["reviewer@district"]
    w.act(file, "claim", reviewer)
    grants.end_appointment(world.post("reviewer@district"), on=w.D2024)
    answers = {a.action.name: a for a in asking.ask(reviewer, file)}
    assert not answers["forward"].allowed
    assert not any(answer.allowed for answer in answers.values() if answer.action.name != "recall")

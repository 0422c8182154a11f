"""Separation of duties: four eyes, one level a file, nobody judges themselves."""

import pytest
from django.core.exceptions import PermissionDenied

from nominations import drafts
from nominations.actions import actions_from
from nominations.states import DecisionState, State
from permissions import grants
from permissions.identity import identity_hash
from permissions.models import Officer
from tests import world as w
from workflows.asking import allowed_actions, ask, who_can
from workflows.inbox import inbox

pytestmark = pytest.mark.usefixtures("in_2024")

# Where each step waits, and the role that does it: (state, role, unit).
STEPS = [
    (State.SIGN_PROPOSAL, "unit_head", "commune"),
    (State.REVIEW, "reviewer", "district"),
    (State.ENDORSE, "body_head", "district"),
    (State.INTAKE, "intake_officer", "home"),
    (State.APPRAISE, "appraiser", "home"),
    (State.CONFIRM, "head_of_division", "home"),
]
DECISION_STEPS = [
    (DecisionState.COMPILE, "head_of_division", "home"),
    (DecisionState.SUBMIT, "director", "home"),
    (DecisionState.CHECK, "office_specialist", "office"),
    (DecisionState.SIGN, "chairman", "province"),
    (DecisionState.ISSUE_NUMBER, "records_clerk", "office"),
    (DecisionState.PUBLISH, "records_clerk", "office"),
]


def also(world, officer, role, unit):
    """Give `officer` one more post."""
    return grants.appoint(
        officer, role, world.units[unit], position=f"{role} kiêm nhiệm", document="QĐ 7", valid_from=w.OLD
    )


def refused(world, subject, officer):
    """Refused at the door, not offered as a button (with a reason), and not in the inbox."""
    action = w.WAY[subject.state][0]
    payload = w.appraisal(world, subject) if action == "conclude" else {}
    with pytest.raises(PermissionDenied) as caught:
        w.act(subject, action, officer, **payload)
    answer = next(answer for answer in ask(officer, subject) if answer.action.name == action)
    assert not answer.allowed
    assert str(caught.value) == answer.why_not != ""
    assert str(subject.uid) not in {str(item.uid) for item in inbox(officer)}
    return True


@pytest.mark.parametrize(("state", "role", "unit"), STEPS[1:])
@pytest.mark.parametrize("earlier", ["clerk@commune", "unit_head@commune"])
def test_who_drafted_or_signed_handles_no_later_level(world, earlier, state, role, unit):
    file = w.walk(world, w.complete_draft(world), state)
    also(world, world[earlier], role, unit)
    assert refused(world, file, world[earlier])


@pytest.mark.parametrize(("state", "role", "unit"), STEPS)
def test_a_nominee_judges_nobody_in_the_file(world, state, role, unit):
    """Whatever their post: by account, or by the identity number in the file."""
    by_account, by_number = world[f"{role}@{unit}"], Officer.objects.create_user("twin", "Lê Văn Hai")
    also(world, by_number, role, unit)
    by_number.identity_hash = identity_hash("089123456789")
    by_number.save()
    deputy = Officer.objects.create_user("second", "Lê Văn Ba")
    also(world, deputy, role, unit)
    people = [{"officer": by_account}, {"identity_hash": by_number.identity_hash}]
    file = w.complete_draft(world, nominees=people)
    for step, walker, place in [(State.DRAFT, "clerk", "commune"), *STEPS]:
        if step == state:
            break
        action = w.WAY[step][0]
        payload = w.appraisal(world, file) if action == "conclude" else {}
        w.act(file, action, world[f"{walker}@{place}"], **payload)
    assert refused(world, file, by_account)
    assert refused(world, file, by_number)
    assert allowed_actions(deputy, file)


def test_the_deputy_signs_for_a_head_who_is_a_nominee(world):
    file = w.complete_draft(world, nominees=[{"officer": world["unit_head@commune"]}])
    w.act(file, "propose", world["clerk@commune"])
    assert refused(world, file, world["unit_head@commune"])
    w.act(file, "submit", world["unit_deputy@commune"])
    assert file.state == State.REVIEW


def test_who_only_wrote_at_the_draft_has_drafted_it(world):
    """Another clerk presents it: the one who opened it and the one who edited it are still its authors."""
    draft = w.complete_draft(world)
    editor = Officer.objects.create_user("editor", "Lê Văn Năm")
    also(world, editor, "clerk", "commune")
    drafts.save(draft, by=editor, expected=draft.revision, values={"summary": "Sửa lại"})
    for who in (world["clerk@commune"], editor):
        also(world, who, "reviewer", "district")
    draft.refresh_from_db()
    w.act(draft, "propose", world["clerk2@commune"])
    w.walk(world, draft, State.REVIEW)
    assert refused(world, draft, world["clerk@commune"])
    assert refused(world, draft, editor)


def test_a_clerk_may_prepare_the_file_in_which_they_are_proposed(world):
    file = w.complete_draft(world, nominees=[{"officer": world["clerk@commune"]}])
    assert w.act(file, "propose", world["clerk@commune"]).state == State.SIGN_PROPOSAL


def test_who_appraised_does_not_confirm(world):
    """Four eyes within one level: the rule looks at the version in hand."""
    appraiser = world["appraiser@home"]
    also(world, appraiser, "head_of_division", "home")
    file = w.walk(world, w.complete_draft(world), State.CONFIRM)
    assert refused(world, file, appraiser)
    assert w.act(file, "confirm", world["head_of_division@home"]).state == State.AWAIT_DECISION


def test_going_back_to_appraisal_does_not_wash_four_eyes_away(world):
    appraiser = world["appraiser@home"]
    also(world, appraiser, "head_of_division", "home")
    file = w.walk(world, w.complete_draft(world), State.CONFIRM)
    w.act(file, "send_back", world["head_of_division@home"], remarks=[{"text": "Xem lại điểm"}])
    w.tick(file, world["appraiser2@home"])
    w.act(file, "conclude", world["appraiser2@home"], **w.appraisal(world, file))
    assert refused(world, file, appraiser)  # still a hand in this version


def test_one_person_may_work_at_one_level_twice(world):
    """The one who received also appraises: the law separates levels, and confirmation."""
    officer = world["intake_officer@home"]
    also(world, officer, "appraiser", "home")
    file = w.walk(world, w.complete_draft(world), State.APPRAISE)
    w.act(file, "conclude", officer, **w.appraisal(world, file))
    assert file.state == State.CONFIRM


def test_two_bodies_on_one_route_are_two_levels(world):
    """A station's file goes through commune and district: who reviewed below does not review above."""
    reviewer = world["reviewer@commune"]
    also(world, reviewer, "reviewer", "district")
    file = w.walk(world, w.complete_draft(world, "station"), State.REVIEW)
    assert file.holder == world.units["commune"]
    w.act(file, "forward", reviewer)
    w.act(file, "endorse", world["body_head@commune"])
    assert (file.state, file.holder) == (State.REVIEW, world.units["district"])
    assert refused(world, file, reviewer)


def test_who_reviewed_a_file_may_review_another(world):
    one, two = (w.walk(world, w.complete_draft(world), State.REVIEW) for _ in range(2))
    w.act(one, "forward", world["reviewer@district"])
    assert w.act(two, "forward", world["reviewer@district"]).state == State.ENDORSE


@pytest.mark.parametrize(("state", "role", "unit"), DECISION_STEPS)
def test_who_drafted_a_file_handles_no_decision_on_it(world, state, role, unit):
    w.confirmed(world)
    decision = w.decision(world, state)
    also(world, world["clerk@commune"], role, unit)
    assert refused(world, decision, world["clerk@commune"])


@pytest.mark.parametrize(("state", "role", "unit"), DECISION_STEPS)
def test_a_nominee_handles_no_decision_on_themselves(world, state, role, unit):
    candidate = Officer.objects.create_user("candidate", "Lê Văn Tư")
    w.confirmed(world, nominees=[{}, {"officer": candidate}])
    decision = w.decision(world, state)
    also(world, candidate, role, unit)
    assert refused(world, decision, candidate)


def test_home_affairs_compiles_what_it_confirmed_but_the_office_is_another_level(world):
    confirmer = world["head_of_division@home"]
    also(world, confirmer, "office_specialist", "office")
    also(world, world["director@home"], "chairman", "province")
    w.confirmed(world)
    decision = w.decision(world, DecisionState.CHECK, officer=confirmer)
    assert refused(world, decision, confirmer)
    w.act(decision, "pass", world["office_specialist@office"])
    assert refused(world, decision, world["director@home"])
    assert w.act(decision, "sign", world["deputy_chairman@province"]).state == DecisionState.ISSUE_NUMBER


def test_who_only_opened_a_decision_has_compiled_it(world):
    """Another head of division presents it: the opener still worked at Home Affairs' level."""
    opener = world["head_of_division2@home"]
    also(world, opener, "office_specialist", "office")
    w.confirmed(world)
    decision = w.decision(world, officer=opener)
    w.act(decision, "propose", world["head_of_division@home"])
    w.walk(world, decision, DecisionState.CHECK)
    assert refused(world, decision, opener)


def test_who_is_named_as_waited_for_is_who_may_act(world, in_2024):
    """The head who is a nominee is not waited for; the deputy is."""
    head, deputy = world["unit_head@commune"], world["unit_deputy@commune"]
    file = w.walk(world, w.complete_draft(world, nominees=[{"officer": head}]), State.SIGN_PROPOSAL)
    submit = next(action for action in actions_from(State.SIGN_PROPOSAL) if action.name == "submit")
    assert who_can(file, submit) == [deputy]

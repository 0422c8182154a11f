"""In whose hands a file is: claimed, assigned by load, given free; the others leave it alone."""

import pytest
from django.core.exceptions import ValidationError

from nominations import assignment
from nominations.states import State
from permissions import grants
from tests import world as w
from tests.workflows.ways import REMARK, at, refused
from workflows.inbox import inbox

pytestmark = pytest.mark.usefixtures("in_2024")
WORKERS = {
    State.REVIEW: ("reviewer@district", "reviewer2@district", "body_head@district", "forward"),
    State.APPRAISE: ("appraiser@home", "appraiser2@home", "head_of_division@home", "return"),
}


def assigned(world, file, who, head):
    return w.act(file, "assign", world[head], assignee=str(world[who].uid))


@pytest.mark.parametrize("state", WORKERS)
def test_claimed_it_is_one_officers_alone(world, state):
    mine, other, _head, act = WORKERS[state]
    file = at(world, state)
    w.act(file, "claim", world[mine])
    for action in (act, "claim", "release"):
        with refused():
            w.act(file, action, world[other], **REMARK)
    assert not inbox(world[other])
    assert [item.uid for item in inbox(world[mine])] == [file.uid]
    w.act(file, "release", world[mine])
    assert [item.uid for item in inbox(world[other])] == [file.uid]
    w.act(file, act, world[other], **REMARK)


@pytest.mark.parametrize("state", WORKERS)
def test_the_head_assigns_and_assigns_anew(world, state):
    one, two, head, act = WORKERS[state]
    file = at(world, state)
    for who in (one, two, "chairman@province"):
        with refused():
            w.act(file, "assign", world[who], assignee=str(world[two].uid))
    assigned(world, file, one, head)
    assigned(world, file, two, head)
    with refused():
        w.act(file, act, world[one], **REMARK)
    w.act(file, act, world[two], **REMARK)


def test_only_somebody_who_may_do_the_work_is_assigned(world):
    file = at(world, State.APPRAISE)
    for who in ("reviewer@district", "intake_officer@home", "unit_head@commune"):
        with refused(ValidationError):
            assigned(world, file, who, "head_of_division@home")
    with refused(ValidationError):
        w.act(file, "assign", world["head_of_division@home"])


def test_who_handled_the_file_before_is_no_candidate(world):
    reviewer = world["reviewer@district"]
    grants.appoint(
        reviewer, "appraiser", world.units["home"], position="Chuyên viên", document="QĐ", valid_from=w.OLD
    )
    file, other = at(world, State.APPRAISE), at(world, State.APPRAISE, "department")
    assert reviewer not in [item.officer for item in assignment.candidates(file)]
    assert reviewer in [item.officer for item in assignment.candidates(other)]


def test_candidates_stand_by_load(world):
    busy, free = world["appraiser@home"], world["appraiser2@home"]
    for _ in range(2):
        w.act(at(world, State.APPRAISE), "claim", busy)
    loads = [(item.officer, item.load) for item in assignment.candidates(at(world, State.APPRAISE))]
    assert loads == [(free, 0), (busy, 2)]


def test_a_post_that_ended_or_an_account_that_was_closed_frees_the_file(world):
    one, two = at(world, State.APPRAISE), at(world, State.REVIEW)
    w.act(one, "claim", world["appraiser@home"])
    w.act(two, "claim", world["reviewer@district"])
    grants.end_appointment(world.post("appraiser@home"), on=w.D2024)
    type(world["reviewer@district"]).objects.filter(pk=world["reviewer@district"].pk).update(is_active=False)
    for file, who in ((one, "appraiser2@home"), (two, "reviewer2@district")):
        assert [item.uid for item in inbox(world[who])] == [file.uid]
        w.act(file, "claim", world[who])


def test_back_from_the_head_or_the_unit_it_is_in_the_same_hands(world):
    file = at(world, State.APPRAISE)
    w.act(file, "claim", world["appraiser2@home"])
    w.act(file, "request_supplement", world["appraiser2@home"], **REMARK)
    w.walk(world, file, State.APPRAISE)
    with refused():
        w.act(file, "conclude", world["appraiser@home"], **w.appraisal(world, file))
    w.act(file, "conclude", world["appraiser2@home"], **w.appraisal(world, file))
    w.act(file, "send_back", world["head_of_division@home"], **REMARK)
    assert not inbox(world["appraiser@home"])


def test_at_another_body_it_is_free_again(world):
    file = at(world, State.REVIEW, "station")
    w.act(file, "claim", world["reviewer@commune"])
    w.act(file, "forward", world["reviewer@commune"])
    w.act(file, "endorse", world["body_head@commune"])
    assert inbox(world["reviewer@district"])
    w.act(file, "forward", world["reviewer2@district"])

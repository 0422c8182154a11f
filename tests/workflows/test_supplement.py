"""A supplement: itemised, once by the rules of procedure, and straight back to who asked for it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from history.ledger import of_stream
from nominations import procedure
from nominations.models import Score
from nominations.states import Level, State
from tests import world as w
from tests.workflows.ways import REMARK, at, refused
from workflows import asking

pytestmark = pytest.mark.usefixtures("in_2024")
ASKING = {State.INTAKE: "intake_officer@home", State.APPRAISE: "appraiser@home"}


@pytest.mark.parametrize("state", ASKING)
def test_it_comes_straight_back_as_a_new_version_and_not_by_the_route(world, state):
    file = at(world, state)
    w.act(file, "request_supplement", world[ASKING[state]], **REMARK)
    assert (file.state, file.holder, file.supplements) == (State.SUPPLEMENT, world.units["commune"], 1)
    legs = list(file.legs.values_list("version", "unit__code", "left"))
    clerk, head = world["clerk@commune"], world["unit_head@commune"]
    with refused():  # not before the remark is ticked off
        w.act(file, "propose", clerk)
    w.tick(file, clerk, "Đã bổ sung trang 2")
    w.act(file, "propose", clerk)
    w.act(file, "submit", head)
    assert (file.state, file.holder, file.version) == (state, world.units["home"], 2)
    assert list(file.legs.values_list("version", "unit__code", "left")) == legs
    event, text = of_stream(file.stream)[-2]
    assert event.action == "propose"
    assert text["answers"] == [{"about": "", "text": "Bổ sung", "answer": "Đã bổ sung trang 2"}]


@pytest.mark.parametrize("state", ASKING)
def test_it_is_asked_for_once(world, state):
    file = at(world, state)
    w.act(file, "request_supplement", world[ASKING[state]], **REMARK)
    w.walk(world, file, state)
    with refused():
        w.act(file, "request_supplement", world[ASKING[state]], **REMARK)
    [answer] = [a for a in asking.ask(world[ASKING[state]], file) if a.action.name == "request_supplement"]
    assert "1" in answer.why_not
    assert procedure.in_force(w.D2024).legal_basis in answer.why_not


def test_the_rules_of_the_day_say_how_often(world):
    procedure.lay_down(
        valid_from=w.D2024, supplements_at_most=2, reroute_at_intake=True, legal_basis="QĐ 5",
        by=world["programme_administrator@home"],
    )  # fmt: skip
    file = at(world, State.INTAKE)
    for _ in range(2):
        w.act(file, "request_supplement", world["intake_officer@home"], **REMARK)
        w.walk(world, file, State.INTAKE)
    with refused():
        w.act(file, "request_supplement", world["intake_officer@home"], **REMARK)
    procedure.lay_down(
        valid_from=w.D2024 + timedelta(days=1), supplements_at_most=0, reroute_at_intake=True,
        legal_basis="QĐ 6", by=world["programme_administrator@home"],
    )  # fmt: skip
    other = at(world, State.INTAKE)
    w.act(other, "request_supplement", world["intake_officer@home"], **REMARK)  # today's rule still holds


def test_a_request_without_a_remark_or_by_somebody_else_is_refused(world):
    file = at(world, State.INTAKE)
    with refused(ValidationError):
        w.act(file, "request_supplement", world["intake_officer@home"], remarks=[{"text": " "}])
    for who in ("appraiser@home", "reviewer@district", "unit_head@commune", "chairman@province"):
        with refused():
            w.act(file, "request_supplement", world[who], **REMARK)


def test_the_head_sends_back_within_the_supplement(world):
    file = at(world, State.APPRAISE)
    w.act(file, "request_supplement", world["appraiser@home"], **REMARK)
    w.walk(world, file, State.SIGN_PROPOSAL)
    w.act(file, "send_back", world["unit_head@commune"], **REMARK)
    assert file.state == State.SUPPLEMENT
    w.walk(world, file, State.APPRAISE)
    assert file.version == 2


def test_what_was_appraised_before_stays_on_record(world):
    file = at(world, State.CONFIRM)
    w.act(file, "send_back", world["head_of_division@home"], **REMARK)
    w.tick(file, world["appraiser@home"])
    w.act(file, "request_supplement", world["appraiser@home"], **REMARK)
    w.walk(world, file, State.AWAIT_DECISION)
    versions = Score.objects.filter(nominee__nomination=file, level=Level.APPRAISAL).values_list("version")
    assert {version for (version,) in versions} == {1, 2}


def test_a_supplement_that_never_comes_ends_with_a_legal_ground(world):
    """Otherwise one silent unit could hold up the end of the round."""
    file = at(world, State.INTAKE)
    w.act(file, "request_supplement", world["intake_officer@home"], **REMARK)
    for who in ("appraiser@home", "unit_head@commune"):
        with refused():
            w.act(file, "reject", world[who], code="incomplete", note="Không bổ sung")
    w.act(file, "reject", world["intake_officer@home"], code="incomplete", note="Không bổ sung")
    assert (file.state, file.nominees.get().outcome_code) == (State.REJECTED, "incomplete")


def test_a_full_return_afterwards_goes_the_whole_route_again(world):
    file = at(world, State.INTAKE)
    w.act(file, "request_supplement", world["intake_officer@home"], **REMARK)
    w.walk(world, file, State.INTAKE)
    w.act(file, "return", world["intake_officer@home"], to="draft", **REMARK)
    assert (file.state, file.resume_at) == (State.DRAFT, "")
    w.walk(world, file, State.REVIEW)
    assert file.route_version == file.version == 3


def test_the_clerk_writes_only_while_the_unit_has_the_file(world):
    file = at(world, State.INTAKE)
    w.act(file, "request_supplement", world["intake_officer@home"], **REMARK)
    w.tick(file, world["clerk@commune"])
    w.act(file, "propose", world["clerk@commune"])
    with pytest.raises(PermissionDenied):
        w.tick(file, world["clerk@commune"]) or w.act(file, "propose", world["clerk@commune"])

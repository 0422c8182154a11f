"""Withdrawal by the head of the unit, from wherever the file waits; and files on the wrong route."""

import pytest
from django.core.exceptions import ValidationError

from history import clock
from history.ledger import of_stream
from nominations import procedure
from nominations.states import OPEN, DecisionState, Outcome, State
from tests import world as w
from tests.workflows.ways import REMARK, at, refused
from workflows import engine

pytestmark = pytest.mark.usefixtures("in_2024")
NOTE = {"note": "Đơn vị đề nghị rút"}


def waiting(world, state):
    if state != State.SUPPLEMENT:
        return at(world, state)
    file = at(world, State.INTAKE)
    return w.act(file, "request_supplement", world["intake_officer@home"], **REMARK)


@pytest.mark.parametrize("state", OPEN)
def test_from_every_waiting_place_by_the_head_alone(world, state):
    file = waiting(world, state)
    for who in ("clerk@commune", "unit_head@commune2", "unit_head@district", "head_of_division@home"):
        with refused():
            w.act(file, "withdraw", world[who], **NOTE)
    with refused(ValidationError):
        w.act(file, "withdraw", world["unit_head@commune"])
    w.act(file, "withdraw", world["unit_head@commune"], **NOTE)
    nominee = file.nominees.get()
    assert (file.state, file.holder, engine.task_of(file)) == (State.WITHDRAWN, None, None)
    assert (nominee.outcome, nominee.outcome_note) == (Outcome.WITHDRAWN, NOTE["note"])
    assert not file.legs.filter(arrived__isnull=False, left=None).exists()


def test_a_head_who_is_a_nominee_leaves_it_to_the_deputy(world):
    file = w.complete_draft(world, nominees=[{"officer": world["unit_head@commune"]}])
    with refused():
        w.act(file, "withdraw", world["unit_head@commune"], **NOTE)
    assert w.act(file, "withdraw", world["unit_deputy@commune"], **NOTE).state == State.WITHDRAWN


def test_not_while_a_nominee_stands_on_an_open_decision(world):
    file = w.confirmed(world, nominees=2)
    decision = w.decision(world)
    with refused():
        w.act(file, "withdraw", world["unit_head@commune"], **NOTE)
    w.act(decision, "abandon", world["head_of_division@home"], note="Lập lại")
    assert w.act(file, "withdraw", world["unit_head@commune"], **NOTE).state == State.WITHDRAWN


def test_who_was_awarded_before_keeps_the_award(world):
    file = w.confirmed(world, nominees=2)
    world.round.quotas.filter(kind="individual").update(count=1)
    decision = w.decision(world)
    best = file.nominees.first()
    w.act(decision, "settle_tie", world["head_of_division@home"], chosen=[str(best.uid)], note="Thâm niên")
    w.walk(world, decision, DecisionState.PUBLISHED)
    w.act(file, "withdraw", world["unit_head@commune"], **NOTE)
    assert sorted(file.nominees.values_list("outcome", flat=True)) == [Outcome.AWARDED, Outcome.WITHDRAWN]


# the wrong route


@pytest.mark.parametrize(
    ("state", "who"), [(State.REVIEW, "reviewer@district"), (State.INTAKE, "intake_officer@home")]
)
def test_a_file_on_the_wrong_route_ends_unjudged_with_the_right_body_named(world, state, who):
    file, right = at(world, state), world.units["department"]
    for payload in (
        {"note": "Sai"},
        {"unit": str(right.pk)},
        {"unit": str(world.units["front"].pk), "note": "Sai"},
    ):
        with refused(ValidationError):
            w.act(file, "wrong_route", world[who], **payload)
    w.act(file, "wrong_route", world[who], unit=str(right.pk), note="Sở quản lý quỹ lương")
    nominee = file.nominees.get()
    assert (file.state, engine.task_of(file)) == (State.WRONG_ROUTE, None)
    assert (nominee.outcome, nominee.outcome_code) == (Outcome.NOT_CONSIDERED, "wrong_route")
    event, text = of_stream(file.stream)[-1]
    assert (event.reason_code, event.data["right"], text["right"]) == ("wrong_route", right.code, right.name)


def test_a_body_that_has_ended_is_no_right_body(world):
    with clock.legal_day(w.D2026):
        file = at(world, State.INTAKE, "new_commune")
        with refused(ValidationError):
            w.act(
                file, "wrong_route", world["intake_officer@home"], note="Sai",
                unit=str(world.units["district"].pk),
            )  # fmt: skip


def test_intake_sends_it_on_to_the_right_body(world):
    """The body reviews and endorses; then it comes to intake again."""
    file = at(world, State.INTAKE, "agency")
    department = world.units["department"]
    with refused(ValidationError):
        w.act(file, "reroute", world["intake_officer@home"], note="Thiếu cơ quan")
    w.act(file, "reroute", world["intake_officer@home"], unit=str(department.pk), note="Thuộc ngành y tế")
    assert (file.state, file.holder) == (State.REVIEW, department)
    assert [leg.unit for leg in file.legs.all()] == [department]
    w.walk(world, file, State.AWAIT_DECISION)


def test_its_way_so_far_stays_and_the_body_before_is_not_asked_again(world):
    file = at(world, State.INTAKE)
    w.act(
        file,
        "reroute",
        world["intake_officer@home"],
        note="Thuộc ngành",
        unit=str(world.units["department"].pk),
    )
    legs = [(leg.n, leg.unit.code, leg.left is None) for leg in file.legs.select_related("unit")]
    assert legs == [(1, "883", False), (2, "AG.SYT", True)]
    w.walk(world, file, State.INTAKE)


def test_where_the_rules_say_so_intake_only_returns(world):
    procedure.lay_down(
        valid_from=w.D2024, supplements_at_most=1, reroute_at_intake=False, legal_basis="QĐ 7",
        by=world["programme_administrator@home"],
    )  # fmt: skip
    file = at(world, State.INTAKE)
    with refused():
        w.act(
            file, "reroute", world["intake_officer@home"], note="Sai", unit=str(world.units["department"].pk)
        )

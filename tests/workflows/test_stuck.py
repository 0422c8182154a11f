"""The report of files that nobody can move: each has its gap, and none is left out."""

from io import StringIO

import pytest
from django.core.management import call_command

from history import clock
from nominations.states import DecisionState, State
from permissions import grants
from permissions.models import Appointment
from tests import world as w
from workflows import stuck

pytestmark = pytest.mark.usefixtures("in_2024")


def end_all(role, unit):
    for post in Appointment.objects.filter(role=role, unit=unit):
        grants.end_appointment(post, on=w.D2024)


def gaps():
    return {gap.subject: gap.sentence for gap in stuck.report()}


def test_where_everybody_is_appointed_nothing_is_stuck(world):
    for state in (State.DRAFT, State.REVIEW, State.APPRAISE, State.AWAIT_DECISION):
        w.walk(world, w.complete_draft(world), state)
    w.confirmed(world)
    w.decision(world, DecisionState.CHECK)
    assert gaps() == {}
    out = StringIO()
    call_command("stuck", stdout=out)
    assert out.getvalue().strip()


def test_a_post_that_nobody_holds_is_named(world):
    file = w.walk(world, w.complete_draft(world), State.INTAKE)
    end_all("intake_officer", world.units["home"])
    assert list(gaps()) == [file]
    assert "Sở Nội vụ" in gaps()[file]
    with pytest.raises(SystemExit) as ended:
        call_command("stuck", stdout=StringIO())
    assert ended.value.code == 1


def test_separation_of_duties_may_bar_everybody(world):
    file = w.complete_draft(world, nominees=[{"officer": world["unit_head@commune"]}])
    w.walk(world, file, State.SIGN_PROPOSAL)
    assert gaps() == {}
    grants.end_appointment(world.post("unit_deputy@commune"), on=w.D2024)
    assert world["unit_head@commune"].full_name in gaps()[file]


def test_a_file_at_a_unit_that_has_ended_is_named_with_the_way_out(world):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    with clock.legal_day(w.REFORM):
        assert "30/06/2025" in gaps()[file]


def test_waiting_for_a_decision_that_nobody_may_compile_is_a_gap(world):
    file = w.confirmed(world)
    end_all("head_of_division", world.units["home"])
    assert list(gaps()) == [file]

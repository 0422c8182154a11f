"""Files in flight when a unit ends: nobody acts there; Home Affairs re-routes or hands over, on the record."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from history import clock
from history.ledger import of_stream
from nominations import rules, stops
from nominations.models import Nomination
from nominations.states import State
from permissions.models import UnitSuccessor
from permissions.units import add_successors
from tests import pages
from tests import world as w
from tests.workflows.ways import REMARK, at, refused
from workflows import stuck

NOTE = {"note": "Kết thúc cấp huyện"}
HEAD = "head_of_division@home"


@pytest.fixture
def succeeded(world):
    old, new = world.units["commune"], world.units["new_commune"]
    add_successors([UnitSuccessor(old=old, new=new, on=w.REFORM)])


def on(day, world, state, unit="commune"):
    with clock.legal_day(day):
        return at(world, state, unit)


@pytest.mark.parametrize("state", [State.REVIEW, State.ENDORSE])
def test_at_a_body_that_ended_home_affairs_leads_it_on(world, state):
    file = on(w.D2024, world, state)
    with clock.legal_day(w.D2024), refused():
        w.act(file, "reroute", world[HEAD], **NOTE)  # the district still exists
    with clock.legal_day(w.REFORM):
        assert [gap.subject for gap in stuck.report()] == [file]
        for who in ("reviewer@district", "body_head@district", "appraiser@home"):
            with refused():
                w.act(file, "reroute", world[who], **NOTE)
        with refused(ValidationError):
            w.act(file, "reroute", world[HEAD], note="Sai", unit=str(world.units["district"].pk))
        w.act(file, "reroute", world[HEAD], **NOTE)
        assert (file.state, file.holder) == (State.INTAKE, world.units["home"])
        assert stops.legs_of(file) == []  # the ended body reviewed nothing: it is no part of the way
        assert stuck.report() == []
        w.walk(world, file, State.APPRAISE)


def test_or_to_another_body_which_reviews_it(world):
    file = on(w.D2024, world, State.ENDORSE)
    with clock.legal_day(w.REFORM):
        w.act(file, "reroute", world[HEAD], unit=str(world.units["department"].pk), **NOTE)
        assert (file.state, file.holder) == (State.REVIEW, world.units["department"])
        old, new = file.legs.order_by("n")
        assert (old.replaced_by, old.left is None, new.left) == (new, False, None)
        w.walk(world, file, State.INTAKE)


@pytest.mark.parametrize("state", [State.DRAFT, State.SIGN_PROPOSAL, State.SUPPLEMENT])
def test_what_the_unit_was_writing_goes_to_its_recorded_successor(world, succeeded, state):
    with clock.legal_day(w.D2024):
        file = at(world, State.INTAKE if state == State.SUPPLEMENT else state)
        if state == State.SUPPLEMENT:
            w.act(file, "request_supplement", world["intake_officer@home"], **REMARK)
        with refused():
            w.act(file, "hand_over", world[HEAD], **NOTE)
    with clock.legal_day(w.REFORM):
        for payload in (NOTE, NOTE | {"unit": str(world.units["new_commune2"].pk)}):
            with refused(ValidationError):
                w.act(file, "hand_over", world[HEAD], **payload)
        w.act(file, "hand_over", world[HEAD], unit=str(world.units["new_commune"].pk), **NOTE)
        assert file.unit == file.holder == world.units["new_commune"]
        assert file.state == (State.SUPPLEMENT if state == State.SUPPLEMENT else State.DRAFT)
        w.tick(file, world["clerk@new_commune"])
        w.act(file, "propose", world["clerk@new_commune"])
        _event, text = of_stream(file.stream)[-2]
        assert text["unit_before"] == world.units["commune"].name
        first, was = of_stream(file.stream)[0]
        assert (first.unit, was["unit"]) == ("30280", world.units["commune"].name)


def test_without_a_recorded_successor_nobody_carries_on(world):
    file = on(w.D2024, world, State.DRAFT)
    with clock.legal_day(w.REFORM), refused(ValidationError):
        w.act(file, "hand_over", world[HEAD], unit=str(world.units["new_commune"].pk), **NOTE)


def test_the_successor_acts_as_the_unit_did(world, succeeded):
    file = on(w.D2024, world, State.DRAFT)
    with clock.legal_day(w.REFORM):
        w.act(file, "hand_over", world[HEAD], unit=str(world.units["new_commune"].pk), **NOTE)
        for who in ("clerk@commune", "unit_head@commune"):
            with refused():
                w.act(file, "withdraw", world[who], note="Rút")
        w.act(file, "withdraw", world["unit_head@new_commune"], note="Rút")


def test_home_affairs_finds_and_reads_what_lost_its_unit_and_nothing_else(world):
    lost, draft = on(w.D2024, world, State.REVIEW), on(w.D2024, world, State.DRAFT)
    on(w.D2024, world, State.APPRAISE)  # its unit has ended, but it waits where somebody acts
    with clock.legal_day(w.D2026):
        kept = at(world, State.DRAFT, "new_commune")
        head, appraiser = world[HEAD], world["appraiser@home"]
        assert set(Nomination.objects.filter(rules.to_lead_on(head))) == {lost, draft}
        assert [rules.may_read(head, file) for file in (lost, draft, kept)] == [True, True, False]
        assert not any(rules.may_read(appraiser, file) for file in (lost, draft))
        page = pages.enter(head).get(reverse("workflows:my_work"))
        assert {row["reference"] for row in page.context["orphans"]} == {lost.reference, draft.reference}
        assert pages.enter(appraiser).get(reverse("workflows:my_work")).context["orphans"] == []
    with clock.legal_day(w.D2024):
        assert not rules.may_read(world[HEAD], lost)

"""The reform of 1 July 2025: files that lose their unit, previewed, then led on in one step or not at all."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from history import clock
from history.models import Event
from nominations.models import Handling
from nominations.states import State
from permissions.models import UnitSuccessor
from permissions.units import add_successors
from tests import world as w
from tests.footprint import statements
from tests.pages import enter, hidden
from tests.workflows.ways import REMARK, at
from workflows import rerouting, stuck
from workflows.errors import OneRefused

HEAD = "head_of_division@home"
URL = reverse("workflows:reroute_all")


@pytest.fixture
def in_flight(world):
    """Files of 2024 in every state that the reform concerns, and one that it does not."""
    add_successors([UnitSuccessor(old=world.units["commune"], new=world.units["new_commune"], on=w.REFORM)])
    states = (State.DRAFT, State.SIGN_PROPOSAL, State.REVIEW, State.ENDORSE, State.SUPPLEMENT)
    with clock.legal_day(w.D2024):
        at(world, State.APPRAISE, "commune")
        return {state: waiting(world, state) for state in states}


def waiting(world, state):
    if state != State.SUPPLEMENT:
        return at(world, state, "commune")
    return w.act(
        at(world, State.INTAKE, "commune"), "request_supplement", world["intake_officer@home"], **REMARK
    )


def all_of(landings, **changes):
    chosen = {item.file.pk: item.proposed for item in landings} | changes.pop("chosen", {})
    return chosen, {item.file.pk: rerouting.digest_of(item) for item in landings}


def carry_out(world, landings, **changes):
    chosen, seen = all_of(landings, **changes)
    return rerouting.carry_out(landings, chosen, seen, note="Kết thúc cấp huyện", actor=world[HEAD])


def test_it_is_known_beforehand_where_each_will_land(world, in_flight):
    with clock.legal_day(w.REFORM - timedelta(days=30)):
        assert rerouting.plan(world[HEAD], w.REFORM - timedelta(days=30)) == []
        planned = {item.file: item for item in rerouting.plan(world[HEAD], w.REFORM)}
    assert set(planned) == set(in_flight.values())
    new = str(world.units["new_commune"].pk)
    for state, file in in_flight.items():
        expected = rerouting.INTAKE if state in rerouting.REVIEWING else new
        assert planned[file].proposed == expected, state


def test_in_one_step_all_land_where_previewed_and_history_keeps_the_old_names(world, in_flight):
    with clock.legal_day(w.REFORM):
        assert len(stuck.report()) == 5
        done = carry_out(world, rerouting.plan(world[HEAD], w.REFORM))
        assert len(done) == 5 and stuck.report() == []
        for state, file in in_flight.items():
            file.refresh_from_db()
            assert file.holder == world.units["home" if state in rerouting.REVIEWING else "new_commune"]
            event = Event.objects.filter(stream=file.stream).latest("sequence")
            assert event.action in ("reroute", "hand_over") and not event.automatic
            first = Event.objects.get(stream=file.stream, sequence=1)
            assert first.unit == "30280", "what happened at the old unit stays there"
        assert rerouting.plan(world[HEAD], w.REFORM) == []


def test_one_refused_leaves_all_untouched_and_is_named(world, in_flight):
    with clock.legal_day(w.REFORM):
        landings = rerouting.plan(world[HEAD], w.REFORM)
        chosen, seen = all_of(landings)
        w.act(in_flight[State.REVIEW], "reroute", world[HEAD], note="Làm trước")
        handled = Handling.objects.count()
        with pytest.raises(OneRefused) as caught:
            rerouting.carry_out(landings, chosen, seen, note="Tất cả", actor=world[HEAD])
        assert caught.value.process == in_flight[State.REVIEW].process.pk
        assert Handling.objects.count() == handled
        for state, file in in_flight.items():
            file.refresh_from_db()
            assert (file.holder == world.units["home"]) == (state == State.REVIEW)


@pytest.mark.parametrize("who", ["appraiser@home", "body_head@department", "system_administrator@province"])
def test_nobody_else_leads_files_on(world, in_flight, who):
    with clock.legal_day(w.REFORM):
        assert rerouting.plan(world[who], w.REFORM) == []
        landings = rerouting.plan(world[HEAD], w.REFORM)
        chosen, seen = all_of(landings)
        with pytest.raises(OneRefused):
            rerouting.carry_out(landings, chosen, seen, note="x", actor=world[who])
        assert enter(world[who]).get(URL).status_code == 403


def test_what_cannot_be_told_has_to_be_chosen(world, in_flight):
    other = world.units["new_commune2"]
    add_successors([UnitSuccessor(old=world.units["commune"], new=other, on=w.REFORM)])
    with clock.legal_day(w.REFORM):
        landings = rerouting.plan(world[HEAD], w.REFORM)
        unclear = [item for item in landings if not item.proposed]
        assert {item.file.state for item in unclear} == {"draft", "sign_proposal", "supplement"}
        with pytest.raises(ValidationError):
            carry_out(world, landings)
        carry_out(world, landings, chosen={item.file.pk: str(other.pk) for item in unclear})
        in_flight[State.DRAFT].refresh_from_db()
        assert in_flight[State.DRAFT].unit == other


def test_before_the_day_it_cannot_be_carried_out(world, in_flight):
    with clock.legal_day(w.REFORM - timedelta(days=1)):
        landings = rerouting.plan(world[HEAD], w.REFORM)
        with pytest.raises(OneRefused):
            carry_out(world, landings)


def test_on_the_page(world, in_flight):
    with clock.legal_day(w.REFORM):
        client = enter(world[HEAD])
        page = client.get(URL)
        fields = hidden(page.content.decode().split("<main")[1])
        fields |= {f"to-{row['landing'].file.pk}": row["to"] for row in page.context["rows"]}
        assert client.post(URL, fields | {"note": ""}).status_code == 422
        one = page.context["rows"][0]["landing"].file
        kept = client.post(URL, fields | {"note": "Vì cải cách", f"to-{one.pk}": ""})
        assert kept.status_code == 422 and "Vì cải cách" in kept.content.decode()
        assert client.post(URL, fields | {"note": "Vì cải cách"}).status_code == 302
        assert client.get(URL).context["rows"] == []
        assert client.post(URL, fields | {"note": "Lần nữa"}).status_code == 422


def test_the_preview_costs_the_same_for_more_files_of_the_same_units(world, in_flight):
    costs = []
    for _round in range(2):
        with clock.legal_day(w.REFORM):
            rerouting.plan(world[HEAD], w.REFORM)
            with CaptureQueriesContext(connection) as captured:
                rerouting.plan(world[HEAD], w.REFORM)
        costs.append(len(statements(captured)))
        with clock.legal_day(w.D2024):
            for _ in range(4):
                at(world, State.REVIEW, "commune")
    assert costs[0] == costs[1] <= 8, costs

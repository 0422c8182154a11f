"""The list served by an index holds the files that the rule holds, in the same order, for everybody, after every act."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from history import clock
from nominations import newest as listing
from nominations import rules
from nominations.models import Nomination, Quota, Reach, RouteLeg
from nominations.newest import newest
from nominations.states import DecisionState, State
from permissions import grants
from permissions.models import Officer, UnitSuccessor
from permissions.units import add_successors
from tests import world as w
from tests.footprint import statements
from tests.pages import enter


def reach_by_hand():
    """Which unit a file is open to, by the words of the rule."""
    found = set()
    for file in Nomination.objects.select_related("round__programme"):
        found.add((file.pk, file.unit_id, file.since))
        found |= {
            (file.pk, leg.unit_id, file.since)
            for leg in RouteLeg.objects.filter(nomination=file)
            if leg.arrived
        }
        if file.received_at:
            found.add((file.pk, file.round.programme.appraising_unit_id, file.since))
    return found


def compare(world, people=None):
    assert set(Reach.objects.values_list("nomination", "unit", "since")) == reach_by_hand()
    own = set(Reach.objects.filter(own=True).values_list("nomination", "unit"))
    assert own == set(Nomination.objects.values_list("pk", "unit"))
    for officer in people or world.people.values():
        wanted = list(rules.nominations_for(officer).order_by("-since", "-pk").values_list("pk", flat=True))
        held = grants.units_by_right(officer)
        assert newest(officer, held, limit=100) == wanted, officer
        assert newest(officer, held, limit=2, offset=1) == wanted[1:3], officer
        known = Nomination.objects.filter(rules.readable(officer, rights=held))
        assert set(known.values_list("pk", flat=True)) == set(wanted), officer


@pytest.mark.parametrize("few", [0, 300])
def test_for_everybody_in_every_state_and_after_every_way_back(world, in_2024, monkeypatch, few):
    monkeypatch.setattr(listing, "FEW", few)  # both ways of fetching
    Quota.objects.filter(round=world.round).update(count=40)
    for state in (State.DRAFT, State.SIGN_PROPOSAL, State.REVIEW, State.ENDORSE, State.INTAKE, State.CONFIRM):
        w.walk(world, w.complete_draft(world), state)
    w.walk(world, w.complete_draft(world, "base"), State.REVIEW)
    back = w.walk(world, w.complete_draft(world, "school"), State.ENDORSE)
    w.act(back, "return", world["body_head@district"], remarks=[{"text": "Sửa"}], to="review")
    taken = w.walk(world, w.complete_draft(world), State.INTAKE)
    w.act(taken, "recall", world["body_head@district"])
    supplement = w.walk(world, w.complete_draft(world), State.INTAKE)
    w.act(supplement, "request_supplement", world["intake_officer@home"], remarks=[{"text": "Bổ sung"}])
    gone = w.walk(world, w.complete_draft(world, "commune2"), State.REVIEW)
    w.act(gone, "withdraw", world["unit_head@commune2"], note="Rút")
    w.confirmed(world)
    w.confirmed(world, "commune2")
    compare(world)
    decision = w.decision(world, DecisionState.CHECK)
    compare(world)
    w.walk(world, decision, DecisionState.PUBLISHED)
    compare(world)


def test_over_the_end_of_units(world):
    add_successors([UnitSuccessor(old=world.units["commune"], new=world.units["new_commune"], on=w.REFORM)])
    with clock.legal_day(w.D2024):
        draft = w.complete_draft(world)
        review = w.walk(world, w.complete_draft(world), State.REVIEW)
        supplement = w.walk(world, w.complete_draft(world), State.INTAKE)
        w.act(supplement, "request_supplement", world["intake_officer@home"], remarks=[{"text": "Bổ sung"}])
    head = world["head_of_division@home"]
    with clock.legal_day(w.REFORM):
        compare(world)
        new = str(world.units["new_commune"].pk)
        w.act(draft, "hand_over", head, note="Kế thừa", unit=new)
        w.act(supplement, "hand_over", head, note="Kế thừa", unit=new)
        w.act(review, "reroute", head, note="Kết thúc", unit=str(world.units["department"].pk))
        compare(world)


def test_an_auditor_of_a_body_reads_what_is_proposed_below_it_not_what_it_reviews(world, in_2024):
    w.walk(world, w.complete_draft(world), State.REVIEW)
    w.walk(world, w.complete_draft(world, "base"), State.REVIEW)
    people = []
    for place in ("district", "department", "commune", "province"):
        officer = Officer.objects.create_user(f"kiem.{place}", "Kiểm")
        grants.appoint(officer, "auditor", world.units[place], position="x", document="y", valid_from=w.OLD)
        people.append(officer)
    compare(world, people)


def test_with_several_posts_nothing_is_listed_twice(world, in_2024):
    for _ in range(3):
        w.walk(world, w.complete_draft(world), State.APPRAISE)
    officer = world["clerk@commune"]
    for role, place in (("reviewer", "district"), ("appraiser", "home"), ("auditor", "province")):
        grants.appoint(officer, role, world.units[place], position="x", document="y", valid_from=w.OLD)
    compare(world, [officer])


def test_a_post_that_ended_opens_no_list(world, in_2024):
    w.walk(world, w.complete_draft(world), State.REVIEW)
    officer = world["reviewer@district"]
    grants.end_appointment(world.post("reviewer@district"), on=w.D2024)
    assert newest(officer, grants.units_by_right(officer), limit=5) == []
    with clock.legal_day(w.D2024 - timedelta(days=1)):
        assert len(newest(officer, grants.units_by_right(officer), limit=5)) == 1


def test_the_pages_go_on_until_the_last_and_cost_the_same(world, in_2024):
    for _ in range(27):
        w.complete_draft(world)
    client = enter(world["clerk@commune"])
    url = reverse("nominations:list")
    client.get(url)
    costs = []
    for page, count, more in (("1", 25, True), ("2", 2, False), ("x", 25, True)):
        with CaptureQueriesContext(connection) as captured:
            shown = client.get(url, {"page": page}).context["page"]
        costs.append(len(statements(captured)))
        assert (len(shown), shown.has_next) == (count, more)
    assert len(set(costs)) == 1 and costs[0] <= 11, costs

"""Auditors read all in their scope and nothing else, and each of their readings is recorded."""

import pytest
from django.urls import reverse

from history.models import Event
from nominations import rules
from nominations.states import DecisionState, State
from permissions import grants
from permissions.models import Officer
from tests import world as w
from tests.pages import enter, page_of

pytestmark = pytest.mark.usefixtures("in_2024")


def readings(officer):
    return [
        (event.kind, event.data["subject"])
        for event in Event.objects.filter(stream=f"readings:{officer.uid}").order_by("sequence")
    ]


def auditor_at(world, place):
    officer = Officer.objects.create_user(f"auditor.{place}", "Trần Văn Kiểm")
    grants.appoint(
        officer, "auditor", world.units[place], position="Thanh tra viên", document="QĐ 9", valid_from=w.OLD
    )
    return officer


def test_every_opening_of_a_file_and_of_a_decision_is_recorded(world):
    file = w.confirmed(world)
    decision = w.decision(world, DecisionState.CHECK)
    auditor = world["auditor@province"]
    client = enter(auditor)
    for _ in range(2):
        assert client.get(page_of(file)).status_code == 200
    assert client.get(reverse("workflows:explain_nomination", kwargs={"uid": file.uid})).status_code == 200
    assert client.get(reverse("workflows:decision", kwargs={"uid": decision.uid})).status_code == 200
    assert readings(auditor) == [
        *[("nomination.read", file.stream)] * 3,
        ("decision.read", decision.stream),
    ]


def test_who_reads_by_another_post_is_not_recorded_as_an_auditor(world):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    reviewer = world["reviewer@district"]
    assert enter(reviewer).get(page_of(file)).status_code == 200
    assert readings(reviewer) == []


def test_outside_the_scope_nothing_is_open_and_nothing_is_recorded(world):
    inside = w.walk(world, w.complete_draft(world), State.REVIEW)
    outside = w.walk(world, w.complete_draft(world, "commune2"), State.REVIEW)
    auditor = auditor_at(world, "district")
    assert list(rules.nominations_for(auditor)) == [inside]
    client = enter(auditor)
    assert client.get(page_of(inside)).status_code == 200
    assert client.get(page_of(outside)).status_code == 404
    assert [subject for _kind, subject in readings(auditor)] == [inside.stream]


def test_the_readings_are_no_part_of_the_story_of_the_file(world):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    before = Event.objects.filter(stream=file.stream).count()
    enter(world["auditor@province"]).get(page_of(file))
    assert Event.objects.filter(stream=file.stream).count() == before

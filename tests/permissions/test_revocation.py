"""What is taken away is gone at once: between page and click, between assignment and act, at midnight, with the unit."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from history import clock
from history.models import Event
from nominations.models import Handling
from nominations.states import State
from permissions import accounts, grants
from permissions.models import Officer
from tests import world as w
from tests.pages import act_form, enter, page_of

ACT = "workflows:act_nomination"


def click(client, file, action, form):
    return client.post(reverse(ACT, kwargs={"uid": file.uid}), form | {"action": action})


def opened(world, state, who, action):
    """A page on which one may act, loaded; nothing clicked yet."""
    file = w.walk(world, w.complete_draft(world), state)
    client = enter(world[who])
    return file, client, act_form(client.get(page_of(file)), action)


def untouched(file, officer):
    state, revision = file.state, file.revision
    file.refresh_from_db()
    acted = Handling.objects.filter(nomination=file, officer=officer).exists()
    return (file.state, file.revision) == (state, revision) and not acted


def test_a_post_that_ends_between_page_and_click(world, in_2024):
    file, client, form = opened(world, State.REVIEW, "reviewer@district", "forward")
    grants.end_appointment(world.post("reviewer@district"), on=w.D2024)
    assert click(client, file, "forward", form).status_code == 404, "nor may the file be read any more"
    assert untouched(file, world["reviewer@district"])


def test_one_of_two_posts_that_ends_refuses_with_the_reason(world, in_2024):
    officer = world["reviewer@district"]
    grants.appoint(officer, "clerk", world.units["district"], position="x", document="y", valid_from=w.OLD)
    file, client, form = opened(world, State.REVIEW, "reviewer@district", "forward")
    grants.end_appointment(world.post("reviewer@district"), on=w.D2024)
    refused = click(client, file, "forward", form)
    assert refused.status_code == 403 and untouched(file, officer)


def test_a_suspension_between_page_and_click(world, in_2024):
    file, client, form = opened(world, State.REVIEW, "reviewer@district", "forward")
    accounts.suspend(world["reviewer@district"], reason="Đình chỉ", by=world["system_administrator@province"])
    assert click(client, file, "forward", form).status_code == 401
    assert untouched(file, world["reviewer@district"])


def test_between_assignment_and_act_the_file_frees_itself(world, in_2024):
    file = w.walk(world, w.complete_draft(world), State.APPRAISE)
    one, other = world["appraiser@home"], world["appraiser2@home"]
    w.act(file, "claim", one)
    with pytest.raises(PermissionDenied):
        w.act(file, "conclude", other, **w.appraisal(world, file))
    grants.end_appointment(world.post("appraiser@home"), on=w.D2024)
    w.act(file, "conclude", other, **w.appraisal(world, file))
    assert file.state == State.CONFIRM
    assert not Event.objects.filter(stream=file.stream, actor=str(one.uid), action="conclude").exists()


def test_a_unit_dissolved_while_a_file_waits_there(world):
    """The page of a day before the reform, the click of a day after it; the first day after is asked at the door."""
    officer = world["reviewer@district"]
    with clock.legal_day(w.D2024):
        file, _client, form = opened(world, State.REVIEW, "reviewer@district", "forward")
        file.refresh_from_db()
    with clock.legal_day(w.D2026):
        assert click(enter(officer), file, "forward", form).status_code == 404 and untouched(file, officer)
    with clock.legal_day(w.REFORM), pytest.raises(PermissionDenied):
        w.act(file, "forward", officer)
    with clock.legal_day(w.REFORM - timedelta(days=1)):
        w.act(file, "forward", officer)


@pytest.mark.parametrize(("moment", "held"), [("16:59:59", True), ("17:00:00", False)])
def test_a_post_ends_at_midnight_in_viet_nam(world, monkeypatch, moment, held):
    """By the real clock, in UTC: 17:00 is the midnight with which the legal day begins."""
    officer = Officer.objects.create_user("den.het", "Đến Hết")
    day = w.D2024
    grants.appoint(
        officer,
        "reviewer",
        world.units["district"],
        position="x",
        document="y",
        valid_from=w.OLD,
        valid_to=day,
    )
    before = day - timedelta(days=1)
    at = datetime.fromisoformat(f"{before.isoformat()}T{moment}").replace(tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: at)
    assert clock.today() == (before if held else day)
    assert ("review" in grants.rights_at(officer, world.units["district"])) is held

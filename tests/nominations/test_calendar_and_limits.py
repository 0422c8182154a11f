"""The calendar and the time limits in an administrator's hands: what a change moves, who may make one, what is refused."""

import threading
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from history import clock
from history.ledger import of_stream
from nominations import calendar_days, time_limits
from nominations.models import CalendarDay, DeadlinePolicy
from nominations.states import State
from nominations.transitions import timing
from tests import pages
from tests import world as w
from tests.holding import elsewhere
from tests.nominations.ticking import ADMINISTRATOR, DAY, to
from workflows.errors import Busy


@pytest.fixture
def world(in_2024, db):
    world = w.build()
    call_command("load_programme", verbosity=0)
    return world


def test_a_change_of_the_calendar_counts_anew_what_is_due_and_says_so(world):
    file, other = to(DAY, world, State.REVIEW), to(DAY, world, State.INTAKE)
    moved = calendar_days.put(
        day=date(2024, 11, 14),
        kind="holiday",
        name="Nghỉ bão",
        legal_document="CĐ 1",
        by=world[ADMINISTRATOR],
    )
    file.refresh_from_db()
    other.refresh_from_db()
    assert moved == 1
    assert (file.due, other.due) == (date(2024, 11, 18), date(2024, 11, 8))
    event, text = of_stream("calendar")[-1]
    assert event.data["due"] == {file.stream: ["2024-11-15", "2024-11-18"]}
    assert text["legal_document"] == "CĐ 1"
    day = CalendarDay.objects.get(day=date(2024, 11, 14))
    assert calendar_days.take_out(day, legal_document="CĐ 2", by=world[ADMINISTRATOR]) == 1
    file.refresh_from_db()
    assert file.due == date(2024, 11, 15)


@pytest.mark.parametrize(
    ("day", "kind", "document", "field"),
    (
        (date(2024, 11, 14), "working_swap", "CĐ 1", "kind"),
        (date(2024, 11, 16), "holiday", "CĐ 1", "kind"),
        (date(2024, 9, 2), "holiday", "CĐ 1", "day"),
        (date(2024, 11, 14), "holiday", " ", "legal_document"),
    ),
)
def test_a_day_that_does_not_fit_is_refused(world, day, kind, document, field):
    before = CalendarDay.objects.count()
    with pytest.raises(ValidationError) as refused:
        calendar_days.put(day=day, kind=kind, name="x", legal_document=document, by=world[ADMINISTRATOR])
    assert set(refused.value.message_dict) == {field}
    assert CalendarDay.objects.count() == before


def test_a_new_limit_counts_for_what_begins_after_it(world):
    running = to(DAY, world, State.REVIEW)
    says = {
        "step": "review",
        "award": "",
        "unit_kind": "",
        "days": 2,
        "unit": "working",
        "at_expiry": "nothing",
    }
    with clock.legal_day(date(2024, 11, 6)):
        time_limits.lay_down(
            by=world[ADMINISTRATOR], valid_from=date(2024, 11, 6), legal_basis="QĐ 1", **says
        )
    running.refresh_from_db()
    assert (running.due, running.deadline.days) == (date(2024, 11, 15), 8)
    assert to(date(2024, 11, 6), world, State.REVIEW).due == date(2024, 11, 8)
    before = DeadlinePolicy.objects.get(step="review", days=8)
    assert before.valid_to == date(2024, 11, 6)


@pytest.mark.parametrize(
    ("change", "field"),
    (
        ({"valid_from": date(2024, 11, 4)}, "valid_from"),
        ({"days": 0}, "days"),
        ({"legal_basis": " "}, "legal_basis"),
    ),
)
def test_a_limit_that_cannot_stand_is_refused(world, change, field):
    says = {
        "step": "review",
        "award": "",
        "unit_kind": "",
        "days": 2,
        "unit": "working",
        "at_expiry": "nothing",
    }
    says |= {"valid_from": DAY, "legal_basis": "QĐ 1"} | change
    with pytest.raises(ValidationError) as refused:
        time_limits.lay_down(by=world[ADMINISTRATOR], **says)
    assert set(refused.value.message_dict) == {field}
    assert not DeadlinePolicy.objects.filter(days=2, step="review").exists()


def test_only_who_lays_down_rules_changes_calendar_and_limits(world):
    says = {
        "step": "review",
        "award": "",
        "unit_kind": "",
        "days": 2,
        "unit": "working",
        "at_expiry": "nothing",
    }
    for who in ("director@home", "chairman@province", "clerk@commune", "auditor@province"):
        with pytest.raises(PermissionDenied):
            time_limits.lay_down(by=world[who], valid_from=DAY, legal_basis="QĐ 1", **says)
        with pytest.raises(PermissionDenied):
            calendar_days.put(
                day=date(2024, 11, 14), kind="holiday", name="x", legal_document="x", by=world[who]
            )


def test_the_pages_show_to_all_and_let_the_administrator_change(world):
    clerk, administrator = pages.enter(world["clerk@commune"]), pages.enter(world[ADMINISTRATOR])
    address, limits = reverse("nominations:calendar"), reverse("nominations:time_limits")
    for page in (f"{address}?nam=2024", limits):
        assert clerk.get(page).context["form"] is None
        assert administrator.get(page).context["form"] is not None
    day = {"day": "14/11/2024", "kind": "holiday", "name": "Nghỉ bão", "legal_document": "CĐ 1"}
    assert clerk.post(address, day).status_code == 403
    assert not CalendarDay.objects.filter(day=date(2024, 11, 14)).exists()
    assert administrator.post(address, day | {"kind": "working_swap"}).status_code == 422
    assert administrator.post(address, day).status_code == 302
    row = CalendarDay.objects.get(day=date(2024, 11, 14))
    administrator.post(f"{address}?nam=2024", {"out-out": row.pk, "out-legal_document": "CĐ 2"})
    assert not CalendarDay.objects.filter(pk=row.pk).exists()
    limit = {
        "step": "review", "award": "", "unit_kind": "", "days": "2", "unit": "working", "at_expiry": "nothing",
        "valid_from": "06/11/2024", "legal_basis": "QĐ 1",
    }  # fmt: skip
    assert clerk.post(limits, limit).status_code == 403
    assert administrator.post(limits, limit).status_code == 302


def test_a_change_of_the_calendar_and_an_act_do_not_pass_each_other(cloned_db):
    """It waits for acts that count by it; an act that comes meanwhile is refused as busy and begins no wrong clock."""
    with clock.legal_day(DAY):
        world = w.build()
        call_command("load_programme", verbosity=0)
        running = w.walk(world, w.complete_draft(world), State.REVIEW)
        waiting = w.walk(world, w.complete_draft(world), State.SIGN_PROPOSAL)
        storm = {"day": date(2024, 11, 14), "kind": "holiday", "name": "Bão", "legal_document": "CĐ 1"}
        moved = []

        def change():
            with clock.legal_day(DAY):
                moved.append(calendar_days.put(by=world[ADMINISTRATOR], **storm))
            connection.close()

        changing = threading.Thread(target=change)
        with elsewhere(lambda: timing.Clocks(DAY).calendar):
            changing.start()
            changing.join(0.5)
            assert changing.is_alive(), "it waits for the act"
        changing.join(10)
        running.refresh_from_db()
        assert (moved, running.due) == ([1], date(2024, 11, 18))
        with elsewhere(timing.hold_calendar), pytest.raises(Busy):
            w.act(waiting, "submit", world["unit_head@commune"])
        waiting.refresh_from_db()
        assert waiting.state == State.SIGN_PROPOSAL


@pytest.mark.parametrize(
    ("name", "model", "words"),
    [
        ("calendar", CalendarDay, "Năm này chưa quy định ngày nào"),
        ("time_limits", DeadlinePolicy, "Chưa quy định thời hạn nào"),
    ],
)
def test_where_nothing_is_laid_down_the_page_says_so(world, name, model, words):
    client, page = pages.enter(world["clerk@commune"]), reverse(f"nominations:{name}")
    assert (words in client.get(page).content.decode()) is not model.objects.exists()
    model.objects.all().delete()
    assert words in client.get(page).content.decode()

"""The clock of a file: when it begins, when it stands, when it goes on, and what moves what is due."""

from datetime import date, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.urls import reverse

from history import clock
from history.ledger import of_stream
from nominations import calendar_days, deadlines, time_limits
from nominations.models import CalendarDay, DeadlinePolicy, Nomination
from nominations.states import DecisionState, State
from nominations.transitions import timing
from tests import pages
from tests import world as w

DAY = date(2024, 11, 5)  # a Tuesday
REMARKS = {"remarks": [{"text": "Bổ sung"}]}
OPINION = {"body": "Công an tỉnh", "question": "Có vi phạm không?", "answer_by": "2024-11-19"}
ANSWER = {"answer": "agrees", "letter_number": "1/CAT", "letter_date": "2024-11-06"}
ADMINISTRATOR = "programme_administrator@home"


@pytest.fixture
def world(in_2024, db):
    world = w.build()
    call_command("load_programme", verbosity=0)
    return world


def on(day, file, action, who, **payload):
    with clock.legal_day(day):
        w.act(file, action, who, **payload)
    file.refresh_from_db()


def to(day, world, state, file=None):
    with clock.legal_day(day):
        file = w.walk(world, file or w.complete_draft(world), state)
    file.refresh_from_db()
    return file


def test_the_clock_begins_where_the_file_arrives_and_not_with_its_unit(world):
    file = to(DAY, world, State.SIGN_PROPOSAL)
    assert (file.due, file.deadline) == (None, None)
    file = to(DAY, world, State.REVIEW, file)
    assert file.deadline.days == 8
    assert file.due == date(2024, 11, 15)  # 8 working days after Tuesday the 5th
    event, _text = of_stream(file.stream)[-1]
    assert event.data["due"] == "2024-11-15"


def test_every_step_has_a_clock_of_its_own(world):
    file = to(DAY, world, State.REVIEW)
    file = to(date(2024, 11, 14), world, State.ENDORSE, file)
    assert file.due == date(2024, 11, 18)


def test_a_supplement_stops_the_clock_and_it_goes_on_with_what_is_left(world):
    file = to(DAY, world, State.INTAKE)
    assert file.due == date(2024, 11, 8)
    on(date(2024, 11, 7), file, "request_supplement", world["intake_officer@home"], **REMARKS)
    assert (file.due, file.clock_from, file.spent) == (None, None, 1)  # the 6th
    with clock.legal_day(date(2024, 11, 20)):
        found = deadlines.of(file, today=clock.today())
        assert found.stands and found.left == 2
        for remark in file.remarks.all():
            remark.status = "done"
            remark.answer = "Đã bổ sung"
            remark.save()
        w.walk(world, file, State.INTAKE)
    file.refresh_from_db()
    assert (file.due, file.spent) == (date(2024, 11, 22), 1)


def test_a_request_for_supplement_taken_back_gives_nobody_more_time(world):
    file = to(DAY, world, State.INTAKE)
    on(date(2024, 11, 7), file, "request_supplement", world["intake_officer@home"], **REMARKS)
    on(date(2024, 11, 7), file, "recall", world["intake_officer@home"])
    assert (file.due, file.spent, file.clock_from) == (date(2024, 11, 8), 0, DAY)


def test_forwarding_and_taking_back_gives_nobody_more_time(world):
    file = to(DAY, world, State.REVIEW)
    file = to(date(2024, 11, 14), world, State.ENDORSE, file)
    on(date(2024, 11, 14), file, "recall", world["reviewer@district"])
    assert (file.state, file.due, file.clock_from) == (State.REVIEW, date(2024, 11, 15), DAY)


def test_a_returned_file_has_no_clock_and_its_next_version_a_new_one(world):
    file = to(DAY, world, State.REVIEW)
    on(date(2024, 11, 14), file, "return", world["reviewer@district"], **REMARKS)
    assert (file.due, file.deadline, file.spent) == (None, None, 0)
    file.remarks.update(status="done", answer="Đã sửa")
    file = to(date(2024, 11, 20), world, State.REVIEW, file)
    assert file.due == date(2024, 12, 2)


def test_the_clock_stands_until_the_last_opinion_is_in(world):
    file = to(DAY, world, State.APPRAISE)
    assert file.due == date(2024, 11, 26)
    appraiser = world["appraiser@home"]
    on(date(2024, 11, 7), file, "ask_opinion", appraiser, **OPINION)
    on(date(2024, 11, 8), file, "ask_opinion", appraiser, **OPINION | {"body": "Thuế tỉnh"})
    assert (file.due, file.spent) == (None, 1)
    first, second = file.opinions.order_by("pk")
    on(date(2024, 11, 11), file, "record_opinion", appraiser, opinion=str(first.uid), **ANSWER)
    assert file.due is None
    on(date(2024, 11, 12), file, "record_opinion", appraiser, opinion=str(second.uid), **ANSWER)
    assert file.due == date(2024, 12, 2)  # 14 working days after the 12th


def test_a_decision_has_its_clock_too(world):
    with clock.legal_day(DAY):
        w.confirmed(world)
        decision = w.decision(world, DecisionState.SIGN)
    decision.refresh_from_db()
    assert decision.due == date(2024, 11, 8)
    with clock.legal_day(DAY):
        w.walk(world, decision, DecisionState.PUBLISHED)
    decision.refresh_from_db()
    assert (decision.due, decision.deadline, decision.clock_from) == (None, None, None)


def test_the_limit_that_says_most_exactly_counts(world):
    common = {"unit": "working", "at_expiry": "nothing", "valid_from": date(2023, 1, 1), "legal_basis": "x"}
    DeadlinePolicy.objects.create(step="review", unit_kind="commune", days=5, **common)
    DeadlinePolicy.objects.create(step="review", unit_kind="department", days=1, **common)
    assert to(DAY, world, State.REVIEW).deadline.days == 5
    DeadlinePolicy.objects.create(
        step="review", unit_kind="commune", award="diploma_of_merit", days=4, **common
    )
    assert to(DAY, world, State.REVIEW).deadline.days == 4


@pytest.mark.parametrize(
    ("hour", "minute", "counts"), ((16, 59, DAY), (17, 0, date(2024, 11, 6)), (17, 1, date(2024, 11, 6)))
)
def test_what_comes_after_offices_closed_came_on_the_next_day(hour, minute, counts):
    at = datetime(2024, 11, 5, hour, minute, tzinfo=clock.VIETNAM)
    with clock.legal_day(None):
        assert timing.counts_from(at) == counts


def test_a_clock_that_jumps_a_day_back_or_forward_changes_nothing_that_is_due(world):
    file = to(DAY, world, State.REVIEW)
    for day, used in ((date(2024, 11, 4), 0), (DAY, 0), (date(2024, 11, 6), 0), (date(2024, 11, 7), 1)):
        found = deadlines.of(file, today=day)
        assert (found.due, found.used) == (date(2024, 11, 15), used)
    assert deadlines.of(file, today=date(2024, 11, 18)).over == 0
    assert deadlines.of(file, today=date(2024, 11, 20)).over == 2


def test_late_begins_when_the_due_day_is_over(world):
    file = to(DAY, world, State.REVIEW)
    for day, late in ((date(2024, 11, 15), False), (date(2024, 11, 16), True)):
        with clock.legal_day(day):
            found = Nomination.objects.filter(deadlines.late(clock.now()), pk=file.pk)
            assert found.exists() is late


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


def test_a_file_says_when_it_is_due_whose_clock_runs_and_why_it_stands(world):
    file = to(DAY, world, State.APPRAISE)
    client, address = (
        pages.enter(world["appraiser@home"]),
        reverse("workflows:nomination", kwargs={"uid": file.uid}),
    )
    text = client.get(address).content.decode()
    assert "17 giờ ngày 26/11/2024" in text and "còn 15 ngày" in text and "Sở Nội vụ" in text
    on(DAY, file, "ask_opinion", world["appraiser@home"], **OPINION)
    text = client.get(address).content.decode()
    assert "Đồng hồ tạm dừng" in text and "đang chờ ý kiến của cơ quan khác" in text

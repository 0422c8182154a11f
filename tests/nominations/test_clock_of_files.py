"""The clock of a file: when it begins, when it stands, when it goes on, and what moves what is due."""

from datetime import date, datetime

import pytest
from django.core.management import call_command
from django.urls import reverse

from history import clock
from history.ledger import of_stream
from nominations import deadlines
from nominations.models import DeadlinePolicy, Nomination
from nominations.states import DecisionState, State
from nominations.transitions import timing
from tests import pages
from tests import world as w
from tests.nominations.ticking import DAY, on, to

REMARKS = {"remarks": [{"text": "Bổ sung"}]}
OPINION = {"body": "Công an tỉnh", "question": "Có vi phạm không?", "answer_by": "2024-11-19"}
ANSWER = {"answer": "agrees", "letter_number": "1/CAT", "letter_date": "2024-11-06"}


@pytest.fixture
def world(in_2024, db):
    world = w.build()
    call_command("load_programme", verbosity=0)
    return world


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
    assert (file.due, file.clock_from, file.spent) == (None, None, 2)  # the 6th and the 7th
    with clock.legal_day(date(2024, 11, 20)):
        found = deadlines.of(file)
        assert found.stands and found.left == 1
        for remark in file.remarks.all():
            remark.status = "done"
            remark.answer = "Đã bổ sung"
            remark.save()
        w.walk(world, file, State.INTAKE)
    file.refresh_from_db()
    assert (file.due, file.spent) == (date(2024, 11, 21), 2)


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
    assert (file.due, file.spent) == (None, 2)
    first, second = file.opinions.order_by("pk")
    on(date(2024, 11, 11), file, "record_opinion", appraiser, opinion=str(first.uid), **ANSWER)
    assert file.due is None
    on(date(2024, 11, 12), file, "record_opinion", appraiser, opinion=str(second.uid), **ANSWER)
    assert file.due == date(2024, 11, 29)  # 13 working days after the 12th


def test_asking_and_recording_each_day_stops_no_clock(world):
    file, appraiser = to(DAY, world, State.APPRAISE), world["appraiser@home"]
    for day in (date(2024, 11, 6), date(2024, 11, 7), date(2024, 11, 8)):
        on(day, file, "ask_opinion", appraiser, **OPINION)
        answer = ANSWER | {"letter_date": day.isoformat()}
        on(day, file, "record_opinion", appraiser, opinion=str(file.opinions.latest("pk").uid), **answer)
    assert (file.spent, file.due) == (3, date(2024, 11, 26))


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


def test_what_comes_on_a_day_off_came_on_the_next_working_day(world):
    saturday = to(date(2024, 11, 9), world, State.REVIEW)
    monday = to(date(2024, 11, 11), world, State.REVIEW)
    assert saturday.clock_from == monday.clock_from == date(2024, 11, 11)
    assert saturday.due == monday.due == date(2024, 11, 21)


def test_a_clock_that_jumps_a_day_back_or_forward_changes_nothing_that_is_due(world):
    file = to(DAY, world, State.REVIEW)
    for day, used, left in (
        (date(2024, 11, 4), 0, 8),
        (DAY, 0, 8),
        (date(2024, 11, 6), 0, 8),
        (date(2024, 11, 7), 1, 7),
        (date(2024, 11, 6), 0, 8),
    ):
        with clock.legal_day(day):
            found = deadlines.of(file)
        assert (found.due, found.used, found.left, found.late) == (date(2024, 11, 15), used, left, False)


@pytest.mark.parametrize(
    ("day", "left", "over", "late"),
    (
        (date(2024, 11, 15), 1, 0, False),
        (date(2024, 11, 16), 0, 0, True),  # a Saturday: overdue, by no working day yet
        (date(2024, 11, 18), 0, 0, True),
        (date(2024, 11, 19), 0, 1, True),
        (date(2024, 11, 21), 0, 3, True),
    ),
)
def test_page_and_lists_say_the_same_of_what_is_over(world, day, left, over, late):
    file = to(DAY, world, State.REVIEW)
    with clock.legal_day(day):
        found = deadlines.of(file)
        listed = Nomination.objects.filter(deadlines.late(clock.now()), pk=file.pk).exists()
    assert (found.left, found.over, found.late) == (left, over, late)
    assert listed is late


@pytest.mark.parametrize(("hour", "late", "left"), ((16, False, 1), (17, True, 0)))
def test_the_due_day_is_over_at_five(world, hour, late, left):
    file = to(DAY, world, State.REVIEW)
    at = datetime(2024, 11, 15, hour, 5, tzinfo=clock.VIETNAM)
    with clock.legal_day(None):
        found = deadlines.of(file, at=at)
    assert (found.late, found.left) == (late, left)


def test_a_limit_used_up_before_a_supplement_is_due_on_the_day_of_its_return(world):
    file = to(DAY, world, State.INTAKE)
    on(date(2024, 11, 20), file, "request_supplement", world["intake_officer@home"], **REMARKS)
    assert file.spent == 11
    file.remarks.update(status="done", answer="Đã bổ sung")
    file = to(date(2024, 11, 25), world, State.INTAKE, file)
    with clock.legal_day(date(2024, 11, 25)):
        found = deadlines.of(file)
    assert (found.due, found.late, found.left, found.over) == (date(2024, 11, 25), False, 1, 0)


def test_late_begins_when_the_due_day_is_over(world):
    file = to(DAY, world, State.REVIEW)
    for day, late in ((date(2024, 11, 15), False), (date(2024, 11, 16), True)):
        with clock.legal_day(day):
            found = Nomination.objects.filter(deadlines.late(clock.now()), pk=file.pk)
            assert found.exists() is late


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

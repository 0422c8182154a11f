"""Working days against a table counted day by day from a typed list of the days off; neither knows the product's code."""

import csv
from bisect import bisect_right
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest

from nominations.models import CalendarDay
from nominations.working_days import Calendar, of_rows

HERE = Path(__file__).parent / "data" / "working_days.csv"
TYPED = Path(__file__).parent / "data" / "days_off.csv"
SEED = Path(__file__).parents[2] / "nominations" / "data" / "calendar.csv"


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def seed():
    return of_rows((date.fromisoformat(row["day"]), row["kind"]) for row in rows(SEED))


@pytest.fixture(scope="module")
def working():
    """Every working day of 2022-12 to 2028-01 in order, from the typed list alone: what the cases are counted by."""
    off, worked = set(), set()
    for row in rows(TYPED):
        first, last = date.fromisoformat(row["first"]), date.fromisoformat(row["last"])
        days = {first + timedelta(n) for n in range((last - first).days + 1)}
        (worked if row["works"] == "yes" else off).update(days)
    every = [date(2022, 12, 1) + timedelta(n) for n in range(427 + 4 * 365)]
    return [day for day in every if day in worked or (day.isoweekday() <= 5 and day not in off)]


def test_the_cases_are_those_of_the_typed_list(working):
    """Counted here in another way than by the product: as places in the list of all working days."""
    for case in rows(HERE):
        due = working[bisect_right(working, date.fromisoformat(case["arrived"])) + int(case["days"]) - 1]
        assert due.isoformat() == case["due"], case


def test_the_seed_has_the_days_that_were_typed_from_what_was_announced(seed, working):
    first, last = date(2023, 1, 1), date(2027, 12, 31)
    every = [first + timedelta(n) for n in range((last - first).days + 1)]
    assert {day for day in every if seed.is_working(day)} == {day for day in working if first <= day <= last}


def test_every_holiday_and_swap_of_the_list_is_met_by_a_case(working):
    """A limit that ends before each, one that ends after it, and one that runs over it."""
    cases = [(date.fromisoformat(case["arrived"]), date.fromisoformat(case["due"])) for case in rows(HERE)]
    for row in rows(TYPED):
        first, last = date.fromisoformat(row["first"]), date.fromisoformat(row["last"])
        if row["works"] == "yes" or (last - first).days > 1:
            assert any(arrived < first and due > last for arrived, due in cases), row
        if row["works"] == "yes":
            assert any(due == first for _arrived, due in cases), row


def test_every_case_of_the_table(seed):
    cases = rows(HERE)
    wrong = [
        case
        for case in cases
        if seed.add(date.fromisoformat(case["arrived"]), int(case["days"])).isoformat() != case["due"]
    ]
    assert wrong == []
    assert len(cases) >= 500
    years = {case["due"][:4] for case in cases}
    assert years == {"2023", "2024", "2025", "2026", "2027"}


# Reckoned by hand: the weeks around Tết, 30 April, 2 September, and each swap.
BY_HAND = (
    ("2023-01-19", 1, "2023-01-27"), ("2023-04-28", 1, "2023-05-04"), ("2023-08-31", 2, "2023-09-06"),
    ("2024-02-07", 1, "2024-02-15"), ("2024-04-17", 1, "2024-04-19"), ("2024-04-26", 1, "2024-05-02"),
    ("2024-05-03", 1, "2024-05-04"), ("2024-05-03", 2, "2024-05-06"), ("2024-08-30", 1, "2024-09-04"),
    ("2025-01-24", 1, "2025-02-03"), ("2025-04-04", 1, "2025-04-08"), ("2025-04-25", 1, "2025-04-26"),
    ("2025-04-29", 1, "2025-05-05"), ("2025-08-29", 1, "2025-09-03"), ("2025-12-31", 1, "2026-01-05"),
    ("2026-01-09", 1, "2026-01-10"), ("2026-02-13", 1, "2026-02-23"), ("2026-04-24", 1, "2026-04-28"),
    ("2026-08-21", 1, "2026-08-22"), ("2026-08-28", 1, "2026-09-03"), ("2026-11-23", 1, "2026-11-25"),
    ("2027-02-03", 1, "2027-02-11"), ("2027-04-29", 1, "2027-05-04"), ("2027-09-01", 1, "2027-09-06"),
)  # fmt: skip


@pytest.mark.parametrize(("arrived", "days", "due"), BY_HAND)
def test_what_was_reckoned_by_hand(seed, arrived, days, due):
    assert seed.add(date.fromisoformat(arrived), days).isoformat() == due


def test_the_seed_differs_from_the_library_where_the_government_decided_later(seed):
    """Công văn 12729/VPCP-KGVX of 25/12/2025 is not in the library; the table has it and wins."""
    library = holidays.VN(years=range(2020, 2031))
    first, days = date(2020, 1, 1), (date(2030, 12, 31) - date(2020, 1, 1)).days + 1
    differ = {
        day
        for day in (first + timedelta(n) for n in range(days))
        if library.is_working_day(day) != seed.is_working(day)
    }
    assert differ == {date(2026, 1, 2), date(2026, 1, 10)}


def test_counting_back_is_the_counterpart_of_adding(seed):
    """What is due in n days has n - 1 counted days before the due day."""
    for case in rows(HERE):
        arrived, due = date.fromisoformat(case["arrived"]), date.fromisoformat(case["due"])
        assert seed.between(arrived, due) == int(case["days"]) - 1
        assert seed.between(due, arrived) == 0


@pytest.mark.parametrize(
    ("start", "days", "due"),
    (
        (date(2024, 11, 5), 10, date(2024, 11, 15)),
        (date(2024, 11, 5), 11, date(2024, 11, 18)),  # a Saturday: the next working day
        (date(2024, 4, 20), 9, date(2024, 5, 2)),  # 29/04, a day off
    ),
)
def test_calendar_days_end_on_a_day_on_which_offices_work(seed, start, days, due):
    assert seed.add(start, days, working=False) == due


def test_a_limit_that_is_used_up_ends_at_once_or_when_offices_open(seed):
    assert seed.add(date(2024, 11, 5), 0) == date(2024, 11, 5)
    assert seed.add(date(2024, 11, 9), 0) == date(2024, 11, 11)


def test_an_empty_calendar_knows_weekends():
    assert Calendar().add(date(2024, 11, 8), 1) == date(2024, 11, 11)
    assert {kind for kind, _label in CalendarDay.Kind.choices} >= {row["kind"] for row in rows(SEED)}

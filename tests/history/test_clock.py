"""Legal time has one source: the day in Việt Nam, which only the demo and tests may choose."""

from datetime import UTC, date, datetime
from unittest import mock

import pytest

from history import clock


@pytest.mark.parametrize(
    ("utc", "day"),
    [
        (datetime(2024, 12, 31, 16, 59, tzinfo=UTC), date(2024, 12, 31)),
        (datetime(2024, 12, 31, 17, 0, tzinfo=UTC), date(2025, 1, 1)),  # midnight in Việt Nam
    ],
)
def test_the_day_begins_at_midnight_in_viet_nam(utc, day):
    with mock.patch("django.utils.timezone.now", return_value=utc):
        assert clock.today() == day


@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2025, 1, 1)])
def test_a_day_begins_at_its_midnight_and_a_moment_is_told_by_that_clock(day):
    begins = clock.midnight(day)
    assert begins.astimezone(UTC).hour == 17
    assert clock.moment(begins.astimezone(UTC)) == f"{day:%d/%m/%Y} 00:00"
    assert clock.local(begins).date() == day


def test_a_chosen_day_ends_with_its_block():
    real = clock.today()
    with clock.legal_day(date(2024, 11, 5)):
        assert clock.today() == date(2024, 11, 5)
        with clock.legal_day(None):
            assert clock.today() == real
        assert clock.today() == date(2024, 11, 5)
    assert clock.today() == real


def test_a_configured_day_holds_for_the_whole_process(settings):
    settings.LEGAL_TODAY = date(2026, 11, 24)
    assert clock.today() == date(2026, 11, 24)
    with clock.legal_day(date(2024, 11, 5)):
        assert clock.today() == date(2024, 11, 5)


def test_in_production_nobody_chooses_the_day(settings):
    settings.LEGAL_DAY_MAY_BE_SET = False
    with pytest.raises(RuntimeError), clock.legal_day(date(2024, 11, 5)):
        pass


@pytest.mark.django_db
def test_now_is_the_database_clock_and_moves_within_a_transaction():
    first = clock.now()
    assert first.tzinfo is not None
    assert clock.now() > first

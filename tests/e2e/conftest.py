"""The site as a newcomer finds it: real units, the programme, the demo's people; no files yet."""

import pytest
from django.core.management import call_command

from demo import people
from history import clock
from tests import world as w
from tests.e2e import country
from tests.e2e.person import Person


@pytest.fixture
def site(live_url) -> str:
    call_command("load_units", verbosity=0)
    call_command("load_programme", verbosity=0)
    people.load()
    return live_url


@pytest.fixture
def in_2024(page, site) -> Person:
    return Person(page, site, "2024-11-05")


@pytest.fixture
def in_2026(page, site) -> Person:
    return Person(page, site, "2026-11-24")


@pytest.fixture
def then(site):
    """The world of 2024 for the steps that are not clicked; the test walks its legal day."""
    with clock.legal_day(w.D2024):
        yield country.build()


@pytest.fixture
def now(site):
    """The world of 2026, likewise."""
    with clock.legal_day(w.D2026):
        yield country.build()

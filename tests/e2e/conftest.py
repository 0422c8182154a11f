"""The site as a newcomer finds it: real units, the programme, the demo's people; no files yet."""

import pytest
from django.core.management import call_command

from demo import people
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

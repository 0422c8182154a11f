"""The fixtures of the tests of the core: the small world, and the two legal days it is walked on."""

from collections.abc import Iterator

import pytest

from history import clock
from tests import world as w


@pytest.fixture
def world(db) -> w.World:
    return w.build()


@pytest.fixture
def in_2024() -> Iterator[None]:
    with clock.legal_day(w.D2024):
        yield


@pytest.fixture
def in_2026() -> Iterator[None]:
    with clock.legal_day(w.D2026):
        yield

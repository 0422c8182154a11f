"""The world of the races: real transactions on a cloned database."""

import pytest

from tests import world as w
from tests.fixtures import in_2024

__all__ = ["in_2024"]


@pytest.fixture
def world(cloned_db) -> w.World:
    return w.build()

"""The fixtures of the core."""

import pytest

from nominations.models import Nomination
from tests import pages
from tests import world as w
from tests.fixtures import in_2024, in_2026, world

__all__ = ["in_2024", "in_2026", "world"]


@pytest.fixture
def nomination(world: w.World) -> Nomination:
    """A complete draft with two nominees."""
    return w.complete_draft(world, "commune", 2)


@pytest.fixture
def clerk(world: w.World):
    """The clerk whose draft it is, at the browser."""
    return pages.enter(world["clerk@commune"])

"""Short ways for the tests of the ways back: to a state, by a remark, and that a refusal leaves nothing."""

from contextlib import contextmanager

import pytest
from django.core.exceptions import PermissionDenied

from nominations.states import State
from tests import world as w
from tests.footprint import footprint
from workflows import opening

REMARK = {"remarks": [{"text": "Bổ sung"}]}


def at(world, state: State, unit: str = "commune", nominees=1):
    """A file of `unit` that waits in `state`."""
    return w.walk(world, w.complete_draft(world, unit, nominees), state)


def opened(file, officer):
    """Let `officer` open the page of a file."""
    file.refresh_from_db()
    assert opening.mark(file, officer)
    file.refresh_from_db()
    return file


@contextmanager
def refused(why=PermissionDenied):
    """The block raises `why` and leaves no trace in the database."""
    before = footprint()
    with pytest.raises(why):
        yield
    assert footprint() == before

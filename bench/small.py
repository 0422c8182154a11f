"""A file at its first review: the small world of the tests, for a benchmark of one act."""

import time
from typing import Any

from nominations.content import seen_digest
from nominations.models import Nomination
from nominations.states import State
from permissions.models import Officer
from tests import world as w
from workflows import engine


def at_review() -> tuple[Nomination, Officer]:
    """Return a file and who examines it."""
    file, world = at_review_in()
    return file, world.walker(file)


def at_review_in() -> tuple[Nomination, w.World]:
    """Return a file at its first review, and its world."""
    world = w.build()
    return w.walk(world, w.complete_draft(world, nominees=6), State.REVIEW), world


def timed(file: Nomination, action: str, officer: Officer, **payload: Any) -> float:
    """Do an act on the file as it stands; return how long it took in milliseconds."""
    file.refresh_from_db()
    task, seen = engine.task_of(file), seen_digest(file)
    begun = time.perf_counter()
    engine.act(task, action, actor=officer, payload=payload, seen=seen)
    return (time.perf_counter() - begun) * 1000

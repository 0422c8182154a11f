"""A file at its first review: the small world of the tests, for a benchmark of one act."""

import time

from nominations.content import seen_digest
from nominations.models import Nomination
from nominations.states import State
from permissions.models import Officer
from tests import world as w
from workflows import engine


def at_review() -> tuple[Nomination, Officer]:
    """Return a file and who examines it."""
    world = w.build()
    file = w.walk(world, w.complete_draft(world, nominees=6), State.REVIEW)
    return file, world.walker(file)


def timed(file: Nomination, action: str, officer: Officer) -> float:
    """Do an act on the file as it stands; return how long it took in milliseconds."""
    file.refresh_from_db()
    task, seen = engine.task_of(file), seen_digest(file)
    begun = time.perf_counter()
    engine.act(task, action, actor=officer, payload={}, seen=seen)
    return (time.perf_counter() - begun) * 1000

"""A post that ends at the moment of an act: whoever comes first, history tells one order, and nothing is half done."""

from functools import partial

from django.core.exceptions import PermissionDenied

from history.models import Event
from nominations.content import seen_digest
from nominations.models import Handling
from nominations.states import State
from permissions import grants
from tests import world as w
from tests.races.contest import contest
from workflows import engine


def test_an_end_and_an_act_at_once_leave_one_order(world, in_2024):
    """The act is done whole, as before the end, or refused; never done by somebody whose post had ended before it began."""
    done = 0
    for number in range(10):
        file = w.walk(world, w.complete_draft(world), State.REVIEW)
        officer = world["reviewer@district" if number % 2 else "reviewer2@district"]
        act = partial(
            engine.act, engine.task_of(file), "forward", actor=officer, payload={}, seen=seen_digest(file)
        )
        end = partial(_end, officer)
        answers = [result.answer for result in contest(w.D2024, [act, end])]
        refused = any(isinstance(answer, PermissionDenied) for answer in answers)
        file.refresh_from_db()
        handled = Handling.objects.filter(nomination=file, officer=officer, action="forward").count()
        told = Event.objects.filter(stream=file.stream, actor=str(officer.uid), action="forward").count()
        assert (file.state, handled, told) == ((State.REVIEW, 0, 0) if refused else (State.ENDORSE, 1, 1))
        done += not refused
        _appoint(world, officer, number)
    assert 0 <= done <= 10


def _end(officer):
    for post in list(grants.posts_of(officer)):
        grants.end_appointment(post, on=w.D2024)


def _appoint(world, officer, number):
    grants.appoint(
        officer, "reviewer", world.units["district"], position=f"x{number}", document="y", valid_from=w.D2024
    )

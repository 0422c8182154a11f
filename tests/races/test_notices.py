"""Two watchers at once tell each person once; two sweeps at once offer each message once."""

from datetime import date, timedelta
from functools import partial

from django.core.management import call_command

from history import clock
from nominations.states import State
from tests import world as w
from tests.races.contest import contest
from workflows import outbox, watching
from workflows.models import OutboxMessage, Reminder

HALF = date(2024, 11, 12)


def test_two_watchers_at_once_tell_of_each_file_once(world, in_2024):
    call_command("load_programme", verbosity=0)
    for _ in range(6):
        w.walk(world, w.complete_draft(world), State.REVIEW)
    results = contest(HALF, [watching.watch] * 4)
    assert sum(result.answer for result in results) == 6
    assert Reminder.objects.count() == OutboxMessage.objects.filter(kind="due_half").count() == 6


def test_two_sweeps_at_once_offer_each_message_once(world, in_2024):
    keys = [OutboxMessage.objects.create(kind="none", payload={}).pk for _ in range(20)]
    OutboxMessage.objects.update(next_look=clock.now() - timedelta(minutes=1))
    results = contest(w.D2024, [partial(outbox.to_offer, 10)] * 4)
    offered = [key for result in results for key in result.answer]
    assert len(offered) == len(set(offered)) and set(offered) <= set(keys)
    assert offered, "somebody offers"

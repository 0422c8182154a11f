"""Two clocks of regular work are harmless: one speaks, and the other when the first is gone."""

import json
import os
import signal

from django.db import connection

from tests import processes
from workflows.models import Pulse

BEAT = ("beat", "--scheduler", "config.beat:OneBeat", "--pidfile=", "--loglevel", "WARNING")


def holder() -> int | None:
    """The server's process that holds the lock for whoever speaks."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        rows = cursor.fetchall()
    assert len(rows) <= 1
    return rows[0][0] if rows else None


def sent(folder) -> list[str]:
    found = []
    for path in (folder / "broker").iterdir():
        found.append(json.loads(path.read_text())["headers"]["task"])
    return found


def test_one_of_two_speaks_and_the_other_takes_over(cloned_db, tmp_path):
    env = processes.environment(cloned_db, tmp_path)
    with processes.celery(*BEAT, env=env) as first:
        assert processes.eventually(holder)
        speaks = holder()
        with processes.celery(*BEAT, env=env):
            assert processes.eventually(lambda: len(sent(tmp_path)) >= 9)
            assert not processes.eventually(lambda: holder() != speaks, 5), "the second one waits"
            tasks = sent(tmp_path)
            assert tasks.count("workflows.tasks.mail_checkpoint") == 1, "each is sent by one of them"
            before = Pulse.objects.get(name="beat").at
            os.kill(first.pid, signal.SIGKILL)
            assert processes.eventually(lambda: holder() not in (None, speaks), 15)
            assert processes.eventually(lambda: Pulse.objects.get(name="beat").at > before, 15)


def test_a_clock_whose_session_ends_stops_until_it_has_the_lock_again(cloned_db, tmp_path):
    with processes.celery(*BEAT, env=processes.environment(cloned_db, tmp_path)) as beat:
        assert processes.eventually(holder)
        session = holder()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [session])
        assert processes.eventually(lambda: holder() not in (None, session), 15)
        assert beat.poll() is None

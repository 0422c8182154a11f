"""A broker that stops costs an act two seconds and loses nothing: what could not be told is delivered once it is back."""

import os
import signal
import time
from contextlib import contextmanager
from datetime import timedelta

import psutil
import pytest
from django.conf import settings
from django.db.models import F

from nominations.states import State
from tests import processes
from tests import world as w
from tests.workflows.test_delivery import _use
from workflows import tasks
from workflows.models import Notice, OutboxMessage

LONGEST = 5  # seconds of an act while the broker says nothing; two are waited for, the rest is the machine's


@pytest.fixture
def redis(cloned_db, tmp_path):
    """A Redis that this process and a worker speak to with the product's own options; yields it and the environment."""
    from config.celery import app

    old = {key: app.conf[key] for key in ("broker_url", "broker_transport_options")}
    with processes.redis_server(tmp_path) as url:
        env = processes.environment(cloned_db, tmp_path, url)
        _use(app, {"broker_url": url, "broker_transport_options": options(url)})
        [server] = [child for child in psutil.Process().children() if "redis" in child.name()]
        yield server, env
    _use(app, old)


def options(url):
    """What the settings say for a broker that is no folder."""
    found = processes.settings_with(CELERY_BROKER_URL=url)["CELERY_BROKER_TRANSPORT_OPTIONS"]
    assert found["visibility_timeout"] > 0 and settings.CELERY_TASK_PUBLISH_RETRY is False
    return found


@contextmanager
def silent(server):
    """The server takes connections and says nothing."""
    server.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        server.send_signal(signal.SIGCONT)


def returned(world):
    """Return a file; how many seconds the act took."""
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    begun = time.monotonic()
    w.act(file, "return", world["reviewer@district"], remarks=[{"nominee": "", "text": "Bổ sung"}])
    return time.monotonic() - begun


def test_an_act_does_not_wait_for_a_broker_that_says_nothing(redis, in_2024):
    server, env = redis
    world = w.build()
    with processes.celery("worker", *processes.FLAGS, env=env):
        returned(world)
        assert processes.eventually(lambda: not OutboxMessage.objects.filter(delivered=None).exists())
        with silent(server):
            assert returned(world) < LONGEST
            waiting = OutboxMessage.objects.get(delivered=None)
        # the same worker, once the broker speaks again; the sweep offers what nobody could be told of
        OutboxMessage.objects.filter(pk=waiting.pk).update(next_look=F("next_look") - timedelta(minutes=1))
        assert processes.eventually(lambda: tasks.sweep() and _is_delivered(waiting))
    assert Notice.objects.filter(message=waiting).count() == 4


def test_an_act_does_not_wait_for_a_broker_that_is_gone(redis, in_2024):
    server, _env = redis
    world = w.build()
    returned(world)
    os.kill(server.pid, signal.SIGKILL)
    assert returned(world) < LONGEST
    assert OutboxMessage.objects.filter(delivered=None).count() == 2


def _is_delivered(message):
    return processes.eventually(lambda: OutboxMessage.objects.get(pk=message.pk).delivered, 5)

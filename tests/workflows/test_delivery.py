"""A real worker on each real broker brings a notice, also one that the commit could not tell it of."""

import os
import signal
import threading
import time

import pytest

from nominations.states import State
from tests import processes
from tests import world as w
from workflows import tasks
from workflows.models import Notice, OutboxMessage

HEARERS = {"clerk@commune", "clerk2@commune", "unit_head@commune", "unit_deputy@commune"}


@pytest.fixture(params=("filesystem", "redis"))
def ground(request, cloned_db, tmp_path):
    """The environment of a worker on a broker of its own, to which this process speaks too."""
    from config.celery import app

    keys = ("broker_url", "broker_transport_options")
    old = {key: app.conf[key] for key in keys}
    if request.param == "redis":
        with processes.redis_server(tmp_path) as url:
            _use(app, {"broker_url": url, "broker_transport_options": {"visibility_timeout": 5 * 3600}})
            yield processes.environment(cloned_db, tmp_path, url)
    else:
        folders = {name: str(tmp_path / "broker") for name in ("data_folder_in", "data_folder_out")}
        folders["control_folder"] = str(tmp_path / "broker-control")
        _use(app, {"broker_url": "filesystem://", "broker_transport_options": folders})
        yield processes.environment(cloned_db, tmp_path)
    _use(app, old)


def _use(app, broker: dict) -> None:
    """Point this process at a broker: what Celery keeps of the one before is dropped."""
    for key, value in broker.items():
        app.conf[key] = value
    app._pool = app.amqp._producer_pool = None


def worker(ground):
    return processes.celery("worker", *processes.FLAGS, env=ground)


def returned(world):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    w.act(file, "return", world["reviewer@district"], remarks=[{"nominee": "", "text": "Bổ sung biên bản"}])
    return OutboxMessage.objects.latest("pk")


def arrived():
    return not OutboxMessage.objects.filter(delivered=None).exists()


def test_a_return_reaches_the_unit_through_a_real_worker(ground, in_2024):
    world = w.build()
    with worker(ground):
        message = returned(world)
        assert processes.eventually(arrived)
        assert set(Notice.objects.values_list("officer", flat=True)) == {world[who].pk for who in HEARERS}
        tasks.offer([message.pk, message.pk])  # offered again, as after a lost acknowledgement
        time.sleep(1)
    assert Notice.objects.count() == len(HEARERS)


def test_what_was_doubled_lost_or_came_before_its_time_is_told_once(ground, in_2024):
    """A worker that is killed, letters doubled and in another order, and one that never came."""
    world = w.build()
    keys = [returned(world).pk for _ in range(6)]
    tasks.offer([*reversed(keys), *keys])
    with worker(ground) as killed:
        assert processes.eventually(lambda: OutboxMessage.objects.filter(delivered__isnull=False).exists())
        os.kill(killed.pid, signal.SIGKILL)
    with worker(ground):
        assert processes.eventually(lambda: _swept() and arrived())
    told = Notice.objects.values_list("message", "officer")
    assert len(told) == len(set(told)) == len(keys) * len(HEARERS)


def _swept() -> bool:
    """What was lost comes back by the sweep, once its time has come."""
    OutboxMessage.objects.filter(delivered=None).update(next_look="2020-01-01T00:00:00Z")
    tasks.sweep()
    return True


def test_every_thread_of_the_web_server_speaks_to_our_broker():
    """Celery's current application is a thread's own; another thread would ask a broker that is not there."""
    found = []
    thread = threading.Thread(target=lambda: found.append(tasks.deliver.app.main))
    thread.start()
    thread.join()
    assert found == ["config"]

"""A real worker on the real broker brings a notice, also one that the commit could not tell it of."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import connection

from nominations.states import State
from tests import world as w
from workflows import tasks
from workflows.models import Notice, OutboxMessage

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30  # seconds for a worker to start and deliver


@pytest.fixture
def worker(cloned_db, tmp_path):
    """Celery as `make run` starts it, on the cloned database and a broker of its own."""
    from config.celery import app

    (tmp_path / "broker").mkdir()
    old = dict(app.conf.broker_transport_options)
    _use_broker(
        app,
        {
            "data_folder_in": str(tmp_path / "broker"),
            "data_folder_out": str(tmp_path / "broker"),
            "control_folder": str(tmp_path / "broker-control"),
        },
    )
    options = connection.settings_dict
    url = f"postgresql://{options['USER']}@/{cloned_db}?host={options['HOST']}"
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "celery",
            "--app",
            "config",
            "worker",
            "--pool",
            "solo",
            "--loglevel",
            "WARNING",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
        ],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "VAR_DIR": str(tmp_path)},
    )
    yield process
    process.terminate()
    process.wait(20)
    _use_broker(app, old)


def _use_broker(app, folders: dict[str, str]) -> None:
    """Point this process at another broker: what Celery keeps of the one before is dropped."""
    app.conf.broker_transport_options = folders
    app._pool = app.amqp._producer_pool = None


def _eventually(check) -> bool:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if check():
            return True
        time.sleep(0.1)
    return False


def test_a_return_reaches_the_unit_through_a_real_worker(worker, in_2024):
    world = w.build()
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    w.act(file, "return", world["reviewer@district"], remarks=[{"nominee": "", "text": "Bổ sung biên bản"}])
    message = OutboxMessage.objects.get()
    assert _eventually(lambda: OutboxMessage.objects.filter(delivered__isnull=False).exists())
    hearers = {"clerk@commune", "clerk2@commune", "unit_head@commune", "unit_deputy@commune"}
    assert set(Notice.objects.values_list("officer", flat=True)) == {world[who].pk for who in hearers}
    tasks.offer([message.pk, message.pk])  # offered again, as after a lost acknowledgement
    time.sleep(1)
    assert Notice.objects.count() == len(hearers)


def test_every_thread_of_the_web_server_speaks_to_our_broker():
    """Celery's current application is a thread's own; another thread would ask a broker that is not there."""
    found = []
    thread = threading.Thread(target=lambda: found.append(tasks.deliver.app.main))
    thread.start()
    thread.join()
    assert found == ["config"]

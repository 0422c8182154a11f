"""A task that takes too long is interrupted, and its process ended when that does not help."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.celery import app

ROOT = Path(__file__).resolve().parents[2]
BEGIN = """
import hashlib, time
from celery.exceptions import SoftTimeLimitExceeded
from config import limits
import io, sys
sys.stderr = io.StringIO()  # as Celery's worker, which has a log in its place
class Task:
    soft_time_limit, time_limit = {soft}, {hard}
limits.watch()
limits.begin(Task)
"""


def run(soft, hard, then):
    command = [sys.executable, "-c", BEGIN.format(soft=soft, hard=hard) + then]
    begun = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    return done, time.monotonic() - begun


def test_a_task_is_interrupted_and_the_worker_goes_on():
    done, _seconds = run(0.2, 30, """
try:
    time.sleep(20)
except SoftTimeLimitExceeded:
    print("interrupted")
limits.end()
time.sleep(0.3)
print("goes on")
""")  # fmt: skip
    assert done.stdout.split("\n")[:2] == ["interrupted", "goes on"], done.stderr


def test_one_that_does_not_come_back_is_ended_with_its_process():
    done, seconds = run(30, 1, "hashlib.pbkdf2_hmac('sha512', b'x', b'y', 10**9)")
    assert done.returncode and seconds < 20
    assert "Timeout" in done.stderr


def test_a_task_in_its_time_is_left_alone():
    done, _seconds = run(0.3, 0.5, "limits.end(); time.sleep(0.8); print('done')")
    assert done.stdout == "done\n", done.stderr


@pytest.mark.parametrize("line", ["worker", "verifier"])
def test_the_workers_have_no_children_that_could_be_lost(line):
    [command] = [text for text in (ROOT / "Procfile").read_text().splitlines() if text.startswith(f"{line}:")]
    assert "--pool solo" in command


def test_every_task_is_interrupted_before_it_is_ended_and_before_a_broker_gives_it_to_another():
    app.loader.import_default_modules()
    for task in app.tasks.values():
        soft = task.soft_time_limit or app.conf.task_soft_time_limit
        hard = task.time_limit or app.conf.task_time_limit
        assert soft < hard < 5 * 3600, task.name

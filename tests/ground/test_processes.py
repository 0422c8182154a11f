"""The three processes of a run, and what the clock asks the worker to do."""

import os
import subprocess
import sys
from pathlib import Path

from config.celery import app

ROOT = Path(__file__).resolve().parents[2]


def test_a_run_has_a_site_two_workers_and_a_clock():
    lines = (ROOT / "Procfile").read_text().splitlines()
    assert {line.split(":")[0] for line in lines if line} == {"web", "worker", "verifier", "beat"}


def test_the_clock_offers_again_what_was_lost_and_forgets_old_failures():
    app.loader.import_default_modules()
    asked = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert asked == {
        "workflows.tasks.sweep",
        "workflows.tasks.forget_attempts",
        "workflows.tasks.seal_ledger",
        "workflows.tasks.sign_checkpoint",
        "workflows.tasks.mail_checkpoint",
        "workflows.tasks.watch_deadlines",
        "workflows.tasks.write_digests",
        "config.celery.verify_ledger",
        "config.celery.index_history",
    }
    assert asked <= set(app.tasks)


def test_a_web_process_loads_the_drawing_before_somebody_waits_for_it():
    """In a process of its own: whoever ran before us may have drawn already."""
    asked = """
import runpy, sys, threading, django
django.setup()
started = runpy.run_path("config/gunicorn.py")["post_worker_init"]
started.__globals__["DRAWING_AFTER"] = 0
assert "nominations.pictures" not in sys.modules
started(None)
for thread in threading.enumerate():
    if thread is not threading.main_thread():
        thread.join()
assert "nominations.pictures" in sys.modules
"""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", asked], check=True, cwd=ROOT, env=environment)

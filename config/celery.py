"""The Celery application, and the tasks of the room above `workflows/tasks.py`, where the others are."""

import os

from celery import Celery, signals

from config import limits

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("config")
app.set_default()  # for every thread of the web server, not only the one that imports this
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["workflows"])
signals.worker_init.connect(limits.watch)


@app.task(name="config.celery.verify_ledger", time_limit=4 * 3600, soft_time_limit=4 * 3600 - 60)
def verify_ledger() -> int:
    """Verify the ledger: once a day whole and replayed, else what is new; return how many faults were found."""
    from audit import verification  # the rooms stand once Django is set up

    return verification.run_if_due()


@app.task(name="config.celery.index_history")
def index_history() -> int:
    """Bring the auditor's search index up to the ledger's log; return how many events it took in."""
    from audit import indexing

    return indexing.catch_up()

"""What is done regularly, and how often; every task may be done twice or not at all, and the next time makes up for it."""

from typing import Any


def _often(task: str, seconds: int) -> dict[str, Any]:
    """Work done so often that one not yet begun when the next comes need not be done."""
    return {"task": task, "schedule": float(seconds), "options": {"expires": seconds}}


SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep": _often("workflows.tasks.sweep", 30),
    "seal": _often("workflows.tasks.seal_ledger", 15),
    "index": _often("config.celery.index_history", 15),
    "checkpoint": {"task": "workflows.tasks.sign_checkpoint", "schedule": 60.0 * 10},
    "witness": {"task": "workflows.tasks.mail_checkpoint", "schedule": 60.0 * 60},
    # By a worker of its own: it takes long, and nothing else may wait for it.
    "verify": {
        "task": "config.celery.verify_ledger",
        "schedule": 60.0 * 60,
        "options": {"queue": "verification"},
    },
    "deadlines": _often("workflows.tasks.watch_deadlines", 60 * 5),
    "digests": _often("workflows.tasks.write_digests", 60 * 5),
    "forget": {"task": "workflows.tasks.forget_attempts", "schedule": 60.0 * 60},
}

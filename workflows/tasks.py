"""The Celery tasks: they take identifiers, are idempotent, and never carry a person's decision."""

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from workflows import outbox

logger = logging.getLogger(__name__)


@shared_task(name="workflows.tasks.deliver")
def deliver(message_pk: int) -> bool:
    """Deliver one outbox message."""
    return outbox.deliver(message_pk)


@shared_task(name="workflows.tasks.sweep")
def sweep() -> int:
    """Offer again what was lost between commit and worker; return how many."""
    keys = outbox.undelivered()
    offer(keys)
    return len(keys)


def offer(keys: list[int]) -> None:
    """Tell Celery of committed messages; when the broker is away the sweep does it later."""
    try:
        for key in keys:
            deliver.delay(key)
    except (OperationalError, OSError) as error:
        logger.warning("broker away, the sweep will offer %s messages: %s", len(keys), error)

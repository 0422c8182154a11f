"""The Celery tasks: they take identifiers, are idempotent, and never carry a person's decision."""

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from history import checkpoints, log, witnessing
from permissions import accounts, throttle
from workflows import deeming, letters, lists, outbox, watching

logger = logging.getLogger(__name__)


@shared_task(name="workflows.tasks.deliver")
def deliver(message_pk: int) -> bool:
    """Deliver one outbox message."""
    return outbox.deliver(message_pk)


@shared_task(name="workflows.tasks.sweep")
def sweep() -> int:
    """Offer again what was lost between commit and worker; return how many."""
    keys = outbox.to_offer()
    offer(keys)
    return len(keys)


@shared_task(name="workflows.tasks.watch_deadlines")
def watch_deadlines() -> int:
    """Do what counts as done by the end of its time, then tell of what comes to its end; return of how many files."""
    deeming.deem()
    return watching.watch()


@shared_task(name="workflows.tasks.write_digests")
def write_digests() -> int:
    """Write the letters of the day; return how many."""
    return letters.write_digests()


@shared_task(name="workflows.tasks.forget_attempts")
def forget_attempts() -> int:
    """Forget failed sign-ins and public visits that no longer count, and old lists; return how many."""
    return accounts.forget_attempts() + throttle.forget() + lists.forget()


@shared_task(name="workflows.tasks.seal_ledger")
def seal_ledger() -> int:
    """Give committed events their places in the ledger's log; return how many."""
    return log.seal()


@shared_task(name="workflows.tasks.sign_checkpoint")
def sign_checkpoint() -> int | None:
    """Sign the ledger as it stands, when it has grown; return the checkpoint's number."""
    made = checkpoints.make()
    return made.number if made else None


@shared_task(name="workflows.tasks.mail_checkpoint")
def mail_checkpoint() -> int | None:
    """Mail the last checkpoint of a finished day to the witnesses, once; return its number."""
    return witnessing.mail_finished_day()


def offer(keys: list[int]) -> None:
    """Tell Celery of committed messages; when the broker is away the sweep does it later."""
    try:
        for key in keys:
            deliver.delay(key)
    except (OperationalError, OSError) as error:
        logger.warning("broker away, the sweep will offer %s messages: %s", len(keys), error)

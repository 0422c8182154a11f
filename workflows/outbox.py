"""Effects after the act: a row in the same transaction, Celery told on commit, a sweep for the rest."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from history import clock
from nominations.models import Handling, Nomination
from nominations.states import Action
from nominations.transitions import Closing
from workflows import notices
from workflows.asking import Subject
from workflows.models import OutboxMessage

logger = logging.getLogger(__name__)

SWEEP_AFTER = timedelta(seconds=30)
MOST_ATTEMPTS = 10  # a message that failed so often waits for an administrator, never dropped


def told_by(subject: Subject, action: Action, handling: Handling) -> None:
    """Write the message, if any, that an act on `subject` makes known."""
    kind = notices.BY_ACT.get((subject.state, action.name)) if isinstance(subject, Nomination) else None
    if kind:
        _write([OutboxMessage(kind=kind, payload={"nomination": subject.pk, "handling": handling.pk})])


def told_by_closing(closings: Sequence[Closing]) -> None:
    """Write one message for each file that a publication or the end of a round closed."""
    _write([OutboxMessage(kind="concluded", payload={"nomination": item.nomination.pk}) for item in closings])


def deliver(message_pk: int) -> bool:
    """Deliver one message; return False when it was delivered before. Idempotent.

    Raises whatever the delivery raises, after counting the attempt: the sweep offers it again.
    """
    try:
        with transaction.atomic():
            message = OutboxMessage.objects.select_for_update(of=("self",)).get(pk=message_pk)
            if message.delivered:
                return False
            with clock.legal_day(message.walked_day):
                notices.write(message)
            message.delivered = clock.now()
            message.attempts += 1
            message.save(update_fields=["delivered", "attempts"])
            return True
    except Exception as error:
        OutboxMessage.objects.filter(pk=message_pk).update(
            attempts=F("attempts") + 1, error=f"{type(error).__name__}: {error}"[:2000]
        )
        raise


def undelivered(limit: int = 500) -> list[int]:
    """Return the messages that were lost on the way to a worker, oldest first."""
    return list(
        OutboxMessage.objects.filter(
            delivered=None, created__lt=clock.now() - SWEEP_AFTER, attempts__lt=MOST_ATTEMPTS
        )
        .order_by("pk")
        .values_list("pk", flat=True)[:limit]
    )


def _write(messages: list[OutboxMessage]) -> None:
    if not messages:
        return
    for message in messages:
        message.walked_day = clock.chosen_day()
    written = OutboxMessage.objects.bulk_create(messages)
    keys = [message.pk for message in written]
    transaction.on_commit(lambda: _tell(keys))


def _tell(keys: list[int]) -> None:
    """Offer committed messages to the worker; a broker that is away is the sweep's business."""
    from workflows import tasks  # the tasks import this module

    tasks.offer(keys)

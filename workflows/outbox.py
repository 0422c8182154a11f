"""Effects after the act: a row in the same transaction, Celery told on commit, a sweep for the rest."""

import logging
from collections.abc import Sequence
from dataclasses import InitVar, dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from history import clock
from nominations.actions import Action
from nominations.models import AwardDecision, Handling, Nomination, Nominee
from nominations.states import NOT_AWARDED
from nominations.transitions import Moved
from workflows import notices
from workflows.asking import Subject
from workflows.models import OutboxMessage

logger = logging.getLogger(__name__)

SWEEP_AFTER = timedelta(seconds=30)
MOST_ATTEMPTS = 10  # a message that failed so often waits for an administrator, never dropped


@dataclass
class Before:
    """Where a subject was before an act: what a message needs to know of it afterwards."""

    subject: InitVar[Subject]
    state: str = ""
    sent_from: str = ""
    holder: int | None = None
    sent_post: int | None = None
    sent_by: int | None = None

    def __post_init__(self, subject: Subject) -> None:
        self.state, self.sent_from = subject.state, subject.sent_from
        self.holder = subject.holder_id
        self.sent_post, self.sent_by = subject.sent_post_id, subject.sent_by_id


def told_by(subject: Subject, action: Action, handling: Handling, before: Before) -> None:
    """Write the message, if any, that an act on `subject` makes known."""
    kind = notices.kind_of(subject.state, action.name)
    if kind:
        about = "nomination" if isinstance(subject, Nomination) else "decision"
        payload = {about: subject.pk, "handling": handling.pk, "from": before.state}
        payload |= {"holder": before.holder, "sent_post": before.sent_post, "sent_by": before.sent_by}
        write([OutboxMessage(kind=kind, payload=payload)])


def told_by_recusal(subject: Subject) -> None:
    """Write the message that somebody keeps away from `subject`: those whose step it is hear of it."""
    about = "nomination" if isinstance(subject, Nomination) else "decision"
    write([OutboxMessage(kind="recused", payload={about: subject.pk})])


def told_by_closing(moved: Sequence[Moved], decision: AwardDecision | None = None) -> None:
    """Write one message for each file that ended, and for those struck out of a file that goes on.

    Who is not awarded is told of with rank or legal reason.
    """
    refused = Nominee.objects.filter(present=True, outcome__in=NOT_AWARDED)
    ended = [item.nomination.pk for item in moved]
    told = set(refused.filter(nomination__in=ended).values_list("nomination", flat=True)) if ended else set()
    messages = [
        OutboxMessage(kind="not_awarded" if key in told else "concluded", payload={"nomination": key})
        for key in ended
    ]
    if decision is not None and decision.published_on:
        struck = refused.filter(lines__decision=decision, lines__struck=True, lines__back=False)
        going_on: dict[int, list[int]] = {}
        for file, key in struck.exclude(nomination__in=ended).values_list("nomination", "pk"):
            going_on.setdefault(file, []).append(key)
        messages += [
            OutboxMessage(kind="not_awarded", payload={"nomination": file, "nominees": keys})
            for file, keys in going_on.items()
        ]
    write(messages)


def deliver(message_pk: int) -> bool:
    """Deliver one message; return False when it was delivered before. Idempotent.

    Raises whatever the delivery raises, after counting the attempt: the sweep offers it again.
    """
    from workflows import consumers  # they write messages themselves

    try:
        with transaction.atomic():
            message = OutboxMessage.objects.select_for_update(of=("self",)).get(pk=message_pk)
            if message.delivered:
                return False
            with clock.legal_day(message.walked_day):
                consumers.consume(message)
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


def write(messages: list[OutboxMessage]) -> list[OutboxMessage]:
    """Write messages with the act that makes them known, and offer them once it is committed; return them stored."""
    if not messages:
        return []
    for message in messages:
        message.walked_day = clock.chosen_day()
    written = OutboxMessage.objects.bulk_create(messages)
    keys = [message.pk for message in written]
    transaction.on_commit(lambda: _tell(keys))
    return written


def _tell(keys: list[int]) -> None:
    """Offer committed messages to the worker; a broker that is away is the sweep's business."""
    from workflows import tasks  # the tasks import this module

    tasks.offer(keys)

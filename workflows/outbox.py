"""Effects after the act: a row in the same transaction, Celery told on commit, a sweep for the rest."""

import logging
from collections.abc import Sequence
from dataclasses import InitVar, dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Now

from history import clock, kinds
from history.ledger import Entry, record
from nominations.actions import Action
from nominations.models import AwardDecision, Handling, Nomination, Nominee
from nominations.states import NOT_AWARDED
from nominations.transitions import Moved
from permissions.models import Officer
from workflows import notices
from workflows.asking import Subject
from workflows.models import OutboxMessage

logger = logging.getLogger(__name__)

SWEEP_AFTER = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
MOST_ATTEMPTS = 10  # a message that failed so often is set aside for an administrator, never dropped
STREAM = "outbox"


class Hopeless(Exception):
    """A delivery that will not succeed however often it is tried: it is set aside at once."""


@dataclass
class Before:
    """Where a subject was before an act: what a message needs to know of it afterwards."""

    subject: InitVar[Subject]
    state: str = ""
    sent_from: str = ""
    holder: int | None = None
    sent_post: int | None = None
    sent_by: int | None = None
    due: date | None = None

    def __post_init__(self, subject: Subject) -> None:
        self.state, self.sent_from = subject.state, subject.sent_from
        self.holder = subject.holder_id
        self.due = subject.due
        self.sent_post, self.sent_by = subject.sent_post_id, subject.sent_by_id


def told_by(subject: Subject, action: Action, handling: Handling, before: Before) -> None:
    """Write the message, if any, that an act on `subject` makes known."""
    kind = notices.kind_of(subject.state, action.name)
    if kind:
        about = "nomination" if isinstance(subject, Nomination) else "decision"
        payload = {about: subject.pk, "handling": handling.pk, "from": before.state}
        payload |= {"holder": before.holder, "sent_post": before.sent_post, "sent_by": before.sent_by}
        if kind in notices.OF_A_STAY:
            payload |= notices.stay_of(subject)
        write([OutboxMessage(kind=kind, payload=payload)])


def told_by_recusal(subject: Subject) -> None:
    """Write the message that somebody keeps away from `subject`: those whose step it is hear of it."""
    about = "nomination" if isinstance(subject, Nomination) else "decision"
    write([OutboxMessage(kind="recused", payload={about: subject.pk} | notices.stay_of(subject))])


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
    """Deliver one message; return False when there is nothing to do: delivered, set aside, or in another's hands.

    Idempotent. The attempt is counted before it is made, so that a message that kills its worker is set aside too.
    Raises whatever the delivery raises: it is offered again later, after `MOST_ATTEMPTS` it is set aside.
    """
    from workflows import consumers  # they write messages themselves

    if not _begin(message_pk):
        return False
    try:
        with transaction.atomic():
            waiting = _waiting().select_for_update(of=("self",), skip_locked=True)
            message = waiting.filter(pk=message_pk).first()
            if message is None:
                return False
            with clock.legal_day(message.walked_day):
                consumers.consume(message)
            OutboxMessage.objects.filter(pk=message_pk).update(delivered=Now(), error="")
            return True
    except Exception as error:
        _failed(message_pk, f"{type(error).__name__}: {error}"[:2000], for_good=isinstance(error, Hopeless))
        raise


def to_offer(limit: int = 500) -> list[int]:
    """Return the messages that were lost on the way to a worker, or are to be tried again, oldest first.

    They are looked at again in half a minute: two sweeps do not offer the same, nor one the same again and again
    while the workers are behind.
    """
    with transaction.atomic():
        due = _waiting().filter(next_look__lte=clock.now()).select_for_update(skip_locked=True)
        keys = list(due.order_by("next_look", "pk").values_list("pk", flat=True)[:limit])
        OutboxMessage.objects.filter(pk__in=keys).update(next_look=clock.now() + SWEEP_AFTER)
    return keys


def retry(message_pk: int, *, by: Officer) -> bool:
    """Offer a message that was set aside once more, from the beginning; record who asked. False if it is not aside."""
    with transaction.atomic():
        aside = OutboxMessage.objects.filter(pk=message_pk, set_aside__isnull=False, delivered=None)
        message = aside.select_for_update(of=("self",)).first()
        if message is None:
            return False
        message.set_aside, message.attempts, message.next_look = None, 0, clock.now() + SWEEP_AFTER
        message.save(update_fields=["set_aside", "attempts", "next_look"])
        record(
            Entry(
                stream=STREAM,
                kind=kinds.OUTBOX_RETRIED,
                actor=str(by.uid),
                data={"message": str(message.uid), "kind": message.kind},
                text={"by": by.full_name, "error": message.error},
            )
        )
        transaction.on_commit(lambda: _tell([message_pk]))
    return True


def _waiting() -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(delivered=None, set_aside=None)


# Committed at once and not waited for on the disk: a count lost with the machine does no harm.
BEGIN = """
WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),
mine AS (SELECT id, attempts FROM workflows_outboxmessage, quick
          WHERE id = %(key)s AND delivered IS NULL AND set_aside IS NULL
            FOR UPDATE OF workflows_outboxmessage SKIP LOCKED)
UPDATE workflows_outboxmessage AS message
   SET attempts = mine.attempts + 1,
       next_look = clock_timestamp() + least(%(rest)s * power(2, least(mine.attempts, 10)), %(longest)s)
  FROM mine WHERE message.id = mine.id
RETURNING message.attempts
"""


def _begin(message_pk: int) -> bool:
    """Count an attempt, for good, and let the message rest the longer the more there were; whether there is one to make.

    It rests half a minute after the first, twice as long each time, and an hour at most.
    """
    values: dict[str, Any] = {"key": message_pk, "rest": SWEEP_AFTER, "longest": LONGEST_WAIT}
    with connection.cursor() as cursor:
        cursor.execute(BEGIN, values)
        row = cursor.fetchone()
    if row is None:
        return False
    if row[0] > MOST_ATTEMPTS:  # each time the worker died of it, else it had been set aside
        _set_aside(message_pk, "The worker ended in the middle of each attempt.")
        return False
    return True


def _failed(message_pk: int, error: str, *, for_good: bool) -> None:
    """Keep why the attempt failed; the last one allowed, or one that failed for good, sets the message aside."""
    if for_good or _waiting().filter(pk=message_pk, attempts__gte=MOST_ATTEMPTS).exists():
        _set_aside(message_pk, error)
        logger.error("outbox message %s set aside: %s", message_pk, error)
    else:
        OutboxMessage.objects.filter(pk=message_pk).update(error=error)


def _set_aside(message_pk: int, error: str) -> None:
    OutboxMessage.objects.filter(pk=message_pk).update(set_aside=clock.now(), error=error)


def write(messages: list[OutboxMessage]) -> list[OutboxMessage]:
    """Write messages with the act that makes them known, and offer them once it is committed; return them stored."""
    if not messages:
        return []
    for message in messages:
        message.walked_day, message.next_look = clock.chosen_day(), Now() + Value(SWEEP_AFTER)
    written = OutboxMessage.objects.bulk_create(messages)
    keys = [message.pk for message in written]
    transaction.on_commit(lambda: _tell(keys))
    return written


def _tell(keys: list[int]) -> None:
    """Offer committed messages to the worker; a broker that is away is the sweep's business."""
    from workflows import tasks  # the tasks import this module

    tasks.offer(keys)

"""The engine's lock: blocking, bounded, outermost; the process row first of all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected, LockNotAvailable

from workflows.errors import Busy

TIMEOUT = "3s"


class ProcessLock:
    """viewflow's `lock_impl`: `SELECT … FOR UPDATE` that waits, without sleeping and retrying.

    `before` locks what stands before the process in the lock order (a decision's round).
    """

    def __init__(self, before: Callable[[int], None] | None = None):
        self.before = before

    @contextmanager
    def __call__(self, flow_class, process_pk: int) -> Iterator[None]:
        with transaction.atomic():
            bound_waiting()
            if self.before:
                self.before(process_pk)
            processes = flow_class.process_class._default_manager.filter(pk=process_pk)
            processes.select_for_update(of=("self",)).values_list("pk").get()
            yield


def bound_waiting() -> None:
    """Bound every wait for a lock in this transaction; it must not outlive the reader's patience."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [TIMEOUT])


@contextmanager
def transaction_or_busy() -> Iterator[None]:
    """The outermost transaction of an act; a lock not free in time is Busy, not a crash."""
    try:
        with transaction.atomic(durable=True):
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
            raise Busy from error
        raise

"""What another connection holds, for the length of a block or until it is let go."""

import contextlib
import threading
from collections.abc import Callable, Iterator

from django.db import connection, transaction


@contextlib.contextmanager
def elsewhere(work: Callable[[], object]) -> Iterator[Callable[[], None]]:
    """Do `work` in a transaction of another connection; it is committed when the block ends, or at `let_go`."""
    done, go = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                work()
                done.set()
                go.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert done.wait(20)

    def let_go() -> None:
        go.set()
        thread.join()

    try:
        yield let_go
    finally:
        let_go()

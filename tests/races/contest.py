"""Many people, one task: threads with connections of their own that start at the same moment."""

import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from history import clock

CONTESTANTS = 8
ROUNDS = 40


@dataclass
class Result:
    """What came back to one contestant, and when (seconds of this machine's clock)."""

    number: int
    answer: Any
    ended: float


def contest(day: date, contestants: list[Callable[[], Any]]) -> list[Result]:
    """Let every contestant act at once, on its own connection; return the results in order of arrival.

    A contestant returns its answer; what it raises is its answer too.
    """
    gate = threading.Barrier(len(contestants))
    results: list[Result] = []

    def run(number: int, attempt: Callable[[], Any]) -> None:
        with closing(connection), clock.legal_day(day):
            connection.ensure_connection()
            gate.wait()
            try:
                answer = attempt()
            except Exception as error:  # noqa: BLE001 (the error is the answer)
                answer = error
            results.append(Result(number, answer, time.perf_counter()))

    threads = [threading.Thread(target=run, args=item) for item in enumerate(contestants)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results, key=lambda result: result.ended)

"""The relay of the outbox against a bare loop over the same table, and what a message costs the act that writes it."""

import contextlib
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

from bench.running import options_of, running


def main() -> int:
    options = options_of(str(__doc__))
    with running():
        from django.conf import settings

        from bench.ground import database
        from bench.measuring import Report

        report = Report()
        (settings.VAR / "broker").mkdir(parents=True, exist_ok=True)  # the worker is told, as in a run
        with database():
            _relay(report, max(int(2_000 * options.scale), 50))
            _act(report, options.rounds * 4)
    return min(report.missed, 1)


def _relay(report: Any, size: int) -> None:
    """Deliver the same number of messages by the relay and by a loop that only marks rows, in turn."""
    from workflows import consumers, outbox

    told: list[int] = []
    consumers.CONSUMERS["bench"] = lambda message: told.append(message.pk)
    found: dict[str, list[float]] = {"ours": [], "bare": []}
    sides: dict[str, Callable[[int], bool]] = {"ours": outbox.deliver, "bare": _mark}
    for _round in range(3):
        for name, side in sides.items():
            with _messages(size) as keys:
                begun = time.perf_counter()
                done = sum(side(key) for key in keys)
                found[name].append((time.perf_counter() - begun) / size)
                report.fact(f"{name}: the same {size} messages delivered", done == size)
    ours, bare = (statistics.median(found[name]) for name in ("ours", "bare"))
    report.fact("each was consumed once: the same as were written", len(told) == len(set(told)) == 3 * size)
    report.say(f"         {1 / ours:,.0f} a second against {1 / bare:,.0f}")
    report.figure("relay against a bare FOR UPDATE SKIP LOCKED loop", ours / bare, "×", 3)


@contextlib.contextmanager
def _messages(size: int) -> Iterator[list[int]]:
    from workflows.models import OutboxMessage

    rows = [OutboxMessage(kind="bench", payload={"n": n}) for n in range(size)]
    keys = [message.pk for message in OutboxMessage.objects.bulk_create(rows)]
    try:
        yield keys
    finally:
        OutboxMessage.objects.filter(kind="bench").delete()


def _mark(_key: int) -> bool:
    """What a relay cannot do without: take the next row that nobody else holds, and mark it."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM workflows_outboxmessage WHERE delivered IS NULL AND set_aside IS NULL"
            " ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"
        )
        row = cursor.fetchone()
        cursor.execute("UPDATE workflows_outboxmessage SET delivered = now() WHERE id = %s", row)
        return bool(cursor.rowcount)


def _act(report: Any, rounds: int) -> None:
    """The same act in turn with its message and with none: a file put into the hands of one reviewer and the other."""
    from bench.small import at_review_in, timed
    from history import clock
    from tests import world as w

    times: dict[str, list[float]] = {"ours": [], "peer": []}
    with clock.legal_day(w.D2024):
        file, world = at_review_in()
        head = world["body_head@district"]
        for _round in range(rounds):
            for side, inside in (("ours", contextlib.nullcontext()), ("peer", _no_message())):
                with inside:
                    for who in ("reviewer@district", "reviewer2@district"):
                        times[side].append(timed(file, "assign", head, assignee=str(world[who].uid)))
    ours, peer = statistics.median(times["ours"]), statistics.median(times["peer"])
    report.say(f"         one act: {ours:.2f} ms against {peer:.2f} ms without its message")
    report.figure("an act with the outbox against the same without", ours / peer, "×", 1.1)


@contextlib.contextmanager
def _no_message() -> Iterator[None]:
    """Acts tell nobody inside the block."""
    with mock.patch("workflows.engine.outbox.told_by"):
        yield


if __name__ == "__main__":
    sys.exit(main())

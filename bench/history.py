"""What the ledger costs: an act with and without it, verifying against a bare chain, one proof among a million."""

import contextlib
import hashlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

from bench.running import options_of, running

SAMPLE = 100_000  # events whose bytes the bare chain hashes
SEARCHES = 60


def main() -> int:
    options = options_of(str(__doc__))
    with running():
        from django.conf import settings

        from bench.ground import database
        from bench.measuring import Report

        report = Report()
        size = max(int(1_000_000 * options.scale), 2_000)
        with database(), tempfile.TemporaryDirectory() as folder:
            settings.LEDGER_KEY_FILE = Path(folder) / "key.pem"
            settings.LEDGER_WITNESS_FILE = Path(folder) / "witness.jsonl"
            _act(report, options.rounds)
            fill(size)
            _verify(report)
            _prove(report, size)
            _search(report, size, options.rounds)
    return min(report.missed, 1)


def _act(report: Any, rounds: int) -> None:
    """The same acts in turn, with their event and with nothing in the ledger's place: a file claimed and released."""
    from bench.small import at_review, timed
    from history import clock

    times: dict[str, list[float]] = {"ours": [], "peer": []}
    with clock.legal_day(date(2024, 11, 5)):
        file, officer = at_review()
        for _round in range(rounds * 4):
            for side, inside in (("ours", contextlib.nullcontext()), ("peer", _no_ledger())):
                with inside:
                    times[side] += [timed(file, action, officer) for action in ("claim", "release")]
    ours, peer = statistics.median(times["ours"]), statistics.median(times["peer"])
    report.say(f"         one act: {ours:.2f} ms against {peer:.2f} ms without its event")
    report.figure("an act with the ledger against the same without", ours / peer, "×", 1.2)


@contextlib.contextmanager
def _no_ledger() -> Iterator[None]:
    """Acts write no event inside the block."""
    nothing = mock.Mock(return_value=None)
    with mock.patch.multiple("workflows.recording", record=nothing, record_many=nothing):
        yield


def fill(size: int) -> None:
    """So many events of ordinary length in streams of ten, sealed and signed."""
    from django.db import transaction

    from history import checkpoints
    from history.ledger import Entry, record_many

    for first in range(0, size, 5_000):
        with transaction.atomic():
            record_many([_entry(Entry, number) for number in range(first, min(first + 5_000, size))])
    checkpoints.make()


def _entry(entry: Any, number: int) -> Any:
    """An event as an act on a file with one nominee writes it."""
    uid = f"{number // 10:08x}-0000-4000-8000-{number % 977:012x}"
    person = f"{number % 499:08x}-1111-4000-8000-000000000000"
    return entry(
        stream=f"nomination:{uid}",
        kind="nomination.acted",
        actor=person,
        post=person[::-1],
        role="reviewer",
        unit=f"C{number % 5000}",
        step="review",
        action="forward",
        from_state="review",
        to_state="endorse",
        content_digest=hashlib.sha256(uid.encode()).hexdigest(),
        data={
            "after": {
                "holder": f"C{number % 5000}",
                "nominees": {uid: "pending"},
                "unit": "C1",
                "version": 1,
            },
            "handling": number,
        },
        text={
            "actor": f"Nguyễn Văn {number % 499}",
            "position": "Chuyên viên Phòng Nội vụ",
            "unit": f"Ủy ban nhân dân xã số {number % 5000}",
            "note": "Đã xem xét, hồ sơ đủ điều kiện trình.",
        },
    )


def _verify(report: Any) -> None:
    """Every event from its columns, against a chain over the same bytes that lie ready in a table; one core both."""
    from history.verifying import verify

    begun = time.process_time()
    found = verify()
    seconds = time.process_time() - begun
    report.fact(f"the same {found.size:,} events are sound", found.sound and found.events == found.size)
    _keep_bytes()
    begun = time.process_time()
    hashed = _bare_chain()
    bare = (time.process_time() - begun) / hashed
    report.figure("verified", found.events / seconds, "events/s per core", 20_000, at_least=True)
    report.figure(
        "verifying against a bare SHA-256 chain over the same bytes, read from the same database",
        seconds / found.events / bare, "×", 8,
    )  # fmt: skip


def _keep_bytes() -> None:
    """The bytes of some events and of their texts, ready to be hashed: what whoever trusts them would read."""
    from django.db import connection

    from history.canonical import written
    from history.envelope import COLUMNS, event_bytes
    from history.models import Event, EventText

    rows = list(Event.objects.order_by("pk").values_list(*COLUMNS)[:SAMPLE])
    texts = EventText.objects.in_bulk([row[COLUMNS.index("text_digest")] for row in rows])
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_bytes (n serial PRIMARY KEY, event bytea, text bytea)")
        with cursor.copy("COPY bench_bytes (event, text) FROM STDIN") as copy:
            for row in rows:
                text = texts.get(row[COLUMNS.index("text_digest")])
                body = written({"body": text.body, "salt": text.salt}).encode() if text else b""
                copy.write_row([event_bytes(row), body])


def _bare_chain() -> int:
    """Hash them one after the other, read as the verification reads; return how many."""
    from django.db import connection, transaction

    from history.verifying import CHUNK

    last, count = b"", 0
    with transaction.atomic(), connection.connection.cursor(name="bare_chain") as cursor:
        cursor.itersize = CHUNK
        for event, text in cursor.execute("SELECT event, text FROM bench_bytes ORDER BY n"):
            last = hashlib.sha256(last + event).digest()
            last = hashlib.sha256(last + text).digest()
            count += 1
    return count


def _prove(report: Any, size: int) -> None:
    """Inclusion of one event out of all, from the stored subtrees; each proof is checked."""
    from bench.measuring import statements
    from history import log, merkle
    from history.models import Leaf

    root = log.tree(log.size()).root()
    total, times = log.size(), []
    numbers = [total * n // SEARCHES for n in range(SEARCHES)]
    good = True
    for number in numbers:
        leaf = bytes(Leaf.objects.get(number=number).hash)
        begun = time.perf_counter()
        path = merkle.inclusion_proof(number, total, log.read)
        times.append((time.perf_counter() - begun) * 1000)
        good &= merkle.root_from_inclusion(leaf, number, total, path) == root
    asked = statements(lambda: merkle.inclusion_proof(numbers[1], total, log.read))
    report.fact(f"the same root from each of {SEARCHES} proofs, {len(asked)} statement each", good)
    report.figure(f"one inclusion proof at {size:,} events", sorted(times)[SEARCHES // 2], "ms", 2)


# What an auditor asks, and the same in SQL by hand; page 1 of the newest.
QUESTIONS = {
    "nothing but the newest": ({}, "TRUE"),
    "a kind and a role": (
        {"kind": "nomination.acted", "role": "reviewer"}, "e.kind = 'nomination.acted' AND e.role = 'reviewer'",
    ),
    "a name without accents": ({"q": "nguyen van 77"}, "e.words @@ $$'nguyen' & 'van' & '77':*$$::tsquery"),
}  # fmt: skip
BY_HAND = """
    SELECT e.event, v.*, t.body FROM (
        SELECT event, at FROM audit_entry AS e WHERE {where} ORDER BY at DESC, event DESC LIMIT 51
    ) AS e JOIN history_event AS v ON v.id = e.event LEFT JOIN history_eventtext AS t ON t.digest = v.text_digest
    ORDER BY e.at DESC, e.event DESC
"""


def _search(report: Any, size: int, rounds: int) -> None:
    """A page of fifty as the desk fetches it, against SQL by hand; and the page after 999 others."""
    from django.db import connection

    from audit import indexing, searching
    from audit.models import Entry
    from audit.sight import Sight
    from bench.measuring import in_turn

    indexing.catch_up()
    sight = Sight([], True, True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    for name, (wanted, where) in QUESTIONS.items():

        def by_hand(where: str = where) -> Any:
            with connection.cursor() as cursor:
                cursor.execute(BY_HAND.format(where=where))
                return cursor.fetchall()

        ours = _page(sight, wanted)
        report.fact(f"{name}: the same rows", len(ours()) == min(len(by_hand()), searching.PER_PAGE))
        found = in_turn({"ours": ours, "peer": by_hand}, rounds)
        report.say(f"         {name}: {found['ours']:.2f} ms against {found['peer']:.2f} ms")
        report.figure(
            f"{name}: fetching a page of the desk against SQL by hand", found["ours"] / found["peer"], "×", 4
        )
    place = min(999 * searching.PER_PAGE, size - searching.PER_PAGE - 1)
    at = searching.place(Entry.objects.order_by(*searching.NEWEST)[place])
    found = in_turn({"page 1": _page(sight, {}), "page 1,000": _page(sight, {}, at)}, rounds)
    report.figure("page 1,000 against page 1", found["page 1,000"] / found["page 1"], "×", 1.5)


def _page(sight: Any, wanted: dict[str, str], before: str = "") -> Callable[[], Any]:
    """A page as the desk fetches it, from a place on: the entries, and their events from the ledger with their texts."""
    from audit import searching
    from history import facts

    def fetch() -> Any:
        window = searching.page(searching.find(sight, wanted), before=before)
        return facts.by_key(entry.event for entry in window.entries)

    return fetch


if __name__ == "__main__":
    sys.exit(main())

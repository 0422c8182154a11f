"""What is kept beside the events to work fast, against them: heads of streams, subtrees, the queue, texts."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

_WAITS_FOR_NOTHING = """
    SELECT coalesce(event.stream || ' ' || event.sequence, 'log') FROM history_unsealed AS waits
    LEFT JOIN history_event AS event ON event.id = waits.event
    LEFT JOIN history_leaf AS leaf ON leaf.event = waits.event
    WHERE event.id IS NULL OR leaf.number IS NOT NULL ORDER BY waits.event
"""
_BAD_NODES = """
    SELECT level, position FROM history_node AS node
    WHERE (position < 0 OR (position + 1) << level > %s) AND hash IS DISTINCT FROM (
        SELECT sha256('\\x01'::bytea || string_agg(child.hash, ''::bytea ORDER BY child.position)) FROM (
            SELECT position, hash FROM history_node AS below
            WHERE node.level > 1 AND below.level = node.level - 1
                AND below.position IN (node.position * 2, node.position * 2 + 1)
            UNION ALL
            SELECT number, hash FROM history_leaf
            WHERE node.level = 1 AND number IN (node.position * 2, node.position * 2 + 1)
        ) AS child
    ) ORDER BY level, position LIMIT 10
"""
_OF_NO_EVENT = """
    SELECT text.digest FROM history_eventtext AS text
    LEFT JOIN history_event AS event ON event.text_digest = text.digest
    WHERE event.id IS NULL ORDER BY text.digest LIMIT 10
"""


def faults(ends: dict[str, tuple[int, str]], start: int, size: int) -> Iterator[tuple[str, str]]:
    """Yield where and what is wrong, beside the ends of the streams and the size of the log as they were walked.

    `start` is the size from which the walk went on; what is older was found good then.
    """
    yield from _heads(dict(ends), start)
    yield from _subtrees(start, size)
    for (where,) in _rows(_WAITS_FOR_NOTHING):
        yield where, _("waits for a place in the log that it has, or does not exist")
    if not start:
        for (digest,) in _rows(_OF_NO_EVENT):
            yield f"text {digest}", _("no event points at this text")


def _heads(ends: dict[str, tuple[int, str]], start: int) -> Iterator[tuple[str, str]]:
    for stream, sequence, value in _rows(
        "SELECT stream, sequence, hash FROM history_streamhead ORDER BY stream"
    ):
        end = ends.pop(stream, None)
        if end is None and start:
            continue
        if end is None or (sequence, bytes(value).hex()) != end:
            known = end[0] if end else 0
            told = {"end": known, "head": sequence}
            yield f"{stream} {known + 1}", _("the stream ends at %(end)s, its head says %(head)s") % told
    for stream, (sequence, _hash) in ends.items():
        yield f"{stream} {sequence}", _("the stream has no head")


def _subtrees(start: int, size: int) -> Iterator[tuple[str, str]]:
    """The stored subtrees, from which proofs are made, against their children."""
    for level, position in _rows(_BAD_NODES, start):
        yield f"log {level}/{position}", _("the stored subtree is not that of its events")
    counts = dict(_rows("SELECT level, count(*) FROM history_node GROUP BY level ORDER BY level"))
    for level in range(1, max([size.bit_length(), *[level + 1 for level in counts]])):
        if counts.get(level, 0) != size >> level:
            told = {"stored": counts.get(level, 0), "needed": size >> level}
            yield f"log {level}", _("%(stored)s subtrees stored, %(needed)s needed") % told


def _rows(sql: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()

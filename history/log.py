"""The Merkle log over all events: one sealer gives each its place after its commit."""

import time
from collections.abc import Sequence

from django.db import connection, transaction

from history.merkle import Growing, Place, edge_of
from history.models import Leaf, Node, Unsealed

BATCH = 5_000  # events in one transaction of the sealer


def seal(at_most: int | None = None, *, patience: float = 0) -> int:
    """Give every committed event its place in the log; return how many.

    Whoever writes an event waits for nobody here: the order is that of the rows' keys among what is
    committed, and an event that depends on another was written after that one's commit. Only one
    sealer works at a time; another returns 0, after `patience` seconds in which it waits for its turn.
    """
    sealed, until = 0, time.monotonic() + patience
    while at_most is None or sealed < at_most:
        count = _seal_batch()
        if count is None and time.monotonic() < until:
            time.sleep(0.05)
            continue
        sealed += count or 0
        if count is None or count < BATCH:
            break
    return sealed


def size() -> int:
    """Return how many events have a place in the log."""
    last = Leaf.objects.order_by("-number").values_list("number", flat=True).first()
    return 0 if last is None else last + 1


def waiting() -> int:
    """Return how many committed events have no place in the log yet."""
    return Unsealed.objects.count()


def tree(of: int) -> Growing:
    """Return the log as it was with its first `of` events, from the stored subtrees."""
    places = edge_of(of)
    known = read(places)
    return Growing(of, [known[place] for place in places])


def read(places: Sequence[Place]) -> dict[Place, bytes]:
    """Return the hashes of complete subtrees (two statements). Raises LookupError when one is missing."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT 0, number, hash FROM history_leaf WHERE number = ANY(%s)
            UNION ALL
            SELECT node.level, node.position, node.hash FROM history_node AS node
            JOIN unnest(%s::int[], %s::bigint[]) AS wanted (level, position) USING (level, position)
            """,
            [
                [position for level, position in places if level == 0],
                [level for level, position in places if level],
                [position for level, position in places if level],
            ],
        )
        found = {(level, position): bytes(value) for level, position, value in cursor.fetchall()}
    missing = [place for place in places if place not in found]
    if missing:
        raise LookupError(f"The log lacks the subtrees {missing}.")
    return found


@transaction.atomic
def _seal_batch() -> int | None:
    """Seal a batch; None while another sealer works."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('history.log'))")
        if not cursor.fetchone()[0]:
            return None
        cursor.execute(
            """
            WITH fresh AS (SELECT event FROM history_unsealed ORDER BY event LIMIT %s),
                 gone AS (DELETE FROM history_unsealed USING fresh WHERE history_unsealed.event = fresh.event)
            SELECT event.id, event.hash FROM history_event AS event JOIN fresh ON event.id = fresh.event
            ORDER BY event.id
            """,
            [BATCH],
        )
        rows = cursor.fetchall()
    if not rows:
        return 0
    first = size()
    growing = tree(first)
    leaves, nodes = [], []
    for number, (event, value) in enumerate(rows, start=first):
        leaves.append(Leaf(number=number, event=event, hash=bytes(value)))
        for (level, position), node in growing.add(bytes(value)):
            nodes.append(Node(level=level, position=position, hash=node))
    Leaf.objects.bulk_create(leaves, batch_size=1_000)
    Node.objects.bulk_create(nodes, batch_size=1_000)
    return len(leaves)

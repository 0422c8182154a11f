"""Whoever owns the database, with its triggers off: what they can do to a row, and to the whole chain after it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

from django.db import DatabaseError, connection, transaction

from history import envelope, merkle
from history.models import Event, Leaf, Node, StreamHead

TRIES = 200  # draws of a row, until the database's own constraints let a change pass


class Refused(Exception):
    """The database's constraints let no such change pass, however often it was tried."""


class _Undone(Exception):
    pass


@contextmanager
def rolled_back() -> Iterator[None]:
    """Roll everything back after the block."""
    block = transaction.atomic()
    block._from_testcase = True  # as Django's own tests: a durable block may stand inside
    try:
        with block:
            yield
            raise _Undone
    except _Undone:
        pass


@contextmanager
def undone() -> Iterator[None]:
    """Run the block with triggers and foreign keys off, and roll everything back."""
    with rolled_back():
        sql("SET LOCAL session_replication_role = replica")
        yield


def sql(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


@dataclass(frozen=True)
class Row:
    """A row by its place in the table, and what should be named when it was changed (patterns, any of them)."""

    table: str
    place: str
    named: tuple[str, ...]


def tampered(random: Random, rows: list[Row], change: Callable[[Row], str]) -> tuple[Row, str]:
    """Change one of `rows` at random; return it with its new place. What the constraints refuse is drawn again."""
    for _ in range(TRIES):
        row = random.choice(rows)
        try:
            with transaction.atomic():
                place = change(row)
                if place:
                    return row, place
        except DatabaseError:
            continue
    raise Refused


def flip(random: Random, row: Row, column: str) -> str:
    """Change one value a little, or to what another row holds; return the row's new place, "" when nothing changed."""
    [[kind]] = sql(
        "SELECT udt_name FROM information_schema.columns WHERE table_name = %s AND column_name = %s",
        row.table, column,
    )  # fmt: skip
    [[old]] = sql(f"SELECT {column}::text FROM {row.table} WHERE ctid = %s::tid", row.place)
    others = [value for [value] in sql(f"SELECT DISTINCT {column}::text FROM {row.table} ORDER BY 1")]
    new = random.choice(others) if random.random() < 0.3 else _bent(random, old, kind)
    if new == old:
        return ""
    [[changed, place]] = sql(
        f"UPDATE {row.table} SET {column} = %s::{kind} WHERE ctid = %s::tid RETURNING {column}::text, ctid::text",
        new, row.place,
    )  # fmt: skip
    return place if changed != old else ""


def _bent(random: Random, old: str | None, kind: str) -> str:
    if kind == "bool":
        return "false" if old == "true" else "true"
    if kind in ("int2", "int4", "int8"):
        return str(int(old or 0) + random.choice((-1, 1, 2, 1000)))
    if kind == "date":
        [[day]] = sql("SELECT (%s::date + %s)::text", old or "2024-12-01", random.choice((-1, 1, 30)))
        return day
    if kind == "timestamptz":
        [[at]] = sql("SELECT (%s::timestamptz + interval '1 microsecond')::text", old)
        return at
    if kind == "jsonb":
        return json.dumps(_bent_json(random, json.loads(old or "{}")))
    if kind == "_varchar":
        return random.choice(("{}", "{sign_decision}", "{confirm,compile}"))
    if kind in ("bytea", "uuid"):
        digits = [
            place for place, letter in enumerate(old or "") if letter in "0123456789abcdef" and place > 1
        ]
        place = random.choice(digits)
        return f"{old[:place]}{int(old[place], 16) ^ 1 << random.randrange(4):x}{old[place + 1 :]}"
    place = random.randrange(len(old)) if old else 0
    letter = chr(ord(old[place]) ^ 1) if old else "x"
    return f"{old[:place]}{letter}{old[place + 1 :]}" if old else letter


def _bent_json(random: Random, value: Any) -> Any:
    """Change one value somewhere inside, or add one."""
    if isinstance(value, dict) and value and random.random() < 0.9:
        name = random.choice(sorted(value))
        return {**value, name: _bent_json(random, value[name])}
    if isinstance(value, list) and value and random.random() < 0.9:
        place = random.randrange(len(value))
        return [*value[:place], _bent_json(random, value[place]), *value[place + 1 :]]
    if isinstance(value, dict):
        return {**value, "forged": 1}
    if isinstance(value, list):
        return [*value, "forged"]
    if isinstance(value, bool) or value is None:
        return 1
    return value + 1 if isinstance(value, int) else f"{value}x"


def copy(row: Row, **instead: str) -> str:
    """Insert a row like another; `instead` are SQL expressions for some of its columns. Return its place."""
    columns = [
        name
        for [name] in sql(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND identity_generation IS NULL"
            " ORDER BY ordinal_position",
            row.table,
        )
    ]
    values = ", ".join(instead.get(name, name) for name in columns)
    [[place]] = sql(
        f"INSERT INTO {row.table} ({', '.join(columns)}) SELECT {values} FROM {row.table} WHERE ctid = %s::tid"
        " RETURNING ctid::text",
        row.place,
    )
    return place


def delete(row: Row) -> str:
    sql(f"DELETE FROM {row.table} WHERE ctid = %s::tid", row.place)
    return row.place


def rebuild() -> None:
    """Make every chain, head, leaf and subtree anew from the columns, as if nothing had been changed."""
    heads: dict[str, tuple[int, bytes]] = {}
    waiting = set(sql("SELECT event FROM history_unsealed"))
    places = dict(Leaf.objects.values_list("event", "number"))
    events = sorted(Event.objects.all(), key=lambda event: (places.get(event.pk, 10**9), event.pk))
    for event in events:
        sequence, before = heads.get(event.stream, (0, b""))
        event.sequence, event.previous = sequence + 1, before.hex()
        event.hash = envelope.event_hash(envelope.row_of(event))
        heads[event.stream] = event.sequence, event.hash
    sql("UPDATE history_event SET sequence = sequence + 2000000")  # out of the way of the new ones
    Event.objects.bulk_update(events, ["sequence", "previous", "hash"], batch_size=500)
    sql("DELETE FROM history_streamhead; DELETE FROM history_leaf; DELETE FROM history_node")
    StreamHead.objects.bulk_create(
        StreamHead(stream=stream, sequence=sequence, hash=value)
        for stream, (sequence, value) in heads.items()
    )
    growing, leaves, nodes = merkle.Growing(), [], []
    for event in events:
        if (event.pk,) in waiting:
            continue
        leaves.append(Leaf(number=len(leaves), event=event.pk, hash=event.hash))
        completed = growing.add(event.hash)
        nodes += [Node(level=level, position=position, hash=value) for (level, position), value in completed]
    Leaf.objects.bulk_create(leaves)
    Node.objects.bulk_create(nodes)

"""The list of files as one reads it, the latest movement first: the first so many, each page served by an index."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from nominations import rules
from nominations.models import Nomination
from nominations.rules import Held
from permissions import prepared
from permissions.catalogue import Right
from permissions.models import Officer

FEW = 300  # units up to which the newest files are fetched unit by unit; beyond, they are met in the order of time

# Each branch gives (nomination_id, since) of the files that are open for one reason, the newest first.
UNIT_BY_UNIT = """
    SELECT r.nomination_id, r.since FROM unnest(%s::bigint[]) AS held (unit_id) CROSS JOIN LATERAL (
        SELECT nomination_id, since FROM nominations_reach WHERE unit_id = held.unit_id
        ORDER BY since DESC, nomination_id DESC LIMIT %s) r"""
BY_TIME = """
    SELECT DISTINCT since, nomination_id FROM nominations_reach WHERE unit_id = ANY(%s)
    ORDER BY since DESC, nomination_id DESC LIMIT %s"""
BELOW = """
    SELECT DISTINCT r.since, r.nomination_id FROM nominations_reach r
    WHERE r.own AND r.unit_id IN (SELECT unit_id FROM permissions_unitclosure WHERE ancestor_id = ANY(%s))
    ORDER BY r.since DESC, r.nomination_id DESC LIMIT %s"""


def newest(officer: Officer, held: Held, *, limit: int, offset: int = 0) -> list[int]:
    """Return the keys of `limit` files that `officer` may read, by (-since, -pk), from `offset` on; one statement.

    `held` are the units at which the officer holds each right today. The same files in the same
    order as `rules.nominations_for`, which says what it means (tests/nominations/test_newest.py).
    """
    asked = question(officer, held, limit=limit, offset=offset)
    if asked is None:
        return []
    sql, values = asked
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [key for key, _since in cursor.fetchall()]


def question(officer: Officer, held: Held, *, limit: int, offset: int = 0) -> tuple[str, list[Any]] | None:
    """Return the one statement of `newest` with its values; None when nothing can be open."""
    branches = list(_branches(officer, held, limit + offset))
    if not branches:
        return None
    parts = [
        f"SELECT nomination_id, since FROM ({sql}) AS b{number}"  # noqa: S608 (our own words; values go apart)
        for number, (sql, _values) in enumerate(branches)
    ]
    sql = f"{' UNION '.join(parts)} ORDER BY since DESC, nomination_id DESC LIMIT %s OFFSET %s"
    return sql, [value for _sql, values in branches for value in values] + [limit, offset]


def _branches(officer: Officer, held: Held, most: int) -> Sequence[tuple[str, list[Any]]]:
    found: list[tuple[str, list[Any]]] = []
    read = held.get(Right.READ, [])
    if read:
        found.append((UNIT_BY_UNIT if len(read) <= FEW else BY_TIME, [list(read), most]))
    if Right.AUDIT in held:
        found.append((BELOW, [list(held[Right.AUDIT]), most]))
    for right in (Right.READ_DECISIONS, Right.REROUTE):
        if right not in held:
            continue
        asked = prepared.text(_newest_of, officer, rules.OPENED_BY[right], most)
        if asked is None:
            continue
        sql, values = asked
        named = f"SELECT f.id AS nomination_id, f.since FROM ({sql}) AS f (id, since)"  # noqa: S608
        found.append((named, list(values)))
    return found


def _newest_of(officer: Officer, rule: Callable[[Officer], Q], most: int) -> QuerySet[Any]:
    return (
        Nomination.objects.filter(rule(officer)).order_by("-since", "-pk")[:most].values_list("pk", "since")
    )

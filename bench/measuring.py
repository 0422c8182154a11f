"""How a benchmark measures: sides in turn, medians, the time in the database apart, and what is said of it."""

import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


@dataclass(frozen=True)
class Plan:
    """What the database says of one statement: milliseconds, and tables it read from end to end."""

    milliseconds: float
    scanned: frozenset[str]
    rows: int


def in_turn(sides: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """Run each side once a round, in turn; return the median of each in milliseconds."""
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _round in range(rounds):
        for name, side in sides.items():
            begun = time.perf_counter()
            side()
            times[name].append((time.perf_counter() - begun) * 1000)
    return {name: statistics.median(values) for name, values in times.items()}


def statements(action: Callable[[], Any]) -> list[str]:
    """Return the SQL that an action sends."""
    with CaptureQueriesContext(connection) as captured:
        action()
    return [query["sql"] for query in captured]


def plan_of(queryset: Any, rounds: int = 5) -> Plan:
    """Explain a queryset some times; return the median of planning and execution, and the tables scanned whole."""
    sql, parameters = queryset.query.sql_with_params()
    return plan_of_sql(sql, rounds, parameters)


def plan_of_sql(sql: str, rounds: int = 5, parameters: Any = None) -> Plan:
    """Explain a statement as `plan_of` does."""
    found = []
    for _round in range(rounds):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", parameters)
            answer = cursor.fetchone()[0]
            found.append((json.loads(answer) if isinstance(answer, str) else answer)[0])
    middle = statistics.median(told["Planning Time"] + told["Execution Time"] for told in found)
    return Plan(middle, frozenset(_scanned(found[-1]["Plan"])), found[-1]["Plan"]["Actual Rows"])


def _scanned(node: dict[str, Any]) -> list[str]:
    here = (
        [node["Relation Name"]]
        if node["Node Type"] in ("Seq Scan", "Parallel Seq Scan") and node["Actual Loops"]
        else []
    )
    return here + [name for child in node.get("Plans", []) for name in _scanned(child)]


@dataclass
class Report:
    """The figures in the order in which they were measured, each with its limit."""

    lines: list[str] = field(default_factory=list)
    missed: int = 0

    def figure(self, what: str, value: float, unit: str, limit: float, *, at_least: bool = False) -> None:
        """Print one figure and whether it keeps its limit."""
        kept = value >= limit if at_least else value <= limit
        self.missed += not kept
        sign = "≥" if at_least else "≤"
        self.say(f"{'ok     ' if kept else 'NOT MET'}  {what}: {value:.2f} {unit} ({sign} {limit:g})")

    def fact(self, what: str, holds: bool) -> None:
        self.missed += not holds
        self.say(f"{'ok     ' if holds else 'NOT MET'}  {what}")

    def say(self, line: str) -> None:
        self.lines.append(line)
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

"""The tree of units as on a day: who stands below whom, and on which days it changed."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from permissions.models import Appointment, Unit, UnitParent
from permissions.text import search_key


@dataclass(frozen=True)
class Node:
    """A unit in its place in the tree of the day."""

    unit: Unit
    depth: int
    parent: Unit | None
    posts: int  # held there on the day


def as_on(day: date) -> list[Node]:
    """Return every unit of the legal day in the order of the tree; three statements."""
    units = {unit.pk: unit for unit in Unit.objects.on(day).order_by("name_sort", "code")}
    parents = dict(UnitParent.objects.on(day).order_by("pk").values_list("unit", "parent"))
    posts = Counter(Appointment.objects.on(day).order_by().values_list("unit", flat=True))
    below: dict[int | None, list[int]] = {}
    for key in units:
        parent = parents.get(key)
        below.setdefault(parent if parent in units else None, []).append(key)
    found: list[Node] = []

    def walk(parent: int | None, depth: int) -> None:
        for key in below.get(parent, []):
            above = units[parent] if parent is not None else None
            found.append(Node(units[key], depth, above, posts[key]))
            walk(key, depth + 1)

    walk(None, 0)
    return found


def narrowed(nodes: list[Node], words: str = "", kind: str = "") -> list[Node]:
    """Return the nodes whose name or code matches, of a kind if one is given."""
    key = search_key(words)
    return [
        node
        for node in nodes
        if (not words or key in node.unit.name_search or words == node.unit.code)
        and (not kind or node.unit.kind == kind)
    ]


def days_of_change() -> list[date]:
    """Return the days on which a unit or a link of the tree began or ended, in order; one statement."""
    begun = Unit.objects.order_by().values_list("valid_from")
    rows = begun.union(
        Unit.objects.order_by().exclude(valid_to=None).values_list("valid_to"),
        UnitParent.objects.order_by().values_list("valid_from"),
        UnitParent.objects.order_by().exclude(valid_to=None).values_list("valid_to"),
    )
    return sorted(day for (day,) in rows)


def neighbours(days: list[date], day: date) -> tuple[date | None, date | None]:
    """Return the last change before `day` and the first after it: the two ends of the slider."""
    before = [other for other in days if other < day]
    after = [other for other in days if other > day]
    return (before[-1] if before else None), (after[0] if after else None)

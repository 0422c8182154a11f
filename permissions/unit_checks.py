"""What rows of unit files must hold among themselves and with what is stored, before a word is written."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from permissions.models import Unit, UnitParent, UnitSuccessor
from permissions.unit_files import (
    PARENTS,
    SUCCESSORS,
    UNITS,
    Files,
    Key,
    ParentRow,
    Period,
    Problem,
)

Refuse = Callable[[int, str, str], None]


@dataclass(frozen=True)
class Stored:
    """What the database already holds, by the keys that the files use."""

    units: Mapping[Key, Unit]
    parents: Mapping[tuple[Key, date], UnitParent]
    successors: Mapping[tuple[Key, Key], UnitSuccessor]


def stored() -> Stored:
    """Return the units, links and successors in the database (three statements)."""
    units = {(unit.code, unit.valid_from): unit for unit in Unit.objects.all()}
    keys = {unit.pk: key for key, unit in units.items()}
    return Stored(
        units,
        {
            (keys[link.unit_id], link.valid_from): link
            for link in UnitParent.objects.select_related("unit", "parent")
        },
        {(keys[item.old_id], keys[item.new_id]): item for item in UnitSuccessor.objects.all()},
    )


def check(files: Files, known: Stored) -> list[Problem]:
    """Return every rule that the files break, those of single cells included, in file order."""
    periods = {key: (unit.valid_from, unit.valid_to) for key, unit in known.units.items()}
    told = {row.key: row.row for row in files.units}
    periods |= {row.key: row.period for row in files.units}
    _check_units(files, periods, told)
    _check_parents(files, known, periods)
    _check_successors(files, known, periods)
    order = (UNITS, PARENTS, SUCCESSORS)
    return sorted(files.problems, key=lambda problem: (order.index(problem.file), problem.row))


def _check_units(files: Files, periods: Mapping[Key, Period], told: Mapping[Key, int]) -> None:
    """One code belongs to one unit on any day."""
    _refuse_repeated(files, UNITS, ((row.row, row.key) for row in files.units), "code")
    by_code: dict[str, list[tuple[Period, int | None]]] = defaultdict(list)
    for key, period in periods.items():
        by_code[key[0]].append((period, told.get(key)))
    rule = _("the code belongs to another unit in these days: end that unit first.")
    _refuse_overlaps(files, UNITS, "code", by_code.values(), rule)


def _check_parents(files: Files, known: Stored, periods: Mapping[Key, Period]) -> None:
    """One parent on any day, within the days of both; a stored link can only be ended earlier."""
    refuse = _refusing(files, PARENTS)
    links = [(row.row, (row.unit, row.period[0])) for row in files.parents]
    _refuse_repeated(files, PARENTS, links, "valid_from")
    told = {(row.unit, row.period[0]) for row in files.parents}
    by_unit: dict[Key, list[tuple[Period, int | None]]] = defaultdict(list)
    for (unit, start), link in known.parents.items():
        if (unit, start) not in told:
            by_unit[unit].append(((start, link.valid_to), None))
    for row in files.parents:
        by_unit[row.unit].append((row.period, row.row))
        for column, key in (("unit_code", row.unit), ("parent_code", row.parent)):
            if key not in periods:
                refuse(row.row, column, _no_such_unit(key))
            elif not _within(row.period, periods[key]):
                rule = _("the row must lie within the days of %(code)s.") % {"code": key[0]}
                refuse(row.row, "valid_from", rule)
        _check_stored_link(row, known.parents.get((row.unit, row.period[0])), refuse)
    rule = _("the unit has another parent in these days.")
    _refuse_overlaps(files, PARENTS, "valid_from", by_unit.values(), rule)


def _check_stored_link(row: ParentRow, link: UnitParent | None, refuse: Refuse) -> None:
    if link is None:
        return
    end = row.period[1]
    if (link.parent.code, link.parent.valid_from) != row.parent:
        refuse(row.row, "parent_code", _("is stored otherwise: end that row and add another."))
    elif end != link.valid_to and (end is None or (link.valid_to and end > link.valid_to)):
        refuse(row.row, "valid_to", _("is stored with an earlier end: add another row instead."))


def _check_successors(files: Files, known: Stored, periods: Mapping[Key, Period]) -> None:
    """The new unit is there on the day; the old one began before it."""
    refuse = _refusing(files, SUCCESSORS)
    _refuse_repeated(
        files, SUCCESSORS, ((row.row, (row.old, row.new)) for row in files.successors), "new_code"
    )
    for row in files.successors:
        for column, key in (("old_code", row.old), ("new_code", row.new)):
            if key not in periods:
                refuse(row.row, column, _no_such_unit(key))
        if row.new in periods and not _within((row.on, row.on), periods[row.new]):
            refuse(row.row, "on", _("the successor must exist on this day."))
        if row.old in periods and row.on <= row.old[1]:
            refuse(row.row, "on", _("the former unit must have begun before this day."))
        item = known.successors.get((row.old, row.new))
        if item and item.on != row.on:
            refuse(row.row, "on", _("is stored with another day."))


def _refusing(files: Files, name: str) -> Refuse:
    return lambda row, column, rule: files.problems.append(Problem(name, row, column, rule))


def _refuse_repeated(files: Files, name: str, keys: Iterable[tuple[int, Any]], column: str) -> None:
    first: dict[Any, int] = {}
    for row, key in keys:
        if key in first:
            rule = _("repeats row %(row)s.") % {"row": first[key]}
            files.problems.append(Problem(name, row, column, rule))
        first.setdefault(key, row)


def _refuse_overlaps(
    files: Files, name: str, column: str, groups: Iterable[list[tuple[Period, int | None]]], rule: str
) -> None:
    """Refuse periods of a group that share a day; the later row is named, if it is of the file."""
    for group in groups:
        reach, reaching = date.min, 0
        starts: set[date] = set()
        for (start, end), row in sorted(group, key=lambda item: item[0][0]):
            if start < reach and start not in starts:  # the same first day is named as repeated
                files.problems.append(Problem(name, row or reaching, column, rule))
            starts.add(start)
            if (end or date.max) > reach:
                reach, reaching = end or date.max, row or 0


def _within(inner: Period, outer: Period) -> bool:
    starts = outer[0] <= inner[0]
    if outer[1] is None:
        return starts
    return starts and inner[0] < outer[1] and inner[1] is not None and inner[1] <= outer[1]


def _no_such_unit(key: Key) -> str:
    return _("no unit %(code)s begins on %(day)s.") % {"code": key[0], "day": key[1].isoformat()}

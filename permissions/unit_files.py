"""Units as CSV files tell them: typed rows, and every cell that breaks a rule.

The files are described in `data/README.md`. A row is named by its line in the file, as a
spreadsheet shows it (the header is line 1).
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from permissions.catalogue import UnitKind
from permissions.models import Unit, UnitSuccessor
from permissions.text import normalised

Key = tuple[str, date]  # official code and first day
Period = tuple[date, date | None]  # half-open

UNITS, PARENTS, SUCCESSORS = "units.csv", "parents.csv", "successors.csv"
COLUMNS = {
    UNITS: ("code", "kind", "name", "name_en", "valid_from", "valid_to", "source"),
    PARENTS: (
        "unit_code", "unit_valid_from", "parent_code", "parent_valid_from", "valid_from", "valid_to",
        "source",
    ),
    SUCCESSORS: ("old_code", "old_valid_from", "new_code", "new_valid_from", "on", "source"),
}  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """A rule that a row breaks."""

    file: str
    row: int
    column: str
    rule: str

    def __str__(self) -> str:
        where = {"file": self.file, "row": self.row, "column": self.column, "rule": self.rule}
        return _("%(file)s, row %(row)s, column %(column)s: %(rule)s") % where


@dataclass(frozen=True)
class UnitRow:
    row: int
    key: Key
    facts: dict[str, Any]  # as the model's fields: kind, name, valid_to, source

    @property
    def period(self) -> Period:
        return self.key[1], self.facts["valid_to"]


@dataclass(frozen=True)
class ParentRow:
    row: int
    unit: Key
    parent: Key
    period: Period


@dataclass(frozen=True)
class SuccessorRow:
    row: int
    old: Key
    new: Key
    on: date
    source: str


@dataclass
class Files:
    """What the three files say, and every rule that they break."""

    units: list[UnitRow] = field(default_factory=list)
    parents: list[ParentRow] = field(default_factory=list)
    successors: list[SuccessorRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(folder: Path) -> Files:
    """Return the rows of the files in `folder`; a row with a key is kept even when a cell is bad.

    Raises FileNotFoundError when a file is missing and UnicodeDecodeError when one is not UTF-8.
    """
    files = Files()
    for cells in _cells(folder, UNITS, files.problems):
        if row := _unit(cells):
            files.units.append(row)
    for cells in _cells(folder, PARENTS, files.problems):
        if link := _parent(cells):
            files.parents.append(link)
    for cells in _cells(folder, SUCCESSORS, files.problems):
        if successor := _successor(cells):
            files.successors.append(successor)
    return files


class _Cells:
    """One line of a file: gives typed cells, and notes each cell that breaks a rule."""

    def __init__(self, file: str, row: int, values: dict[str, str], problems: list[Problem]):
        self.file, self.row, self.values, self.problems = file, row, values, problems
        self.sound = True

    def refuse(self, column: str, rule: str) -> None:
        self.sound = False
        self.problems.append(Problem(self.file, self.row, column, rule))

    def text(self, column: str, longest: int | None) -> str:
        value = self.values[column]
        if not value:
            self.refuse(column, _("must not be empty."))
        elif value != normalised(value):
            self.refuse(column, _("must be Unicode NFC, without invisible or doubled spaces."))
        elif longest and len(value) > longest:
            self.refuse(column, _("takes at most %(count)s characters.") % {"count": longest})
        return value

    def day(self, column: str, *, may_be_empty: bool = False) -> date | None:
        value = self.values[column]
        if not value and may_be_empty:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.refuse(column, _("must be a day such as 2025-07-01."))
            return None

    def end(self, start: date | None) -> date | None:
        end = self.day("valid_to", may_be_empty=True)
        if start and end and end <= start:
            self.refuse("valid_to", _("must lie after valid_from: it is the first day no longer included."))
            return None
        return end


def _cells(folder: Path, name: str, problems: list[Problem]) -> Iterator[_Cells]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, restkey="")
        if tuple(reader.fieldnames or ()) != COLUMNS[name]:
            rule = _("the columns must be %(columns)s.") % {"columns": ", ".join(COLUMNS[name])}
            problems.append(Problem(name, 1, "*", rule))
            return
        for values in reader:
            if "" in values or None in values.values():
                rule = _("the row must have %(count)s cells.") % {"count": len(COLUMNS[name])}
                problems.append(Problem(name, reader.line_num, "*", rule))
                continue
            yield _Cells(name, reader.line_num, values, problems)


def _longest(column: str) -> int | None:
    return getattr(Unit._meta.get_field(column), "max_length", None)


def _unit(cells: _Cells) -> UnitRow | None:
    code = cells.text("code", _longest("code"))
    facts: dict[str, Any] = {
        "kind": cells.values["kind"],
        "name": cells.text("name", _longest("name")),
        "source": cells.text("source", _longest("source")),
    }
    if facts["kind"] not in UnitKind.values:
        cells.refuse("kind", _("must be one of %(kinds)s.") % {"kinds": ", ".join(UnitKind.values)})
    start = cells.day("valid_from")
    facts["valid_to"] = cells.end(start)
    return UnitRow(cells.row, (code, start), facts) if code and start else None


def _parent(cells: _Cells) -> ParentRow | None:
    unit, parent = _key(cells, "unit"), _key(cells, "parent")
    cells.text("source", None)
    start = cells.day("valid_from")
    end = cells.end(start)
    if unit and unit == parent:
        cells.refuse("parent_code", _("a unit cannot stand under itself."))
    if cells.sound and unit and parent and start:
        return ParentRow(cells.row, unit, parent, (start, end))
    return None


def _successor(cells: _Cells) -> SuccessorRow | None:
    old, new, on = _key(cells, "old"), _key(cells, "new"), cells.day("on")
    source = cells.text("source", UnitSuccessor._meta.get_field("source").max_length)
    if old and old == new:
        cells.refuse("new_code", _("a unit cannot succeed itself."))
    return SuccessorRow(cells.row, old, new, on, source) if cells.sound and old and new and on else None


def _key(cells: _Cells, prefix: str) -> Key | None:
    code = cells.text(f"{prefix}_code", _longest("code"))
    start = cells.day(f"{prefix}_valid_from")
    return (code, start) if start else None

"""Nominees from rows: pasted from a spreadsheet or read from XLSX, each checked as if typed; all or none."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nominations.drafts import NomineeInput, coded, default_period
from nominations.file import File
from nominations.forms import MOST_NOMINEES, NomineeForm
from nominations.models import Criterion, Nomination, Nominee
from nominations.models.programmes import NomineeKind
from permissions.grids import MOST_ROWS, Row, check_cells
from permissions.identity import identity_hash
from permissions.models import Officer, Unit
from permissions.text import normalised_lines, search_key

# What a sheet asks of a nominee before the points, in order; the rest is done on the page.
FIELDS = (
    "kind",
    "name",
    "title",
    "unit_name",
    "identity",
    "achieved_from",
    "achieved_to",
    "is_direct_worker",
    "is_grassroots",
)
WHO = ("kind", "name", "title", "unit_name")  # by which people without a number are told apart
MARKS = ("is_direct_worker", "is_grassroots")
YES, NO = frozenset({"x", "co", "1", "true", "yes"}), frozenset({"", "0", "khong", "false", "no"})
MOST_EARLIER = 200
EARLIEST = date(1990, 1, 1)  # spreadsheets make days of about 1900 from cells that hold no day


@dataclass(frozen=True)
class Column:
    name: str  # of the field of NomineeForm
    heading: str


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell of a sheet: its row as the sheet counts, column, value, rule and remedy."""

    row: int
    column: str
    heading: str
    value: str
    message: str

    def __str__(self) -> str:
        where = _("Row %(row)s, %(column)s") % {"row": self.row, "column": self.heading}
        return f"{where} “{self.value}”: {self.message}" if self.value else f"{where}: {self.message}"


@dataclass
class Report:
    """What rows would add to a file, or everything that is wrong with them."""

    columns: list[Column]
    rows: list[Row]
    nominees: list[NomineeInput] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def columns(criteria: Sequence[Criterion]) -> list[Column]:
    """Return the columns of a sheet for a file that is judged by `criteria`, in order."""
    labels = NomineeForm.base_fields
    named = [Column(name, str(labels[name].label)) for name in FIELDS]
    # A criterion may be called as a mark is ("works at the grassroots"): its points say that they are points.
    points = [
        Column(f"points_{criterion.code}", _("Points: %(criterion)s") % {"criterion": criterion})
        for criterion in criteria
    ]
    return [*named, *points, Column("report", str(labels["report"].label))]


def split(text: str) -> list[Row]:
    """Return rows copied from a spreadsheet: a line each, cells parted by tabs, quoted where a cell has lines.

    Raises ValidationError for "rows": more than MOST_ROWS, a cell that is too long, or a character that nobody
    types; nothing is made regular before.
    """
    parted = csv.reader(io.StringIO(text.replace("\r\n", "\n")), delimiter="\t")
    try:
        # With a row of headings, and one that tells that there are more.
        found = list(islice(enumerate(parted, start=1), MOST_ROWS + 2))
    except csv.Error as error:
        where = {"line": parted.line_num, "most": csv.field_size_limit()}
        said = _(
            "Line %(line)s: a cell is longer than %(most)s characters, or a quotation mark is not closed."
        )
        raise ValidationError({"rows": said % where}) from error
    if len(found) > MOST_ROWS + 1:
        said = _("More than %(most)s rows were pasted: split them, or bring them as a long list.")
        raise ValidationError({"rows": said % {"most": MOST_ROWS}})
    check_cells(found, "rows")
    rows = [(number, [normalised_lines(cell) for cell in cells]) for number, cells in found]
    return [row for row in rows if any(row[1])]


def join(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as they are copied from a spreadsheet: the reverse of `split`."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter="\t", lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def arranged(rows: Sequence[Row], known: Sequence[Column]) -> list[Row]:
    """Return `rows` with their cells in the order of the `known` columns, without the headings if the first row is."""
    places = _headings(rows[0][1], known) if rows else None
    if places is None:
        return [(number, cells[: len(known)]) for number, cells in rows]
    order = [places.get(column.name, -1) for column in known]
    return [
        (number, [cells[place] if 0 <= place < len(cells) else "" for place in order])
        for number, cells in rows[1:]
    ]


def check(file: File, rows: Sequence[Row]) -> Report:
    """Check every row as the form of a nominee of `file` would be checked; the first may hold headings.

    One pass without statements, however many rows. A report with faults adds nobody.
    """
    report = checked(file, arranged(rows, columns(file.criteria)))
    room = MOST_NOMINEES - len(file.nominees)
    if len(report.rows) > room:
        message = ngettext(
            "A file holds at most %(most)s nominees: there is room for %(room)s more.",
            "A file holds at most %(most)s nominees: there is room for %(room)s more.",
            room,
        ) % {"most": MOST_NOMINEES, "room": room}
        report.faults.append(Fault(report.rows[room][0], "name", report.columns[1].heading, "", message))
    return report


def checked(file: File, rows: Sequence[Row], before: Sequence[NomineeInput] = ()) -> Report:
    """Check rows whose cells are in the order of the columns; `before` came before them in the same list."""
    report = Report(columns(file.criteria), list(rows))
    seen = _Seen(file, before)
    for number, cells in rows:
        values = {column.name: cell for column, cell in zip(report.columns, cells, strict=False)}
        _check(report, file, number, values, seen)
    return report


class _Seen:
    """Who is in the file or in the sheet already."""

    def __init__(self, file: File, before: Sequence[NomineeInput]):
        self.numbers = {n.identity_hash: n.name for n in file.nominees if n.identity_hash}
        self.people = {_person(n.kind, n.name, n.title, n.unit_name): n.name for n in file.nominees}
        for entry in before:
            values, (number, _tail) = entry.values, coded(entry)
            self.numbers |= {number: values["name"]} if number else {}
            self.people[_person(*(values[name] for name in WHO))] = values["name"]

    def again(self, data: Mapping[str, Any]) -> tuple[str, str] | None:
        """Return the column and the reason if this nominee is there already; note it otherwise."""
        number = identity_hash(data["identity"]) if data["identity"] else ""
        person = _person(*(data[name] for name in WHO))
        if number and number in self.numbers:
            return "identity", _("The same number as %(name)s.") % {"name": self.numbers[number]}
        if person in self.people:
            return "name", _("The same name, position and unit as another nominee of this file.")
        self.numbers |= {number: data["name"]} if number else {}
        self.people[person] = data["name"]
        return None


def _person(*words: str) -> tuple[str, ...]:
    return tuple(search_key(word) for word in words)


def _headings(cells: Sequence[str], known: Sequence[Column]) -> dict[str, int] | None:
    """Return the place of each column if `cells` are headings (at least two known ones), else None."""
    names = {search_key(column.heading): column.name for column in known}
    found = {
        names[key]: place
        for place, cell in enumerate(cells)
        if (key := search_key(cell.rstrip(" *"))) in names
    }
    return found if len(found) > 1 else None


def _check(report: Report, file: File, number: int, values: dict[str, str], seen: _Seen) -> None:
    headings = {column.name: column.heading for column in report.columns}

    def bad(name: str, message: str) -> None:
        report.faults.append(Fault(number, name, headings.get(name, name), values.get(name, ""), message))

    data, start, end = dict(values), *default_period(file.nomination.round.year)
    data["kind"] = _kind(values.get("kind", ""), bad)
    data["unit_name"] = values.get("unit_name") or file.nomination.unit.name
    data["achieved_from"] = values.get("achieved_from") or f"{start:%d/%m/%Y}"
    data["achieved_to"] = values.get("achieved_to") or f"{end:%d/%m/%Y}"
    for name in MARKS:
        data[name] = _mark(name, values.get(name, ""), bad)
    form = _form(data, file)
    for name, messages in form.errors.items():
        for message in messages:
            bad(name, str(message))
    if form.errors:
        return
    for name in ("achieved_from", "achieved_to"):
        if form.cleaned_data[name] < EARLIEST:
            bad(name, _("This day is too long ago to be meant: write it as dd/mm/yyyy."))
            return
    again = seen.again(form.cleaned_data)
    if again:
        bad(*again)
        return
    report.nominees.append(form.as_input())


def _form(data: Mapping[str, Any], file: File) -> NomineeForm:
    return NomineeForm(
        data,
        criteria=file.criteria,
        accounts=Officer.objects.none(),
        account_choices=[("", "")],
        bodies=Unit.objects.none(),
        body_choices=[("", "")],
        usual={},
    )


def _kind(word: str, bad: Any) -> str:
    key = search_key(word)
    for kind in NomineeKind:
        if key in (search_key(str(kind.label)), kind.value):
            return str(kind.value)
    if key:
        words = _(" or ").join(f"“{kind.label}”" for kind in NomineeKind)
        bad("kind", _("Write %(words)s.") % {"words": words})
    return str(NomineeKind.INDIVIDUAL.value)


def _mark(name: str, word: str, bad: Any) -> str:
    key = search_key(word)
    if key not in YES | NO:
        bad(name, _("Write “x” for yes, or leave the cell empty."))
    return "on" if key in YES else ""


def earlier(nomination: Nomination) -> list[Nominee]:
    """Return whom the unit of `nomination` put forward in earlier rounds, the latest first, each once."""
    rows = Nominee.objects.filter(
        nomination__unit=nomination.unit_id,
        nomination__round__year__lt=nomination.round.year,
        present=True,
    ).select_related("officer", "body", "nomination__round")
    found: dict[tuple[str, ...], Nominee] = {}
    for nominee in rows.order_by("-nomination__round__year", "name_sort", "pk")[:MOST_EARLIER]:
        found.setdefault(_person(nominee.kind, nominee.name, nominee.title), nominee)
    return list(found.values())


def copied(nominee: Nominee) -> NomineeInput:
    """Return a nominee of an earlier file as a new one: who they are, not what they did."""
    names = ("kind", "name", "title", "unit_name", "is_direct_worker", "is_grassroots")
    return NomineeInput(
        {name: getattr(nominee, name) for name in names},
        officer=nominee.officer,
        body=nominee.body,
        coded=(nominee.identity_hash, nominee.identity_tail),
    )

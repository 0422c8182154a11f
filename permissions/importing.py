"""Officers and posts from an XLSX file: every bad row reported at once, and nothing half-imported."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history import kinds
from history.ledger import Entry, record_many
from permissions import appointing, grids
from permissions.identity import identity_hash
from permissions.models import Officer, PendingAppointment, Unit
from permissions.text import name_sort_key, search_key

DATE_FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d")

# The columns of the sheet, in order: name, heading, whether every row needs it.
COLUMNS: tuple[tuple[str, Any, bool], ...] = (
    ("username", gettext_lazy("User name"), True),
    ("full_name", gettext_lazy("Full name"), True),
    ("email", gettext_lazy("E-mail"), False),
    ("identity", gettext_lazy("Personal identity number"), False),
    ("role", gettext_lazy("Role"), True),
    ("unit", gettext_lazy("Code of the unit"), True),
    ("position", gettext_lazy("Position, as printed"), True),
    ("first", gettext_lazy("First day"), True),
    ("last", gettext_lazy("Last day"), False),
    ("document", gettext_lazy("Legal document"), True),
)
NAMES = [name for name, _heading, _owed in COLUMNS]


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell: the rule and the remedy."""

    row: int  # as the spreadsheet counts
    column: str
    value: str
    message: str

    @property
    def heading(self) -> str:
        return next((str(heading) for name, heading, _owed in COLUMNS if name == self.column), self.column)


@dataclass
class Line:
    """One row as read: the text of each cell, and what it means once it is checked."""

    row: int
    cells: dict[str, str]
    role: str = ""
    unit: Unit | None = None
    first: date | None = None
    end: date | None = None  # the day after the last
    faults: list[Fault] = field(default_factory=list)

    def bad(self, column: str, message: str) -> None:
        self.faults.append(Fault(self.row, column, self.cells.get(column, ""), message))


@dataclass(frozen=True)
class Report:
    """What a file would do: new officers, posts, proposals; or what is wrong with it."""

    lines: list[Line]
    known: dict[str, Officer]

    @property
    def faults(self) -> list[Fault]:
        return [fault for line in self.lines for fault in line.faults]

    @property
    def new_officers(self) -> list[str]:
        return [
            name
            for name in dict.fromkeys(line.cells["username"] for line in self.lines)
            if name not in self.known
        ]


def read(content: bytes) -> list[Line]:
    """Read the first sheet of an XLSX file. Raises ValidationError for anything that is not one in our shape."""
    return [
        Line(number, {name: row[place] if place < len(row) else "" for place, name in enumerate(NAMES)})
        for number, row in grids.read(content)
    ]


@transaction.atomic
def write(report: Report, by: Officer) -> tuple[int, int, int]:
    """Store a report without faults; return how many officers, posts and proposals. All or nothing.

    Raises ValidationError when there are faults, or when something no longer fits at the last moment.
    """
    if report.faults:
        raise ValidationError({"file": _("Nothing was imported: correct the rows first.")})
    officers = dict(report.known)
    first = {line.cells["username"]: line for line in reversed(report.lines)}
    made = Officer.objects.bulk_create([_officer(first[name]) for name in report.new_officers])
    officers |= {officer.username: officer for officer in made}
    record_many(
        [
            Entry(
                stream=f"officer:{officer.uid}", kind=kinds.OFFICER_CREATED, actor=str(by.uid),
                text={"officer": officer.full_name, "by": by.full_name},
            )
            for officer in made
        ]
    )  # fmt: skip
    given = [_appoint(line, officers[line.cells["username"]], by) for line in report.lines]
    proposals = sum(isinstance(post, PendingAppointment) for post in given)
    return len(made), len(given) - proposals, proposals


def _appoint(line: Line, officer: Officer, by: Officer) -> Any:
    assert line.unit is not None and line.first is not None, "checked before"
    return appointing.appoint(
        officer, line.role, line.unit, position=line.cells["position"], document=line.cells["document"],
        valid_from=line.first, valid_to=line.end, by=by,
    )  # fmt: skip


def _officer(line: Line) -> Officer:
    cells = line.cells
    officer = Officer(
        username=cells["username"],
        full_name=cells["full_name"],
        name_sort=name_sort_key(cells["full_name"]),
        name_search=search_key(cells["full_name"]),
        email=cells["email"],
        identity_hash=identity_hash(cells["identity"]) if cells["identity"] else "",
    )
    officer.set_unusable_password()
    return officer

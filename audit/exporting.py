"""What was found, as CSV or XLSX: first what was asked, by whom and when, then the events."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import xlsxwriter
from django.db import transaction
from django.utils.translation import gettext as _

from audit.rows import Told
from history import checkpoints, clock, kinds
from history.ledger import Entry, record
from permissions.audit import spreadsheet_safe
from permissions.models import Officer

MOST = 50_000  # events of one file
Line = list[str]
Asked = Sequence[tuple[str, str, str]]  # name of a filter, its label, what was asked


def heading(officer: Officer, asked: Asked, at: datetime, count: int, more: bool) -> list[Line]:
    """Return the first lines of an export: by whom, when, of which state of the ledger, what was asked, how much."""
    last = checkpoints.latest()
    code = _("No. %(number)s · %(code)s") % {
        "number": last.number, "code": checkpoints.short_code(last.root)
    } if last else _("none yet")  # fmt: skip
    shown = _("%(count)s, the newest; more were found") if more else "%(count)s"
    return [
        [_("Events from the history")],
        [_("Exported by"), f"{officer.full_name} ({officer.username})"],
        [_("Exported at"), f"{clock.local(at):%d/%m/%Y %H:%M:%S}"],
        [_("Last checkpoint"), code],
        *([_("Filter: %(label)s") % {"label": label}, value] for _name, label, value in asked),
        [_("Events"), shown % {"count": count}],
        [],
    ]


def note(officer: Officer, form: str, asked: Asked, count: int) -> None:
    """Record an export, before anything of it leaves, among what the officer read."""
    with transaction.atomic():
        record(
            Entry(
                stream=f"readings:{officer.uid}",
                kind=kinds.LEDGER_EXPORTED,
                actor=str(officer.uid),
                role="auditor",
                action="export",
                data={"rows": count, "format": form},
                text={"actor": officer.full_name, "filters": {name: value for name, _label, value in asked}},
            )
        )


def as_csv(first: Iterable[Line], pieces: Iterable[Sequence[Told]]) -> Iterator[str]:
    """Yield the lines of a CSV that a spreadsheet reads as UTF-8 and of which it takes no cell for a formula."""
    yield "\ufeff"
    yield _written([*first, list(_heads())])
    for piece in pieces:
        yield _written(_cells(row) for row in piece)


def as_xlsx(first: Iterable[Line], pieces: Iterable[Sequence[Told]]) -> io.BytesIO:
    """Return the same as a workbook; every cell is text."""
    buffer = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet, bold = book.add_worksheet(_("Events")), book.add_format({"bold": True})
        sheet.set_column(0, len(_heads()) - 1, 22)
        opening = [*first, list(_heads())]
        for number, line in enumerate(opening):
            last = number == len(opening) - 1
            for place, text in enumerate(line):
                sheet.write_string(number, place, text, bold if last or not place else None)
        every = (row for piece in pieces for row in piece)
        for number, row in enumerate(every, start=len(opening)):
            for place, text in enumerate(_cells(row)):
                sheet.write_string(number, place, text)
    buffer.seek(0)
    return buffer


def _heads() -> tuple[str, ...]:
    return (
        _("Time"), _("Legal day"), _("Officer"), _("Post and unit"), _("Role"), _("Act"), _("State"), _("About"),
        _("Reason"), _("Automatic"), _("Event"),
    )  # fmt: skip


def _cells(row: Told) -> Line:
    return [
        f"{row.at:%d/%m/%Y %H:%M:%S}", f"{row.legal_day:%d/%m/%Y}", row.who, row.post, row.role, row.what,
        row.moved, " · ".join(filter(None, [row.about, row.about_more])), row.why,
        _("Yes") if row.automatic else "", row.name,
    ]  # fmt: skip


def _written(lines: Iterable[Line]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerows([spreadsheet_safe(cell) for cell in line] for line in lines)
    return buffer.getvalue()

"""XLSX files that the system writes: the template for officers and posts, and a refused file with its faults."""

import io
from collections.abc import Sequence

import xlsxwriter
from django.utils.translation import gettext as _

from permissions.catalogue import ROLES
from permissions.importing import COLUMNS, NAMES, Fault, Line
from permissions.models import Unit

ROWS = 1000  # rows of the template that offer the lists


def template(units: Sequence[Unit]) -> bytes:
    """Return an empty list with drop-downs for roles and codes of units; numbers stay text."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet, lists = _sheet(book), book.add_worksheet(_("Lists"))
        for row, role in enumerate(ROLES.values()):
            lists.write_string(row, 0, str(role.label))
        for row, unit in enumerate(units):
            lists.write_string(row, 1, unit.code)
            lists.write_string(row, 2, unit.name)
        name = _("Lists")
        _offer(sheet, "role", f"='{name}'!$A$1:$A${len(ROLES)}")
        _offer(sheet, "unit", f"='{name}'!$B$1:$B${max(len(units), 1)}")
    return buffer.getvalue()


def annotated(lines: Sequence[Line], faults: Sequence[Fault]) -> bytes:
    """Return the rows as they were read, each bad cell marked and explained, with the rows that need work first in sight."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = _sheet(book)
        bad = book.add_format({"bg_color": "#f8d7da", "num_format": "@"})
        text = book.add_format({"num_format": "@"})
        sheet.write_string(0, len(NAMES), _("To be corrected"), book.add_format({"bold": True}))
        sheet.set_column(len(NAMES), len(NAMES), 60)
        by_row: dict[int, list[Fault]] = {}
        for fault in faults:
            by_row.setdefault(fault.row, []).append(fault)
        for line in lines:
            wrong = {fault.column for fault in by_row.get(line.row, [])}
            for place, name in enumerate(NAMES):
                sheet.write_string(line.row - 1, place, line.cells[name], bad if name in wrong else text)
            told = "; ".join(f"{fault.heading}: {fault.message}" for fault in by_row.get(line.row, []))
            sheet.write_string(line.row - 1, len(NAMES), told)
    return buffer.getvalue()


def _sheet(book: xlsxwriter.Workbook) -> xlsxwriter.worksheet.Worksheet:
    sheet = book.add_worksheet(_("Officers and posts"))
    head, text = book.add_format({"bold": True, "bg_color": "#eeeeee"}), book.add_format({"num_format": "@"})
    for place, (_name, heading, owed) in enumerate(COLUMNS):
        sheet.set_column(place, place, 22, text)
        sheet.write_string(0, place, f"{heading}{' *' if owed else ''}", head)
    sheet.freeze_panes(1, 2)
    return sheet


def _offer(sheet: xlsxwriter.worksheet.Worksheet, column: str, source: str) -> None:
    place = NAMES.index(column)
    sheet.data_validation(1, place, ROWS, place, {"validate": "list", "source": source, "ignore_blank": True})

"""XLSX files that the system writes: a list to be filled, and a refused one with its faults in it."""

import io
from collections.abc import Iterable, Mapping, Sequence

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext as _

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = 1000  # rows of a template that offer the lists


def template(title: str, headings: Sequence[str], choices: Mapping[int, Sequence[Sequence[str]]]) -> bytes:
    """Return an empty list under `headings`; numbers stay text.

    `choices` are the columns that offer a drop-down: by place, rows whose first cell is offered.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = _sheet(book, title, headings)
        if choices:
            _offer(book, sheet, choices)
    return buffer.getvalue()


def annotated(
    title: str,
    headings: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    faults: Iterable[tuple[int, int, str]],
) -> bytes:
    """Return `rows` as they were read, each bad cell marked and explained at the end of its row.

    Rows bear the number that the sheet counts; a fault is (row, place of the column, what is wrong).
    """
    buffer, told, wrong = io.BytesIO(), dict[int, list[str]](), set[tuple[int, int]]()
    for number, place, text in faults:
        told.setdefault(number, []).append(text)
        wrong.add((number, place))
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = _sheet(book, title, headings)
        bad = book.add_format({"bg_color": "#f8d7da", "num_format": "@"})
        plain = book.add_format({"num_format": "@"})
        last = len(headings)
        sheet.write_string(0, last, _("To be corrected"), book.add_format({"bold": True}))
        sheet.set_column(last, last, 60)
        for number, cells in rows:
            for place, cell in enumerate(cells):
                sheet.write_string(number - 1, place, cell, bad if (number, place) in wrong else plain)
            sheet.write_string(number - 1, last, "; ".join(told.get(number, [])))
    return buffer.getvalue()


def plain(title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table as a sheet: numbers as numbers, everything else as text."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = _sheet(book, title, headings)
        for number, cells in enumerate(rows, start=1):
            for place, cell in enumerate(cells):
                if isinstance(cell, int | float):
                    sheet.write_number(number, place, cell)
                else:
                    sheet.write_string(number, place, str(cell))
    return buffer.getvalue()


def attached(content: bytes, name: str, media_type: str = XLSX) -> HttpResponse:
    """Return `content` as a file to keep under `name`; nothing on the way keeps a copy."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _sheet(book: xlsxwriter.Workbook, title: str, headings: Sequence[str]) -> xlsxwriter.worksheet.Worksheet:
    sheet = book.add_worksheet(title[:31])
    head, text = book.add_format({"bold": True, "bg_color": "#eeeeee"}), book.add_format({"num_format": "@"})
    for place, heading in enumerate(headings):
        sheet.set_column(place, place, 22, text)
        sheet.write_string(0, place, heading, head)
    sheet.freeze_panes(1, 2)
    return sheet


def _offer(
    book: xlsxwriter.Workbook,
    sheet: xlsxwriter.worksheet.Worksheet,
    choices: Mapping[int, Sequence[Sequence[str]]],
) -> None:
    """Write the choices on a second sheet and let the columns offer them."""
    name, lists, free = _("Lists"), book.add_worksheet(_("Lists")), 0
    for place, offered in choices.items():
        for row, cells in enumerate(offered):
            for beside, cell in enumerate(cells):
                lists.write_string(row, free + beside, cell)
        letter = chr(ord("A") + free)
        source = f"='{name}'!${letter}$1:${letter}${max(len(offered), 1)}"
        sheet.data_validation(
            1, place, ROWS, place, {"validate": "list", "source": source, "ignore_blank": True}
        )
        free += max((len(cells) for cells in offered), default=1)

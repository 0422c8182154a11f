"""The first sheet of an XLSX file as rows of regular text; what is no such file is refused by its content."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from permissions import child_reader, foreign
from permissions.text import normalised

LARGEST = 3 * 1024 * 1024  # bytes of the file; it travels signed with the page
UNPACKED = 100 * 1024 * 1024  # bytes of what is in it: more is a trap
MOST_ROWS = 5000
MOST_CELLS = 1_000_000  # from the first to the last one filled: so many are built
LONGEST_CELL = 32_767  # characters, as spreadsheets have it

Row = tuple[int, list[str]]  # its number, as the spreadsheet counts, and its cells


def read(content: bytes, *, headings: bool = True) -> list[Row]:
    """Return the rows of the first sheet that hold something; the first row is left out if it is `headings`.

    Raises ValidationError for "file": too large, no XLSX by its content, empty, more than MOST_ROWS, a last
    cell too far out, or a character that nobody types.
    """
    if len(content) > LARGEST:
        raise ValidationError({"file": _("The file is larger than 3 MB: split it.")})
    limits = {"unpacked": UNPACKED, "cells": MOST_CELLS, "most": MOST_ROWS + 1}
    try:
        found = child_reader.read("rows", content, **limits)
    except child_reader.Unread as error:
        said = error.sentence(
            _("This is no XLSX file by its content: save the list as XLSX and choose it again.")
        )
        raise ValidationError({"file": said}) from error
    check_cells(found, "file")
    rows = [
        (number, [normalised(cell) for cell in cells])
        for number, cells in found
        if number > 1 or not headings
    ]
    rows = [row for row in rows if any(row[1])]
    if not rows:
        raise ValidationError({"file": _("The first sheet has no rows below its headings.")})
    if len(rows) > MOST_ROWS + (not headings):
        raise ValidationError(
            {"file": _("The file has more than %(most)s rows: split it.") % {"most": MOST_ROWS}}
        )
    return rows


def check_cells(rows: Sequence[Row], field: str) -> None:
    """Refuse rows with a cell that is too long or holds what nobody types; raises ValidationError for `field`."""
    for number, cells in rows:
        for place, cell in enumerate(cells, start=1):
            said = foreign.fault(cell)
            if len(cell) > LONGEST_CELL:
                said = _("Shorten it to %(most)s characters.") % {"most": LONGEST_CELL}
            if said:
                where = {"row": number, "column": place, "fault": said}
                raise ValidationError({field: _("Row %(row)s, column %(column)s: %(fault)s") % where})

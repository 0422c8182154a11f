"""The first sheet of an XLSX file as rows of regular text; what is no such file is refused by its content."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from permissions.text import normalised

LARGEST = 3 * 1024 * 1024  # bytes of the file; it travels signed with the page
UNPACKED = 100 * 1024 * 1024  # bytes of what is in it: more is a trap
MOST_ROWS = 5000

Row = tuple[int, list[str]]  # its number, as the spreadsheet counts, and its cells


def read(content: bytes, *, headings: bool = True) -> list[Row]:
    """Return the rows of the first sheet that hold something; the first row is left out if it is `headings`.

    Raises ValidationError for "file": too large, no XLSX by its content, empty, or more than MOST_ROWS.
    """
    if len(content) > LARGEST:
        raise ValidationError({"file": _("The file is larger than 3 MB: split it.")})
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(item.file_size for item in archive.infolist()) > UNPACKED:
                raise ValidationError({"file": _("The file unpacks to more than such a list can be.")})
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        grid = sheet.to_python(skip_empty_area=False)
    except (zipfile.BadZipFile, CalamineError, KeyError, IndexError) as error:
        raise ValidationError(
            {"file": _("This is no XLSX file by its content: save the list as XLSX and choose it again.")}
        ) from error
    begin = 1 if headings else 0
    rows = [
        (number, [text(cell) for cell in row]) for number, row in enumerate(grid[begin:], start=begin + 1)
    ]
    rows = [row for row in rows if any(row[1])]
    if not rows:
        raise ValidationError({"file": _("The first sheet has no rows below its headings.")})
    if len(rows) > MOST_ROWS + (not headings):
        raise ValidationError(
            {"file": _("The file has more than %(most)s rows: split it.") % {"most": MOST_ROWS}}
        )
    return rows


def text(value: Any) -> str:
    """Return a cell as regular text; a number keeps no “.0”, a day is written as people write it."""
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return normalised("" if value is None else str(value))

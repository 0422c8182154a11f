"""What an Office document is and says: the rows of its sheets, the words of its paragraphs and tables."""

import io
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

from permissions.readers.parts import Limits, Refused, measure

# What the readers raise over documents that are none inside: their parts are looked for where they should be.
BROKEN = (AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError, OSError)
MACROS = "vbaProject.bin"


def kind(content: bytes, unpacked: int) -> str:
    """Return "docx" or "xlsx"; "" for any other archive, and for a document with macros."""
    names = set(measure(content, Limits(unpacked, cells=2**63)))
    if "[Content_Types].xml" not in names or any(name.endswith(MACROS) for name in names):
        return ""
    if "word/document.xml" in names:
        return "docx"
    return "xlsx" if "xl/workbook.xml" in names else ""


def rows(content: bytes, unpacked: int, cells: int, most: int) -> list[tuple[int, list[str]]]:
    """Return the rows of the first sheet that hold something, at most `most`, each with its number."""
    measure(content, Limits(unpacked, cells))
    found = []
    for number, row in enumerate(_grid(_book(content), 0, None), start=1):
        words = [word(cell) for cell in row]
        if any(words):
            found.append((number, words))
            if len(found) > most:
                break
    return found


def sheets(
    content: bytes, unpacked: int, cells: int, most: int, most_rows: int, most_columns: int
) -> list[Any]:
    """Return name and first rows of the first `most` sheets."""
    measure(content, Limits(unpacked, cells))
    book = _book(content)
    return [
        (name, [[word(cell) for cell in row[:most_columns]] for row in _grid(book, place, most_rows + 1)])
        for place, name in enumerate(book.sheet_names[:most])
    ]


def blocks(content: bytes, unpacked: int, most: int, most_rows: int, most_columns: int) -> list[Any]:
    """Return the first `most` + 1 blocks of a Word document: text, whether it is a heading, rows of a table."""
    measure(content, Limits(unpacked, cells=2**63))
    from docx import Document  # loaded for this reader alone: it takes a while

    try:
        return list(islice(_blocks(Document(io.BytesIO(content)), most_rows, most_columns), most + 1))
    except BROKEN as error:
        raise Refused("broken") from error
    except Exception as error:
        if type(error).__module__.startswith(("docx", "lxml")):
            raise Refused("broken") from error
        raise


def word(value: Any) -> str:
    """Return a cell as text; a number keeps no “.0”, a day is written as people write it."""
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _blocks(document: Any, most_rows: int, most_columns: int) -> Iterator[Any]:
    for item in document.iter_inner_content():
        if hasattr(item, "rows"):
            rows = islice(item.rows, most_rows + 1)
            yield "", False, [[cell.text.strip() for cell in row.cells[:most_columns]] for row in rows]
        elif words := item.text.strip():
            style = item.style.name if item.style is not None and item.style.name else ""
            yield words, style.startswith(("Heading", "Title")), []


def _book(content: bytes) -> Any:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (CalamineError, *BROKEN) as error:
        raise Refused("broken") from error


def _grid(book: Any, place: int, most: int | None) -> list[list[Any]]:
    from python_calamine import CalamineError

    try:
        sheet = book.get_sheet_by_index(place)
        grid: list[list[Any]] = sheet.to_python(skip_empty_area=False, nrows=most)
    except (CalamineError, *BROKEN) as error:
        raise Refused("broken") from error
    return grid

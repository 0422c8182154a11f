"""What an Office document is and says: the rows of its sheets, the words of its paragraphs and tables."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from permissions.readers.parts import Limits, Refused, measure

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
    """Return the rows of the first sheet that hold something, each with its number; of more than `most`, one more."""
    measure(content, Limits(unpacked, cells))
    with _whole(CalamineError):
        grid = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        found = enumerate(grid.to_python(skip_empty_area=False), start=1)
        told = ((number, [word(cell) for cell in row]) for number, row in found)
        return list(islice(((number, row) for number, row in told if "".join(row).strip()), most + 1))


def sheets(
    content: bytes, unpacked: int, cells: int, most: int, most_rows: int, most_columns: int
) -> list[tuple[str, list[list[str]]]]:
    """Return name and first rows of the first `most` sheets; of more than `most_rows` rows, one more."""
    measure(content, Limits(unpacked, cells))
    with _whole(CalamineError):
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        grids = [(name, book.get_sheet_by_name(name)) for name in book.sheet_names[:most]]
        return [
            (
                name,
                [[word(cell) for cell in row[:most_columns]] for row in grid.to_python(nrows=most_rows + 1)],
            )
            for name, grid in grids
        ]


def blocks(
    content: bytes, unpacked: int, most: int, most_rows: int, most_columns: int
) -> list[tuple[str, bool, list[list[str]]]]:
    """Return the blocks of a Word document: text, whether it is a heading, rows of a table; of more than `most`, one more."""
    measure(content, Limits(unpacked, cells=2**63))
    from docx import Document  # loaded for this reader alone: it takes a while
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    with _whole(OpcError, LxmlError):
        return list(islice(_blocks(Document(io.BytesIO(content)), most_rows, most_columns), most + 1))


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


@contextmanager
def _whole(*kinds: type[Exception]) -> Iterator[None]:
    """Sort out a document that is none inside: its parts are looked for where they should be. Raises Refused."""
    try:
        yield
    except (
        *kinds,
        AttributeError,
        IndexError,
        KeyError,
        TypeError,
        ValueError,
        RecursionError,
        OSError,
    ) as error:
        raise Refused("broken") from error

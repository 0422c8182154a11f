"""The words of a Word or Excel document, shown in place: text and tables only, nothing that could act."""

import logging
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import docx
from docx.opc.exceptions import OpcError
from docx.table import Table
from lxml.etree import LxmlError
from python_calamine import CalamineError, CalamineWorkbook

from nominations.evidence import XLSX
from permissions.grids import text

UNPACKED = 60 * 1024 * 1024  # bytes of what is in the file: more is a trap
MOST_BLOCKS, MOST_ROWS, MOST_COLUMNS, MOST_SHEETS = 2000, 500, 40, 10

# What the readers raise over documents that are none inside: their parts are looked for where they should be.
BROKEN = (
    zipfile.BadZipFile, OpcError, LxmlError, CalamineError,
    AttributeError, IndexError, KeyError, TypeError, ValueError,
)  # fmt: skip
logger = logging.getLogger(__name__)


class Unreadable(Exception):
    """The document cannot be shown as text: it is opened as a file."""


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, or a table."""

    text: str = ""
    heading: bool = False
    rows: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True)
class Preview:
    blocks: list[Block]
    cut: bool  # there is more in the document than is shown


def of(path: Path, media_type: str) -> Preview:
    """Return the words of the document at `path`, at most so many; raises Unreadable."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(item.file_size for item in archive.infolist()) > UNPACKED:
                raise Unreadable(path.name)
        blocks = list(_sheets(path) if media_type == XLSX else _paragraphs(path))
    except BROKEN as error:
        logger.warning("document without words: sha256=%s because=%s", path.name, type(error).__name__)
        raise Unreadable(path.name) from error
    cut = len(blocks) > MOST_BLOCKS or any(len(block.rows) > MOST_ROWS for block in blocks)
    shown = [Block(block.text, block.heading, block.rows[:MOST_ROWS]) for block in blocks[:MOST_BLOCKS]]
    return Preview(shown, cut)


def _paragraphs(path: Path) -> Iterator[Block]:
    with path.open("rb") as content:  # the name has no ending: a path would be refused
        document = docx.Document(content)
    for item in document.iter_inner_content():
        if isinstance(item, Table):
            rows = [[cell.text.strip() for cell in row.cells[:MOST_COLUMNS]] for row in item.rows]
            yield Block(rows=rows)
        elif words := item.text.strip():
            style = item.style.name if item.style is not None and item.style.name else ""
            yield Block(words, heading=style.startswith(("Heading", "Title")))


def _sheets(path: Path) -> Iterator[Block]:
    with path.open("rb") as content:
        book = CalamineWorkbook.from_filelike(content)
        for name in book.sheet_names[:MOST_SHEETS]:
            grid = book.get_sheet_by_name(name).to_python(nrows=MOST_ROWS + 1)
            rows = [[text(cell) for cell in row[:MOST_COLUMNS]] for row in grid]
            yield Block(name, heading=True)
            yield Block(rows=[row for row in rows if any(row)])

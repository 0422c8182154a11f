"""The words of a Word or Excel document, shown in place: text and tables only, nothing that could act."""

import logging
from dataclasses import dataclass, field
from pathlib import Path

from nominations.evidence import XLSX
from permissions import child_reader
from permissions.text import normalised

UNPACKED = 60 * 1024 * 1024  # bytes of what is in the file: more is a trap
MOST_BLOCKS, MOST_ROWS, MOST_COLUMNS, MOST_SHEETS = 2000, 500, 40, 10
MOST_CELLS = 5_000_000  # of a sheet, from the first to the last one filled

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
        blocks = _sheets(path) if media_type == XLSX else _paragraphs(path)
    except child_reader.Unread as error:
        logger.warning("document without words: sha256=%s because=%s", path.name, error.rule)
        raise Unreadable(path.name) from error
    cut = len(blocks) > MOST_BLOCKS or any(len(block.rows) > MOST_ROWS for block in blocks)
    shown = [Block(block.text, block.heading, block.rows[:MOST_ROWS]) for block in blocks[:MOST_BLOCKS]]
    return Preview(shown, cut)


def _paragraphs(path: Path) -> list[Block]:
    limits = {"most": MOST_BLOCKS, "most_rows": MOST_ROWS, "most_columns": MOST_COLUMNS}
    with path.open("rb") as content:
        found = child_reader.read("blocks", content, unpacked=UNPACKED, **limits)
    return [Block(text, heading, rows) for text, heading, rows in found]


def _sheets(path: Path) -> list[Block]:
    limits = {"most": MOST_SHEETS, "most_rows": MOST_ROWS, "most_columns": MOST_COLUMNS}
    with path.open("rb") as content:
        found = child_reader.read("sheets", content, unpacked=UNPACKED, cells=MOST_CELLS, **limits)
    blocks = []
    for name, grid in found:
        rows = [[normalised(cell) for cell in row] for row in grid]
        blocks += [Block(name, heading=True), Block(rows=[row for row in rows if any(row)])]
    return blocks

"""A table as data: what a page lists, drawn by `components/data_table.html`."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cell:
    """One cell: its text, and optionally where it leads, a smaller second line, and a badge's tone."""

    text: str
    url: str = ""
    meta: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Table:
    """A caption for those who do not see it, the headings, and rows of cells; the first cell names the row."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]] = field(default_factory=list)

    @property
    def labelled(self) -> list[list[tuple[str, Cell]]]:
        """The rows with the heading of each cell, which a phone shows beside it."""
        return [list(zip(self.heads, row, strict=True)) for row in self.rows]

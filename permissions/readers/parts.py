"""The parts of an Office document, measured before a reader builds anything from them."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

MOST_PARTS = 5000
WIDEST_SPAN = 63  # columns of a table, the most that Word itself makes
CHUNK = 1024 * 1024
STARTS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe", b"\xfe\xff")  # of XML, in the encodings that it may have
# What zipfile raises over an archive that is none, is cut off, encrypted, or leads nowhere.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError, OSError, ValueError)
PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class Refused(Exception):
    """A limit is passed: `rule` names it, `limit` is its figure, `where` the place in the document."""

    def __init__(self, rule: str, limit: int = 0, where: str = ""):
        super().__init__(rule, limit, where)
        self.rule, self.limit, self.where = rule, limit, where


@dataclass
class Limits:
    """What a document may hold: real bytes when unpacked, and cells between the first and the last one filled."""

    unpacked: int
    cells: int


@dataclass
class _Shape:
    """What one part holds, found while its XML runs by."""

    limits: Limits
    row: int = 0
    column: int = 0
    last: tuple[int, int] = (0, 0)  # row and column of the cell that lies furthest, each for itself

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "row":
            self.row, self.column = _number(attributes.get("r"), self.row + 1), 0
        elif tag == "c":
            found = PLACE.fullmatch(attributes.get("r", ""))
            if found:
                self.column, self.row = _column(found[1]), int(found[2])
            else:
                self.column += 1
        elif tag in ("v", "is", "t") and self.column:
            # Only what holds a value counts: a format laid over far empty cells is honest.
            self.last = (max(self.last[0], self.row), max(self.last[1], self.column))
            if self.last[0] * self.last[1] > self.limits.cells:
                raise Refused("cells", self.limits.cells, f"{_letters(self.column)}{self.row}")
        elif tag == "gridSpan":
            span = next((v for n, v in attributes.items() if n.rpartition(":")[2] == "val"), "1")
            if _number(span, 1) > WIDEST_SPAN:
                raise Refused("columns", WIDEST_SPAN)


def measure(content: bytes, limits: Limits) -> list[str]:
    """Return the names of the parts of a document that is no larger than `limits`.

    Every part is unpacked for counting, piece by piece, whatever size it declares.
    Raises Refused for "broken", "parts", "unpacked", "entities", "cells" and "columns".
    """
    left = limits.unpacked
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if len(names) > MOST_PARTS:
                raise Refused("parts", MOST_PARTS)
            for name in names:
                with archive.open(name) as part:
                    left = _run(part, limits, left)
    except BROKEN as error:
        raise Refused("broken") from error
    return names


def _run(part: Any, limits: Limits, left: int) -> int:
    """Unpack a part, at most `left` bytes; count what its XML holds; return what is left."""
    parser = None
    piece = part.read(CHUNK)
    if piece.startswith(STARTS):
        shape, parser = _Shape(limits), expat.ParserCreate()
        parser.StartElementHandler = shape.start
        parser.EntityDeclHandler = _entities
    while piece:
        left -= len(piece)
        if left < 0:
            raise Refused("unpacked", limits.unpacked)
        if parser is not None:
            try:
                parser.Parse(piece, False)
            except expat.ExpatError:  # its reader says what is wrong with it
                parser = None
        piece = part.read(CHUNK)
    return left


def _entities(*_: Any) -> None:
    raise Refused("entities")


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else otherwise


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters

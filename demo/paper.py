"""Sample documents: a few lines of Vietnamese text become a PDF in a Times face, page by page."""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "data" / "fonts"
WIDTH, HEIGHT = 595, 842  # A4 in points
LEFT, RIGHT, TOP, BOTTOM = 85, 57, 57, 57  # 30 mm to bind, 20 mm elsewhere (Decree 30/2020, Annex I)
SIZE, LEADING = 13, 19
SHARED = "\u00a0\u00ad"  # a space and a hyphen by another name: not what a glyph is read as


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: in bold or not, centred or from the left, with room above it (points)."""

    text: str
    bold: bool = False
    centred: bool = False
    above: int = 4


@dataclass(frozen=True)
class Face:
    """A TrueType font: its bytes, the glyph of each character, the width of each glyph (1/1000)."""

    name: str
    data: bytes
    glyphs: dict[str, int]
    widths: list[int]

    def width(self, text: str) -> float:
        return sum(self.widths[self.glyphs.get(char, 0)] for char in text) * SIZE / 1000

    def hexadecimal(self, text: str) -> str:
        return "".join(f"{self.glyphs.get(char, 0):04X}" for char in text)


def pdf(paragraphs: Iterable[Paragraph]) -> bytes:
    """Return `paragraphs` as a PDF with its fonts inside; equal text gives equal bytes."""
    faces = [_face("Tinos-Regular"), _face("Tinos-Bold")]
    pages = _pages(paragraphs, faces)
    fonts = 3 + 2 * len(pages)  # objects: catalogue, tree, each page with its content, each font in 5
    kids = " ".join(f"{3 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/Lang(vi)>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
    ]
    for n, content in enumerate(pages):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Contents {4 + 2 * n} 0 R"
            f"/Resources<</Font<</F0 {fonts} 0 R/F1 {fonts + 5} 0 R>>>>>>".encode()
        )
        objects.append(_stream(content.encode()))
    for n, face in enumerate(faces):
        objects += _font(face, fonts + 5 * n)
    return _assembled(objects)


def _pages(paragraphs: Iterable[Paragraph], faces: list[Face]) -> list[str]:
    pages: list[list[str]] = [[]]
    y = HEIGHT - TOP
    for paragraph in paragraphs:
        face = faces[paragraph.bold]
        y -= paragraph.above
        for line in _lines(paragraph.text, face):
            y -= LEADING
            if y < BOTTOM:
                pages.append([])
                y = HEIGHT - TOP - LEADING
            free = WIDTH - LEFT - RIGHT - face.width(line)
            x = LEFT + (free / 2 if paragraph.centred else 0)
            font = int(paragraph.bold)
            pages[-1].append(f"BT /F{font} {SIZE} Tf {x:.1f} {y} Td <{face.hexadecimal(line)}> Tj ET")
    return ["\n".join(page) for page in pages]


def _lines(text: str, face: Face) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if face.width(longer) <= WIDTH - LEFT - RIGHT:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


@cache
def _face(name: str) -> Face:
    data = (FONTS / f"{name.lower()}.ttf").read_bytes()
    count = struct.unpack_from(">H", data, 4)[0]
    records = [struct.unpack_from(">4sLLL", data, 12 + 16 * n) for n in range(count)]
    table = {tag: data[offset : offset + length] for tag, _sum, offset, length in records}
    unit = struct.unpack_from(">H", table[b"head"], 18)[0]
    metrics = struct.unpack_from(">H", table[b"hhea"], 34)[0]
    glyphs = struct.unpack_from(">H", table[b"maxp"], 4)[0]
    widths = [struct.unpack_from(">H", table[b"hmtx"], 4 * min(n, metrics - 1))[0] for n in range(glyphs)]
    return Face(name, data, _characters(table[b"cmap"]), [round(w * 1000 / unit) for w in widths])


def _characters(cmap: bytes) -> dict[str, int]:
    """Read the one subtable of the font: format 4, segments of characters."""
    start = struct.unpack_from(">L", cmap, 8)[0]
    segments = struct.unpack_from(">H", cmap, start + 6)[0] // 2
    arrays = [start + 14, *(start + 16 + 2 * segments * n for n in (1, 2, 3))]
    ends, starts, deltas, offsets = (struct.unpack_from(f">{segments}H", cmap, at) for at in arrays)
    found = {}
    for n, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if offsets[n]:
                glyph = struct.unpack_from(">H", cmap, arrays[3] + 2 * n + offsets[n] + 2 * (code - first))[0]
            found[chr(code)] = (glyph + deltas[n]) & 0xFFFF
    return found


def _font(face: Face, first: int) -> list[bytes]:
    widths = " ".join(map(str, face.widths))
    return [
        f"<</Type/Font/Subtype/Type0/BaseFont/{face.name}/Encoding/Identity-H"
        f"/DescendantFonts[{first + 1} 0 R]/ToUnicode {first + 4} 0 R>>".encode(),
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{face.name}/CIDToGIDMap/Identity/W[0[{widths}]]"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        f"/FontDescriptor {first + 2} 0 R>>".encode(),
        f"<</Type/FontDescriptor/FontName/{face.name}/Flags 4/FontBBox[-200 -300 1200 1100]/ItalicAngle 0"
        f"/Ascent 891/Descent -216/CapHeight 662/StemV 80/FontFile2 {first + 3} 0 R>>".encode(),
        _stream(face.data),
        _stream(_to_unicode(face)),
    ]


def _to_unicode(face: Face) -> bytes:
    """Say which character each glyph is, so that the text can be searched and read aloud."""
    pairs = [
        f"<{glyph:04X}> <{ord(char):04X}>"
        for char, glyph in sorted(face.glyphs.items())
        if char not in SHARED
    ]
    blocks = [pairs[n : n + 100] for n in range(0, len(pairs), 100)]
    middle = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{middle}\nendcmap end end"
    ).encode()


def _stream(data: bytes) -> bytes:
    packed = zlib.compress(data, 9)
    return (
        f"<</Length {len(packed)}/Length1 {len(data)}/Filter/FlateDecode>>stream\n".encode()
        + packed
        + b"\nendstream"
    )


def _assembled(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)

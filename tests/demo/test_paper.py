"""Sample documents: PDFs whose Vietnamese text can be read back, and the same each time."""

import re
import zlib

from demo.paper import Paragraph, pdf

NAMES = "Néang Sóc Thia, Mohamách Sa Lêh, Đỗ Thị Ngọc Sương – Ủy ban nhân dân xã “Ô Lâm”"


def text_of(document: bytes) -> str:
    """Read the shown glyphs back through the first font's own table of characters."""
    streams = [zlib.decompress(raw) for raw in re.findall(rb"stream\n(.*?)\nendstream", document, re.DOTALL)]
    table = next(stream.decode("latin-1") for stream in streams if b"beginbfchar" in stream)
    characters = {glyph: chr(int(code, 16)) for glyph, code in re.findall(r"<(....)> <(....)>", table)}
    shown = re.findall(r"<([0-9A-F]+)> Tj", "".join(s.decode("latin-1") for s in streams if b" Tj" in s))
    return "\n".join("".join(characters[line[n : n + 4]] for n in range(0, len(line), 4)) for line in shown)


def test_vietnamese_text_can_be_read_back():
    assert text_of(pdf([Paragraph(NAMES)])).replace("\n", " ") == NAMES


def test_the_same_text_gives_the_same_bytes():
    assert pdf([Paragraph(NAMES)]) == pdf([Paragraph(NAMES)])
    assert pdf([Paragraph(NAMES)]) != pdf([Paragraph(NAMES, bold=True)])


def test_long_text_goes_on_to_the_next_page():
    document = pdf([Paragraph(NAMES)] * 40)
    assert b"/Count 3" in document and document.count(b"/Type/Page/") == 3


def test_the_table_of_objects_points_at_them():
    document = pdf([Paragraph(NAMES)])
    start = int(re.search(rb"startxref\n(\d+)", document)[1])
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n", document[start:])]
    for number, place in enumerate(places, start=1):
        assert document[place:].startswith(b"%d 0 obj" % number)

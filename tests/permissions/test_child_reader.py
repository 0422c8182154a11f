"""Foreign bytes are read in a process of their own: what they do to it becomes a sentence, and this process lives."""

import contextlib
import io
import resource
import zipfile
from random import Random

import pytest
from django.core.exceptions import ValidationError

from nominations import evidence, intake, previews
from permissions import books, child_reader, grids
from tests.nominations.test_previews import changed, word

GOOD = books.plain("Danh sách", ["Tên"], [["Nguyễn Văn An"]])
FIRST = "xl/worksheets/sheet1.xml"
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'


def sheet(rows: str) -> bytes:
    return changed(GOOD, FIRST, SHEET.format(rows).encode())


def cell(place: str, words: str = "x") -> str:
    row = "".join(char for char in place if char.isdigit())
    return f'<row r="{row}"><c r="{place}" t="inlineStr"><is><t>{words}</t></is></c></row>'


def test_a_sheet_is_read():
    assert grids.read(GOOD) == [(2, ["Nguyễn Văn An"])]


def test_two_cells_at_the_ends_of_a_sheet_are_no_half_terabyte():
    """1.4 KB once aborted the web server."""
    with pytest.raises(ValidationError, match="XFD1048576") as refused:
        grids.read(sheet(cell("A1") + cell("XFD1048576")))
    assert "1.000.000" in str(refused.value)


def test_what_is_not_counted_ends_the_reader_and_not_this_process():
    """The limits of the process are the last: here nothing is counted, and half a terabyte is asked for."""
    with pytest.raises(child_reader.Unread) as ended:
        far = sheet(cell("A1") + cell("XFD1048576"))
        child_reader.read("rows", far, unpacked=10**9, cells=2**63, most=10)
    assert ended.value.rule == "limits"


def test_a_format_far_out_is_no_cell():
    far = '<row r="900000"><c r="XFD900000" s="1"/></row>'
    assert grids.read(sheet(cell("A1", "Tên") + cell("A2", "An") + far)) == [(2, ["An"])]


@pytest.mark.parametrize("escape", ["_x0000_", "_x001B_", "\u202e"])
def test_a_cell_with_a_hidden_character_is_named(escape):
    with pytest.raises(ValidationError, match=r"2.*1.*U\+"):
        grids.read(sheet(cell("A1", "Tên") + cell("A2", f"An{escape}")))


def test_a_table_of_sixty_million_columns_is_not_laid_out(tmp_path):
    with zipfile.ZipFile(io.BytesIO(word())) as archive:
        text = archive.read("word/document.xml").decode()
    wide = text.replace("<w:tcPr>", '<w:tcPr><w:gridSpan w:val="60000000"/>', 1)
    assert wide != text
    path = tmp_path / "wide"
    path.write_bytes(changed(word(), "word/document.xml", wide.encode()))
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    with pytest.raises(previews.Unreadable):
        previews.of(path, evidence.DOCX)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 2


def test_what_only_the_process_can_stop_is_stopped(monkeypatch):
    """A reader that hangs is ended; another document waits for no longer than its turn."""
    monkeypatch.setattr(child_reader, "SECONDS", 0.01)
    with pytest.raises(child_reader.Unread) as ended:
        child_reader.read("rows", GOOD, unpacked=10**6, cells=10, most=10)
    assert ended.value.rule == "limits"
    monkeypatch.setattr(child_reader, "PATIENCE", 0.01)
    places = [child_reader._places.acquire() for _ in range(child_reader.AT_ONCE)]
    try:
        with pytest.raises(ValidationError, match="phút"):
            grids.read(GOOD)
    finally:
        for _ in places:
            child_reader._places.release()


def traps(draw: Random) -> dict[str, bytes]:
    """Documents as an attacker makes them, each another way."""
    far = f"{draw.choice(['A', 'ZZ', 'XFD'])}{draw.randrange(900_000, 1_048_576)}"
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 150 * 2**20)
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(6000):
            archive.writestr(f"{number}", b"")
    entities = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    deep = "<row>" * 200_000
    lying = bytearray(GOOD)
    lying[lying.rindex(b"PK\x01\x02") + 24] ^= draw.randrange(1, 255)
    cut = draw.randrange(10, len(GOOD))
    return {
        "far": sheet(cell("A1") + cell("B2") + cell(far)),
        "no places": sheet("<row>" + "<c><v>1</v></c>" * 20_000 + "</row>" + "<row/>" * 100_000 + cell("A200000")),
        "bomb": bomb.getvalue(),
        "many": many.getvalue(),
        "entities": changed(GOOD, FIRST, (entities + SHEET.format("&b;")).encode()),
        "deep": sheet(deep),
        "long": sheet(cell("A1") + cell("A2", "x" * 40_000)),
        "digits": sheet('<row r="' + "9" * 5000 + '"><c r="' + "Z" * 5000 + '1"><v>' + "9" * 5000 + "</v></c></row>"),
        "lying": bytes(lying),
        "cut": GOOD[:cut],
        "other": changed(GOOD, "xl/workbook.xml", b"<workbook/>"),
        "noise": b"PK\x03\x04" + draw.randbytes(2000),
    }  # fmt: skip


def test_no_document_stops_this_process(request, tmp_path):
    for name, content in traps(Random(int(request.config.getoption("--hypothesis-seed")))).items():
        try:
            assert len(grids.read(content)) <= grids.MOST_ROWS, name
        except ValidationError as refused:
            assert refused.message_dict["file"][0], name
        path = tmp_path / name
        path.write_bytes(content)
        for media_type in evidence.IN_WORDS:
            with contextlib.suppress(previews.Unreadable):
                previews.of(path, media_type)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    assert peak < 1100, f"{peak} MB in one reader"
    assert grids.read(GOOD)


def test_pasted_rows_are_counted_and_looked_at_before_they_are_read():
    assert len(intake.split("Nguyễn Văn An\tchuyên viên\n" * 5001)) == 5001, "5,000 and their headings"
    for text, said in (
        ("An\tx\n" * 20_000, "5000"),
        ("An\n" + "x" * 131_073, "Dòng 2"),
        ("An\tx\nBình\tx\x00y", "Dòng 2, cột 2"),
        ("An\u202e", "U\\+202E"),
    ):
        with pytest.raises(ValidationError, match=said):
            intake.split(text)

"""Word and Excel documents in place: their words and tables, and nothing that acts, fetches or fills the memory."""

import io
import zipfile

import docx
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from history.models import Event
from nominations import evidence, previews
from nominations.models import Evidence
from permissions import books
from tests import pages
from tests import world as w

pytestmark = pytest.mark.usefixtures("in_2024")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def word() -> bytes:
    made, out = docx.Document(), io.BytesIO()
    made.add_heading("Báo cáo thành tích", 1)
    made.add_paragraph("Hoàn thành xuất sắc <script>alert(1)</script> nhiệm vụ.")
    table = made.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Số hồ sơ", "0012"
    made.save(out)
    return out.getvalue()


def changed(content: bytes, name: str, data: bytes) -> bytes:
    """The document with one of its members put in place of another."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for item in before.namelist():
            after.writestr(item, data if item == name else before.read(item))
    return out.getvalue()


@pytest.fixture
def attach(world):
    file = w.complete_draft(world, "commune", 1)

    def add(name: str, content: bytes) -> str:
        evidence.attach(
            file, SimpleUploadedFile(name, content), kind="report", by=world["clerk@commune"], nominee=None
        )
        file.refresh_from_db()
        return reverse("nominations:evidence_words", kwargs={"uid": Evidence.objects.latest("pk").uid})

    add.file = file
    return add


@pytest.fixture
def clerk(world):
    return pages.enter(world["clerk@commune"])


def test_the_words_of_a_word_document(attach, clerk):
    answer = clerk.get(attach("bao-cao.docx", word()))
    shown = answer.content.decode()
    assert "<h2>Báo cáo thành tích</h2>" in shown and "<td>0012</td>" in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown and "<script" not in shown
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"], "it stands in a frame of our page"
    assert "script" not in answer["Content-Security-Policy"], "and runs nothing"
    assert answer["X-Frame-Options"] == "SAMEORIGIN" and answer["Cache-Control"] == "private, no-store"


def test_the_tables_of_an_excel_sheet(attach, clerk):
    shown = clerk.get(attach("bang.xlsx", books.plain("Bảng điểm", ["Số"], [["0089"]]))).content.decode()
    assert "<h2>Bảng điểm</h2>" in shown and "<td>0089</td>" in shown


def test_it_stands_in_the_page_of_the_file(attach, clerk):
    address = attach("bao-cao.docx", word())
    assert f'<iframe src="{address}"' in clerk.get(pages.page_of(attach.file)).content.decode()


OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>
<w:p><w:r><w:t>truoc &x; sau</w:t></w:r></w:p></w:body></w:document>"""


def test_a_word_document_reads_no_file_of_ours(attach, tmp_path):
    content = changed(word(), "word/document.xml", OUTSIDE)
    with pytest.raises(ValidationError, match="thực thể"):
        attach("xau.docx", content)
    (tmp_path / "stored").write_bytes(content)  # before such documents were refused
    with pytest.raises(previews.Unreadable):
        previews.of(tmp_path / "stored", evidence.DOCX)


@pytest.mark.parametrize("data", [b"<no xml", b"", b"<a/>"])
def test_what_cannot_be_read_says_so(attach, clerk, data):
    answer = clerk.get(attach("hong.docx", changed(word(), "word/document.xml", data)))
    assert answer.status_code == 200 and "Mở tài liệu gốc" in answer.content.decode()


def test_what_unpacks_to_too_much_is_not_read(attach, clerk, monkeypatch):
    monkeypatch.setattr(previews, "UNPACKED", 1000)
    shown = clerk.get(attach("bao-cao.docx", word())).content.decode()
    assert "Không hiển thị được nội dung" in shown and "0012" not in shown


def test_what_is_long_is_cut_and_says_so(attach, clerk, monkeypatch):
    monkeypatch.setattr(previews, "MOST_BLOCKS", 2)
    shown = clerk.get(attach("bao-cao.docx", word())).content.decode()
    assert "Tài liệu còn dài" in shown and "0012" not in shown


def test_only_for_who_reads_the_file_and_recorded_for_an_auditor(attach, world):
    address = attach("bao-cao.docx", word())
    assert pages.enter(world["reviewer@district2"]).get(address).status_code == 404
    before = Event.objects.filter(stream__startswith="readings:").count()
    assert pages.enter(world["auditor@province"]).get(address).status_code == 200
    assert Event.objects.filter(stream__startswith="readings:").count() == before + 1


def test_a_pdf_is_shown_as_itself(attach, clerk):
    assert clerk.get(attach("don.pdf", b"%PDF-1.4\n%%EOF\n")).status_code == 404

"""An auditor takes the evidence in a real browser, and an outsider checks it with nothing but Python."""

from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from nominations import evidence
from nominations.states import State
from tests import world as w
from tests.audit import bundles
from tests.nominations.test_previews import word


def test_an_auditor_takes_the_evidence_and_an_outsider_checks_it(in_2024, then, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    auditor, page = in_2024, in_2024.page
    file = w.walk(then, bundles.draft(then), State.APPRAISE)
    auditor.sign_in("auditor")
    page.goto(f"{auditor.url}/ho-so/{file.uid}")
    page.locator("details", has=page.locator("form[action$='chung-cu.zip']")).locator("summary").click()
    page.shot("taking-the-evidence")
    with page.expect_download() as download:
        page.locator("form[action$='chung-cu.zip'] button").click()
    assert download.value.suggested_filename == f"chung-cu-{file.reference}.zip"
    data = download.value.path().read_bytes()
    (tmp_path / "chung-cu.zip").write_bytes(data)
    (tmp_path / "verify.py").write_bytes(bundles.unpacked(data)["verify.py"])
    done = bundles.run(tmp_path, "chung-cu.zip")
    assert done.returncode == 0, done.stdout.decode()


def test_the_words_of_a_document_stand_in_the_page_of_the_file(in_2024, then, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    file, page = w.complete_draft(then), in_2024.page
    report = SimpleUploadedFile("bao-cao.docx", word())
    evidence.attach(file, report, kind="report", by=then["clerk@commune"], nominee=None)
    in_2024.sign_in("kb24.clerk")
    page.goto(f"{in_2024.url}/ho-so/{file.uid}")
    page.locator(".evidence-view summary", has_text="bao-cao.docx").click()
    framed = page.frame_locator(".evidence-view[open] iframe")
    expect(framed.locator("h2")).to_have_text("Báo cáo thành tích")
    expect(framed.locator("td").last).to_have_text("0012")
    page.shot("words-in-place")

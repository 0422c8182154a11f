"""An auditor takes the evidence in a real browser, and an outsider checks it with nothing but Python."""

from nominations.states import State
from tests import world as w
from tests.audit import bundles


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

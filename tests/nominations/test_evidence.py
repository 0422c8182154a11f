"""Documents: taken by their content, kept for the file, sent only to who may read it."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from nominations.models import Evidence, Nomination
from nominations.states import State
from tests import pages
from tests import world as w

pytestmark = pytest.mark.usefixtures("in_2024")

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 60


def docx(macro: bool = False) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
        if macro:
            archive.writestr("word/vbaProject.bin", "x")
    return data.getvalue()


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def nomination(world) -> Nomination:
    nomination = w.complete_draft(world, "commune", 1)
    Evidence.objects.all().delete()
    return nomination


@pytest.fixture
def clerk(world):
    return pages.enter(world["clerk@commune"])


def upload(
    client, nomination: Nomination, *files: tuple[str, bytes], fields: dict | None = None, **more: str
):
    data = {
        **(fields if fields is not None else {"revision": Nomination.objects.get(pk=nomination.pk).revision}),
        "evidence_kind": "letter",
        **more,
        "file": [SimpleUploadedFile(name, content) for name, content in files],
    }
    return client.post(reverse("nominations:evidence_add", kwargs={"uid": nomination.uid}), data)


def status(client, evidence: Evidence) -> int:
    response = client.get(url(evidence))
    if response.streaming:
        assert b"".join(response.streaming_content)  # read to its end, the test client closes it
    return response.status_code


def url(evidence: Evidence) -> str:
    return reverse("nominations:evidence", kwargs={"uid": evidence.uid})


def test_several_documents_are_added_at_once_for_a_nominee(clerk, nomination):
    about = str(nomination.nominees.get().uid)
    response = upload(
        clerk, nomination, ("a.pdf", PDF), ("b.docx", docx()), evidence_kind="report", evidence_nominee=about
    )
    assert response.status_code == 302
    kept = Evidence.objects.all()
    assert {(e.name, e.kind, e.nominee_id) for e in kept} == {
        ("a.pdf", "report", nomination.nominees.get().pk),
        ("b.docx", "report", nomination.nominees.get().pk),
    }


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"MZ" + b"\0" * 100),
        ("a.pdf", b""),
        ("a.docx", docx(macro=True)),
        ("a.png", b"<svg onload=1>"),
    ],
)
def test_what_is_no_document_is_refused_by_name_and_the_good_ones_stay(clerk, nomination, name, content):
    response = upload(clerk, nomination, ("good.pdf", PDF), (f"bad-{name}", content))
    assert response.status_code == 422
    assert f"bad-{name}" in " ".join(response.context["refused"]["file"])
    assert [e.name for e in Evidence.objects.all()] == ["good.pdf"]


def test_adding_documents_saves_what_was_typed(clerk, nomination):
    fields = pages.draft_fields(clerk.get(pages.draft_of(nomination))) | {"summary": "Gõ trước khi tải lên"}
    assert upload(clerk, nomination, ("a.pdf", PDF), ("b.png", PNG), fields=fields).status_code == 302
    nomination.refresh_from_db()
    assert nomination.summary == "Gõ trước khi tải lên"
    assert Evidence.objects.count() == 2


def test_a_faulty_field_keeps_the_documents_and_what_was_typed(clerk, nomination):
    fields = pages.draft_fields(clerk.get(pages.draft_of(nomination)))
    fields |= {"summary": "Gõ trước khi tải lên", "letter_date": "99/99/2024"}
    response = upload(clerk, nomination, ("a.pdf", PDF), fields=fields)
    assert response.status_code == 422
    assert "Gõ trước khi tải lên" in response.content.decode()
    assert Evidence.objects.count() == 1
    corrected = pages.draft_fields(response) | {"letter_date": "05/11/2024"}
    assert clerk.post(pages.draft_of(nomination), corrected).status_code == 302


def test_nothing_is_added_to_a_draft_saved_elsewhere(world, clerk, nomination):
    fields = pages.draft_fields(clerk.get(pages.draft_of(nomination)))
    upload(pages.enter(world["clerk2@commune"]), nomination, ("a.pdf", PDF))
    assert upload(clerk, nomination, ("b.pdf", PDF), fields=fields).status_code == 409
    assert [e.name for e in Evidence.objects.all()] == ["a.pdf"]


def test_a_document_is_taken_out_of_a_draft_and_of_nothing_else(world, clerk, nomination):
    upload(clerk, nomination, ("a.pdf", PDF))
    kept = Evidence.objects.get()
    remove = reverse("nominations:evidence_remove", kwargs={"uid": kept.uid})
    assert pages.enter(world["unit_head@commune"]).post(remove).status_code == 403
    assert pages.enter(world["clerk@commune2"]).post(remove).status_code == 404
    assert clerk.post(remove, {"revision": Nomination.objects.get().revision}).status_code == 302
    kept.refresh_from_db()
    assert not kept.present
    assert status(clerk, kept) == 200  # an earlier version may hold it


def test_a_document_goes_to_who_may_read_the_file_and_to_nobody_else(world, client, clerk, nomination):
    upload(clerk, nomination, ("Tờ trình.pdf", PDF))
    kept = Evidence.objects.get()
    reviewer = pages.enter(world["reviewer@district"])
    assert b"".join(clerk.get(url(kept)).streaming_content) == PDF
    assert status(reviewer, kept) == 404  # not yet submitted
    assert status(pages.enter(world["clerk@commune2"]), kept) == 404
    assert status(client, kept) == 302  # sign in first
    upload(clerk, nomination, ("b.pdf", PDF), evidence_kind="minutes")
    w.walk(world, nomination, State.REVIEW)
    assert status(reviewer, kept) == 200


def test_a_document_can_do_nothing_in_the_browser(clerk, nomination):
    upload(clerk, nomination, ("a.pdf", PDF), ("b.docx", docx()), ("c.png", PNG))
    shown, kept, picture = (clerk.get(url(e)) for e in Evidence.objects.order_by("name"))
    for response in (shown, kept, picture):
        assert b"".join(response.streaming_content)
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "SAMEORIGIN"
        assert "default-src 'none'" in response["Content-Security-Policy"]
        assert "no-store" in response["Cache-Control"]
    assert shown["Content-Disposition"].startswith("inline")
    assert kept["Content-Disposition"].startswith("attachment")
    assert "sandbox" in picture["Content-Security-Policy"]
    assert shown["Content-Type"] == "application/pdf"

"""A disk with no room left: what was to be stored is refused whole, the text is kept, and it goes on once there is room."""

import errno
import os
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from history.models import Event
from nominations.models import Evidence
from tests import pages
from tests import world as w
from tests.fixtures import in_2024

__all__ = ["in_2024"]

ROOM = 1024 * 1024
PDF = b"%PDF-1.4\n" + b"0" * (2 * ROOM) + b"\n%%EOF\n"


@contextmanager
def full(folder: Path, monkeypatch):
    """A disk of its own that is too small; where nobody may mount one, the answer that such a disk gives."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode == 0:
        try:
            yield
        finally:
            subprocess.run(["umount", str(folder)], check=True)
        return
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", _no_room)
        yield


def _no_room(_handle):
    raise OSError(errno.ENOSPC, "No space left on device")


def left_in(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


def test_an_upload_finds_no_room(in_2024, db, tmp_path, settings, monkeypatch):
    world = w.build()
    draft, clerk = w.complete_draft(world), pages.enter(world["clerk@commune"])
    clerk.raise_request_exception = False
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    events, documents = Event.objects.count(), Evidence.objects.count()
    fields = pages.draft_fields(clerk.get(pages.draft_of(draft))) | {"summary": "Đã gõ\nhai dòng"}

    def save():
        file = SimpleUploadedFile("to-trinh.pdf", PDF, "application/pdf")
        address = reverse("nominations:evidence_add", kwargs={"uid": draft.uid})
        return clerk.post(
            address, fields | {"evidence_kind": "other", "evidence_nominee": "", "file": [file]}
        )

    with full(settings.MEDIA_ROOT, monkeypatch):
        answer = save()
        assert answer.status_code == 503 and "Đã gõ\nhai dòng" in answer.content.decode()
        assert left_in(settings.MEDIA_ROOT) == [], "what was begun takes no room"
    draft.refresh_from_db()
    assert (Event.objects.count(), Evidence.objects.count()) == (events, documents)
    assert draft.summary != "Đã gõ\nhai dòng", "whole or not at all"
    assert save().status_code == 302
    draft.refresh_from_db()
    assert draft.summary.splitlines() == ["Đã gõ", "hai dòng"]
    assert Evidence.objects.count() == documents + 1


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_both_ways_of_being_full_are_known(number):
    from config import failing

    assert failing.is_passing(OSError(number, "full"))
    assert not failing.is_passing(OSError(errno.EACCES, "forbidden"))

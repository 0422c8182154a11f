"""Documents: judged by their content, stored under their SHA-256, never overwritten."""

import hashlib
import os
import tempfile
from pathlib import Path

import filetype
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from history import kinds
from history.ledger import Entry, record
from nominations import drafts
from nominations.models import Evidence, Nomination, Nominee
from permissions import child_reader, foreign
from permissions.models import Officer
from permissions.text import normalised

LARGEST = 20 * 1024 * 1024  # bytes
UNPACKED = 300 * 1024 * 1024  # bytes of what is in an Office document
OOXML = "application/vnd.openxmlformats-officedocument"
DOCX = f"{OOXML}.wordprocessingml.document"
XLSX = f"{OOXML}.spreadsheetml.sheet"
EXTENSIONS = {
    "application/pdf": "pdf",
    DOCX: "docx",
    XLSX: "xlsx",
    "image/png": "png",
    "image/jpeg": "jpg",
}
# Opened inside our own page, as a page or as an image; everything else comes as a file to keep.
IN_PLACE = {"application/pdf": "page", "image/png": "image", "image/jpeg": "image"}
IN_WORDS = (DOCX, XLSX)  # their words and tables are shown in place, made by `nominations.previews`


def media_type(upload: UploadedFile) -> str:
    """Return what the bytes are, whatever the name says.

    Raises ValidationError when the file is empty, larger than 20 MB, or none of PDF, DOCX,
    XLSX, PNG and JPEG.
    """
    if not upload.size:
        raise ValidationError({"file": _("The file is empty: choose it again.")})
    if upload.size > LARGEST:
        raise ValidationError(
            {"file": _("The file is larger than 20 MB: scan it at a lower resolution or split it.")}
        )
    upload.seek(0)
    guessed = filetype.guess(upload.read(8192))
    upload.seek(0)
    found = guessed.mime if guessed else ""
    if found in ("application/zip", DOCX, XLSX):
        found = _office_type(upload)
    if found not in EXTENSIONS:
        raise ValidationError(
            {"file": _("This is no PDF, DOCX, XLSX, PNG or JPEG by its content: convert it to PDF.")}
        )
    return found


@transaction.atomic
def attach(
    nomination: Nomination,
    upload: UploadedFile,
    *,
    kind: str,
    by: Officer,
    nominee: Nominee | None = None,
) -> Evidence:
    """Store a document in a draft. Raises PermissionDenied and ValidationError.

    The bytes are written first: a refused transaction leaves at most bytes that no row names.
    """
    locked = drafts.lock(nomination, by)
    if nominee is not None and nominee.nomination_id != locked.pk:
        raise ValidationError({"nominee": _("The nominee belongs to another file.")})
    if said := foreign.fault(upload.name or ""):
        raise ValidationError({"file": said})
    found = media_type(upload)
    digest = store(upload)
    evidence = Evidence(
        nomination=locked,
        nominee=nominee,
        kind=kind,
        name=_safe_name(upload.name or "", found),
        media_type=found,
        size=upload.size,
        sha256=digest,
        uploaded_by=by,
    )
    evidence.full_clean()
    evidence.save()
    drafts.touch(locked)
    record(
        Entry(
            stream=locked.stream,
            kind=kinds.EVIDENCE_STORED,
            actor=str(by.uid),
            action="attach",
            unit=locked.unit.code,
            data={"evidence": str(evidence.uid), "sha256": digest, "size": evidence.size, "kind": kind},
            text={"actor": by.full_name, "name": evidence.name},
        )
    )
    return evidence


def path_of(digest: str) -> Path:
    """Return where the bytes with this SHA-256 lie."""
    return Path(settings.MEDIA_ROOT) / "evidence" / digest[:2] / digest


def digest_of(digest: str) -> str | None:
    """Return the SHA-256 of the bytes that lie where those with `digest` should; None when there are none."""
    path = path_of(digest)
    if not path.exists():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def store(upload: UploadedFile) -> str:
    """Write the bytes under their SHA-256, whole or not at all, and return it (64 hex digits)."""
    root = Path(settings.MEDIA_ROOT) / "evidence"
    root.mkdir(parents=True, exist_ok=True)
    hasher = hashlib.sha256()
    with tempfile.NamedTemporaryFile(dir=root, delete=False) as temporary:
        try:
            for chunk in upload.chunks():
                hasher.update(chunk)
                temporary.write(chunk)
            temporary.flush()
            os.fsync(temporary.fileno())
            target = path_of(hasher.hexdigest())
            target.parent.mkdir(exist_ok=True)
            if not target.exists():  # else the same bytes are there already
                os.chmod(temporary.name, 0o440)
                os.replace(temporary.name, target)
        finally:  # on a disk that is full every byte counts
            Path(temporary.name).unlink(missing_ok=True)
    return hasher.hexdigest()


def _office_type(upload: UploadedFile) -> str:
    """Look inside a ZIP, in a process of its own: only a whole Office document without macros is one.

    Raises ValidationError when what is in it passes a limit.
    """
    content = upload.read()
    upload.seek(0)
    try:
        found = child_reader.read("kind", content, unpacked=UNPACKED)
    except child_reader.Unread as error:
        if said := error.sentence(""):
            raise ValidationError({"file": said}) from error
        return ""
    return {"docx": DOCX, "xlsx": XLSX}.get(found, "")


def _safe_name(name: str, found: str) -> str:
    """Keep the given name readable, without a path, and with the ending of its real type."""
    stem = normalised(Path(name.replace("\\", "/")).name.rpartition(".")[0]) or "tai-lieu"
    kept = "".join(char for char in stem if char.isprintable() and char not in '<>:"/\\|?*')
    return f"{kept[:150]}.{EXTENSIONS[found]}"

"""Bundles for the tests: files with real documents, what a bundle holds, and the same with something changed."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from audit.evidence.bundle import build
from audit.evidence.choosing import EVERYTHING, Subject, subject_of
from nominations import evidence
from nominations.models import Evidence, Nomination
from tests import world as w

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
Members = dict[str, bytes]


def draft(world: w.World, unit: str = "commune", nominees: int = 1) -> Nomination:
    """A complete draft whose letter and minutes were really uploaded."""
    file = w.complete_draft(world, unit, nominees)
    Evidence.objects.filter(nomination=file).delete()
    for kind in ("letter", "minutes"):
        upload = SimpleUploadedFile(f"{kind}.pdf", PDF + f"{kind} {file.pk}".encode())
        evidence.attach(file, upload, kind=kind, by=world[f"clerk@{unit}"])
    file.refresh_from_db()
    return file


def bundle(row: Any = EVERYTHING, **options: bool) -> bytes:
    """The bundle of a file, a decision or everything, as bytes."""
    out = io.BytesIO()
    build(row if isinstance(row, Subject) else subject_of(row), out, **options)
    return out.getvalue()


def unpacked(data: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: Members) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def lines(members: Members, name: str = "events.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in members[name].splitlines()]


def with_lines(members: Members, change: Callable[[list[dict[str, Any]]], Any]) -> Members:
    """The same members, the events changed by `change` (in place, or returned)."""
    found = lines(members)
    found = change(found) or found
    text = "".join(
        json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n" for line in found
    )
    return members | {"events.jsonl": text.encode()}


def place(found: list[dict[str, Any]], stream: str, sequence: int) -> int:
    """Where an event stands among the lines."""
    return next(
        number
        for number, line in enumerate(found)
        if (line["event"]["stream"], line["event"]["sequence"]) == (stream, sequence)
    )


def run(where: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run the bundle's own `verify.py` in a clean interpreter: no packages, no environment, another folder."""
    command = [sys.executable, "-I", "-S", str(where / "verify.py"), *arguments]
    return subprocess.run(command, cwd=where, env={}, capture_output=True, timeout=60)

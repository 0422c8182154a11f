"""The members of a bundle, out of the ZIP or out of the folder into which it was unpacked; by known names alone."""

import hashlib
import os
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from audit.evidence.offline.form import read_json

KNOWN = re.compile(
    r"DOC-TRUOC\.txt|verify\.py|manifest\.(json|sig)|(checkpoints|events)\.jsonl|public-key\.pem"
    r"|contents/[0-9a-f]{64}\.json|attachments/[0-9a-f]{64}"
)
LONGEST = 64 * 1024 * 1024  # bytes of one line
LARGEST_MEMBER = 1024 * 1024 * 1024  # of a member that is read whole: the manifest of everything
CHUNK = 1024 * 1024
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


class Unreadable(Exception):
    """The bundle, or a member of it, cannot be read: `code` says why, `where` which."""

    def __init__(self, code: str, where: str):
        super().__init__(code, where)
        self.code, self.where = code, where


class Members:
    """What is in the bundle. Nothing is ever unpacked, and no name leads outside."""

    def __init__(self, path: str):
        self.path = path
        self.archive: zipfile.ZipFile | None = None
        if not os.path.isdir(path):
            try:
                self.archive = zipfile.ZipFile(path)
            except BROKEN as error:
                raise Unreadable("no_bundle", os.path.basename(path)) from error
        found = Counter(self._listed() if self.archive is None else self.archive.namelist())
        for folder in ("contents/", "attachments/"):  # some programs pack the folders themselves
            found.pop(folder, None)
        self.names = set(found)
        self.strange = sorted(name for name, times in found.items() if times > 1 or not KNOWN.fullmatch(name))

    def close(self) -> None:
        if self.archive is not None:
            self.archive.close()

    def _listed(self) -> list[str]:
        """The files of the folder; hidden ones are the system's own, and no link is followed."""
        found = []
        for folder, folders, files in os.walk(self.path):
            folders[:] = [name for name in folders if not name.startswith((".", "__pycache__"))]
            for name in (*files, *[item for item in folders if os.path.islink(os.path.join(folder, item))]):
                whole = os.path.join(folder, name)
                if not name.startswith("."):
                    inside = os.path.relpath(whole, self.path).replace(os.sep, "/")
                    regular = os.path.isfile(whole) and not os.path.islink(whole)
                    found.append(inside if regular else f"-> {inside}")
        return found

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        """Open a member. Raises Unreadable, also while it is read."""
        if name not in self.names or not KNOWN.fullmatch(name):
            raise Unreadable("member_missing", name)
        try:
            if self.archive is not None:
                with self.archive.open(name) as file:
                    yield file
            else:
                with open(os.path.join(self.path, *name.split("/")), "rb") as file:
                    yield file
        except BROKEN as error:
            raise Unreadable("member_broken", name) from error

    def read(self, name: str) -> bytes:
        """Return a member whole."""
        with self.opened(name) as file:
            raw = file.read(LARGEST_MEMBER + 1)
        if len(raw) > LARGEST_MEMBER:
            raise Unreadable("member_broken", name)
        return raw

    def json(self, name: str) -> Any:
        """Return what a member says."""
        raw = self.read(name)
        try:
            return read_json(raw)
        except ValueError as error:
            raise Unreadable("member_broken", name) from error

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the lines of a member, without their ends."""
        with self.opened(name) as file:
            while line := file.readline(LONGEST):
                yield line.removesuffix(b"\n")

    def digest(self, name: str) -> tuple[int, str]:
        """Return the size and the SHA-256 of a member."""
        hasher, size = hashlib.sha256(), 0
        with self.opened(name) as file:
            while chunk := file.read(CHUNK):
                hasher.update(chunk)
                size += len(chunk)
        return size, hasher.hexdigest()

"""Tampering with what lies outside the database: the bytes of documents."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tests.audit.campaigns.honest import Honest

Named = tuple[str, ...]


def _documents(honest: Honest) -> list[Path]:
    return sorted(path for path in (honest.folder / "media" / "evidence").rglob("*") if path.is_file())


@contextmanager
def kept(honest: Honest) -> Iterator[None]:
    """Put the bytes of every document back after the block."""
    before = {path: path.read_bytes() for path in _documents(honest)}
    try:
        yield
    finally:
        for path, content in before.items():
            if not path.exists() or path.read_bytes() != content:
                path.unlink(missing_ok=True)
                path.write_bytes(content)


def _of_file(path: Path) -> Named:
    return (f"nomination:* {path.name[:12]}",)


def changed_bytes(honest: Honest, random: Random) -> Named:
    path = random.choice(_documents(honest))
    content = bytearray(path.read_bytes())
    content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    os.chmod(path, 0o600)
    path.write_bytes(content)
    return _of_file(path)


def missing_bytes(honest: Honest, random: Random) -> Named:
    path = random.choice(_documents(honest))
    path.unlink()
    return _of_file(path)


def exchanged_bytes(honest: Honest, random: Random) -> Named:
    one, two = random.sample(_documents(honest), 2)
    first, second = one.read_bytes(), two.read_bytes()
    for path, content in ((one, second), (two, first)):
        os.chmod(path, 0o600)
        path.write_bytes(content)
    return _of_file(one)


KINDS = {
    "changed bytes": changed_bytes,
    "missing bytes": missing_bytes,
    "exchanged bytes": exchanged_bytes,
}

"""A ZIP that is the same, byte for byte, whenever its members are the same."""

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP can name


class Archive:
    """Members written one after the other, each with its size and SHA-256 noted."""

    def __init__(self, file: IO[bytes]):
        self._zip = zipfile.ZipFile(file, "w")
        self.members: dict[str, dict[str, int | str]] = {}

    @contextmanager
    def member(self, name: str, *, packed: bool = True) -> Iterator[Callable[[bytes], None]]:
        """Give a function that writes to the member `name`; `packed` is for what is not packed already."""
        info = zipfile.ZipInfo(name, EPOCH)
        info.create_system = 3  # the same on every machine
        info.external_attr = 0o644 << 16
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        hasher, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as out:

            def write(data: bytes) -> None:
                nonlocal size
                size += len(data)
                hasher.update(data)
                out.write(data)

            yield write
        self.members[name] = {"sha256": hasher.hexdigest(), "size": size}

    def add(self, name: str, data: bytes) -> None:
        """Write a member whole."""
        with self.member(name) as write:
            write(data)

    def close(self) -> None:
        """Write the directory of the ZIP; before it nothing can be read."""
        self._zip.close()

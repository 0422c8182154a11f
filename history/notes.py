"""A checkpoint as text, and the file in which the operator keeps each one outside of the database."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.conf import settings

from history.canonical import written

END = 4096  # bytes: more than the longest line


@dataclass(frozen=True)
class Note:
    """A checkpoint as text: what is signed, kept outside, mailed and given away."""

    number: int
    log: str
    size: int
    root: str
    at: str
    key: str
    signature: str

    def message(self) -> bytes:
        """Return the bytes that are signed: everything but the signature."""
        return written({name: value for name, value in asdict(self).items() if name != "signature"}).encode()


@dataclass(frozen=True)
class Kept:
    """What is kept outside: the notes of this log in their order, and the lines that nobody can read."""

    notes: Sequence[Note] = ()
    unreadable: Sequence[int] = ()


def kept() -> Kept:
    """Return what the file holds of this log."""
    path, notes, unreadable = settings.LEDGER_WITNESS_FILE, [], []
    lines = path.read_text(errors="replace").splitlines() if path.exists() else []
    for number, line in enumerate(lines, start=1):
        try:
            note = _read(line)
        except ValueError:
            unreadable.append(number)
            continue
        if note.log == settings.LEDGER_NAME:
            notes.append(note)
    return Kept(notes, unreadable)


def last_kept() -> Note | None:
    """Return the newest note of the file, None before the first; only the file's end is read.

    Raises RuntimeError when it cannot be read or belongs to another log: nothing is signed beside such a file.
    """
    path = settings.LEDGER_WITNESS_FILE
    if not path.exists() or not path.stat().st_size:
        return None
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - END))
        line = file.read().decode(errors="replace").splitlines()[-1]
    try:
        note = _read(line)
    except ValueError as error:
        raise RuntimeError(f"The last line of {path} cannot be read: mend it from a copy first.") from error
    if note.log != settings.LEDGER_NAME:
        raise RuntimeError(f"{path} is kept for the log {note.log}, and this is {settings.LEDGER_NAME}.")
    return note


def keep(note: Note) -> None:
    """Add a note to the file; it is on the disk when this returns."""
    path = settings.LEDGER_WITNESS_FILE
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("a") as file:
        file.write(written(asdict(note)) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _read(line: str) -> Note:
    """The note of a line; ValueError for what is none."""
    try:
        note = Note(**json.loads(line))
    except TypeError as error:
        raise ValueError(str(error)) from error
    if not all(isinstance(value, int) for value in (note.number, note.size)) or not all(
        isinstance(value, str) for value in (note.log, note.root, note.at, note.key, note.signature)
    ):
        raise ValueError(line)
    return note

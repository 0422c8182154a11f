"""Reads foreign bytes in a process of its own: whatever they do to a reader, the web server lives and says a sentence."""

import json
import logging
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 20  # until a reader is ended, by the clock
AT_ONCE = 2  # readers of one web process; its other threads answer pages
PATIENCE = 15  # seconds that a document waits for its turn

# What a document was refused for, in words; what is not named here could not be read at all.
SENTENCES = {
    "busy": gettext_lazy("Other documents are being read just now: send it again in a minute."),
    "parts": gettext_lazy("The file holds more than %(limit)s parts: save it anew, or split it."),
    "unpacked": gettext_lazy("The file unpacks to more than such a list can be."),
    "entities": gettext_lazy("The file declares entities, as no office program does: save it anew."),
    "cells": gettext_lazy(
        "Cell %(where)s lies so far out that more than %(limit)s cells stand up to it: delete what is outside of the list."
    ),
    "columns": gettext_lazy("A table is wider than %(limit)s columns: split it."),
    "limits": gettext_lazy(
        "The file could not be read within the time and memory that one may take: save it anew, or split it."
    ),
}
NOTHING = {"rule": "limits"}  # of a reader that was ended
logger = logging.getLogger(__name__)
_places = BoundedSemaphore(AT_ONCE)


class Unread(Exception):
    """A document that was not read: `rule` is "broken", or the name of the limit that it passed."""

    def __init__(self, rule: str, limit: int = 0, where: str = ""):
        super().__init__(rule)
        self.rule, self.limit, self.where = rule, limit, where

    def sentence(self, broken: str) -> str:
        """Return why, for the person who sent it; `broken` is said of what is no such document."""
        said = SENTENCES.get(self.rule)
        values = {"limit": f"{self.limit:,}".replace(",", "."), "where": self.where}
        return _(str(said)) % values if said else broken


def read(reader: str, content: bytes | IO[bytes], **options: Any) -> Any:
    """Return what a reader of `permissions.readers` finds in a document. Raises Unread.

    The process gets an empty environment and sets its own limits; it is ended after SECONDS.
    """
    if not _places.acquire(timeout=PATIENCE):
        raise Unread("busy")
    try:
        return _answered(reader, content, options)
    finally:
        _places.release()


def _answered(reader: str, content: bytes | IO[bytes], options: dict[str, Any]) -> Any:
    command = [sys.executable, "-m", "permissions.readers", reader, json.dumps(options)]
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as given:
        if isinstance(content, bytes):
            given.write(content)
            given.seek(0)
        source = given if isinstance(content, bytes) else content
        try:
            done = subprocess.run(  # noqa: S603 (our own program, the options are ours)
                command, cwd=ROOT, env={"PYTHONIOENCODING": "utf-8"}, stdin=source, stdout=answer,
                stderr=subprocess.DEVNULL, timeout=SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            logger.warning("reader ended: reader=%s because=time", reader)
            raise Unread("limits") from error
        answer.seek(0)
        found = _parsed(answer.read()) if done.returncode == 0 else NOTHING
    if "found" in found:
        return found["found"]
    if found["rule"] == "limits":
        logger.warning("reader ended: reader=%s status=%s", reader, done.returncode)
    raise Unread(found["rule"], int(found.get("limit", 0)), str(found.get("where", "")))


def _parsed(answer: bytes) -> Any:
    """What a reader wrote; nothing when it was cut off."""
    try:
        return json.loads(answer)
    except ValueError:
        return NOTHING

"""What the environment of a process says, read as what it means."""

import contextlib
import os
import secrets
import tempfile
from datetime import time
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in ("1", "true", "yes", "on")


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def time_of_day(name: str, default: str) -> time:
    try:
        return time.fromisoformat(os.environ.get(name) or default)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is a time of day, such as {default}.") from error


def site(name: str, default: str) -> str:
    address = (os.environ.get(name) or default).rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        raise ImproperlyConfigured(
            f"{name} is the address of the site, such as https://khenthuong.example.vn."
        )
    return address


def secret(name: str, var: Path) -> str:
    """Read a secret from the environment, or make it once under var/."""
    if os.environ.get(name):
        return os.environ[name]
    path = var / name.lower()
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=var) as draft:  # only its owner may read it
            draft.write(secrets.token_urlsafe(64))
            draft.flush()
            with contextlib.suppress(FileExistsError):  # another process was first: its key counts
                os.link(draft.name, path)
    return path.read_text()

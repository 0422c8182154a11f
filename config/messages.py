"""The messages of the interface: found in the code and templates, kept in the catalogue."""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation import template as django_template

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "vi" / "LC_MESSAGES" / "django.po"
ROOMS = ("config", "demo", "history", "permissions", "nominations", "workflows", "audit")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def found() -> Catalog:
    """Return every message that the code and the templates use, with where it stands."""
    catalogue = Catalog(locale="vi", domain="django", charset="utf-8")
    for path, source in _sources():
        for line, message, comments, context in extract(
            "python", io.BytesIO(source.encode()), KEYWORDS, ["Translators:"]
        ):
            del comments
            name = path.relative_to(ROOT).as_posix()
            catalogue.add(message, locations=[(name, line)], context=context, flags=_flags(message))
    return catalogue


def kept() -> Catalog:
    """Return the Vietnamese catalogue as it is in the repository."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="vi", domain="django")


def missing() -> list[str]:
    """Return the messages that have no Vietnamese, or an uncertain one."""
    catalogue = kept()
    gaps = []
    for message in found():
        if not message.id:
            continue
        ours = catalogue.get(message.id, message.context)
        texts = (ours.string if isinstance(ours.string, tuple | list) else [ours.string]) if ours else [""]
        if ours is None or ours.fuzzy or not all(texts[:1]):
            gaps.append(message.id if isinstance(message.id, str) else message.id[0])
    return gaps


def update() -> int:
    """Bring the catalogue up to date with the code; return how many messages lack Vietnamese."""
    ours = kept() if CATALOGUE.exists() else Catalog(locale="vi", domain="django")
    theirs = found()
    ours.update(theirs, no_fuzzy_matching=True)
    ours.obsolete.clear()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, ours, width=110, sort_by_file=True, omit_header=False, include_lineno=False)
    return len(missing())


def _sources() -> Iterator[tuple[Path, str]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text(encoding="utf-8")
    for path in sorted(path for kind in ("*.html", "*.txt") for path in (ROOT / "templates").rglob(kind)):
        text = django_template.templatize(path.read_text(encoding="utf-8"), origin=str(path))
        yield path, re.sub(r"(?m)^\s+", "", text)  # read as Python, where indentation has a meaning


def _flags(message) -> list[str]:
    text = message if isinstance(message, str) else message[0]
    return ["python-format"] if re.search(r"%\(\w+\)[sd]", text or "") else []


if __name__ == "__main__":
    if sys.argv[1:] == ["--missing"]:
        print("\n".join(missing()))
    else:
        print(f"{update()} messages lack Vietnamese.")

"""The words by which an event is found: lower case, without diacritics, split where letters and digits end."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from history.facts import Fact
from permissions.text import search_key

SILENT = {"address", "identity", "parties"}  # what of a text is no word to search by
LONGEST = 60  # letters of a word
MOST = 20_000  # words of one event
_OPAQUE = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}|[0-9a-f]{40,}")


def of(fact: Fact, reference: str, names: Iterable[str]) -> str:
    """Return the words of an event, each once, with a blank between them; of an erased text none is left."""
    told = [*_strings(fact.text), *names] if fact.text else []
    number = fact.data.get("number")
    told += [reference, str(fact.data.get("reference", "")), str(number or "")]
    found = dict.fromkeys(word for text in told for word in split(text))
    return " ".join(list(found)[:MOST])


def split(text: str) -> list[str]:
    """Return the words of a text, as they are stored and as they are searched."""
    return [word[:LONGEST] for word in re.findall(r"[^\W_]+", search_key(text))]


def query(text: str) -> str:
    """Return what PostgreSQL searches for (a tsquery): every word, the last also as the beginning of one."""
    wanted = split(text)
    if not wanted:
        return ""
    return " & ".join([*(f"'{word}'" for word in wanted[:-1]), f"'{wanted[-1]}':*"])


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if not _OPAQUE.fullmatch(value):
            yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name not in SILENT:
                yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)

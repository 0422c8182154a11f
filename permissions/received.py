"""What a request was sent with, read where no form reads it: names, keys, numbers and words."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator

from permissions import foreign
from permissions.text import normalised, normalised_lines

MOST_WORD = 200  # characters of a name or of an address that we ourselves offered
MOST_SECRET = 1000  # characters of a password
BIGGEST = 2**63 - 1  # of a key in the database


def word(data: Mapping[str, Any], name: str, *, most: int = MOST_WORD) -> str:
    """Return one of the words that we offered, as it was sent back; "" when it can be none of ours.

    For what is looked up or compared, never for what is stored: that is `line` or `lines`.
    """
    text = data.get(name) or ""
    return text if isinstance(text, str) and foreign.is_clean(text, most=most) else ""


def key(data: Mapping[str, Any], name: str, *, most: int = BIGGEST) -> int | None:
    """Return a key or a number from 0 to `most`; None when none was sent, or something else."""
    return number(str(data.get(name) or ""), most=most)


def number(text: str, *, most: int = BIGGEST) -> int | None:
    """Return `text` as a number from 0 to `most`, ASCII digits only; None when it is something else."""
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most))):
        return None
    found = int(text)
    return found if found <= most else None


def page(rows: Any, data: Mapping[str, Any], *, per_page: int) -> Page[Any]:
    """Return the page of `rows` that was asked for; the first or the last one when there is no such page."""
    return Paginator(rows, per_page).get_page(word(data, "page"))


def secret(data: Mapping[str, Any], name: str) -> str:
    """Return a password as it was typed; "" for one that is longer than any can be."""
    text = data.get(name) or ""
    return text if len(text) <= MOST_SECRET else ""


def line(data: Mapping[str, Any], name: str, *, most: int) -> str:
    """Return one line of words, normalised, of at most `most` characters.

    Raises ValidationError at the field `name` that says what cannot be kept.
    """
    return _checked(data, name, most, normalised)


def lines(data: Mapping[str, Any], name: str, *, most: int) -> str:
    """Return words in paragraphs, normalised; raises ValidationError as `line` does."""
    return _checked(data, name, most, normalised_lines)


def words(data: Mapping[str, Any], name: str) -> Sequence[str]:
    """Return all the words of one name that we offered, as they were sent back; what can be none of ours is left out."""
    values = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or ()
    return [text for text in values if isinstance(text, str) and foreign.is_clean(text, most=MOST_WORD)]


def _checked(data: Mapping[str, Any], name: str, most: int, regular: Callable[[str], str]) -> str:
    try:
        return foreign.regular(str(data.get(name) or ""), regular, most=most)
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from error

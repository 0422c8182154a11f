"""What text from outside may hold: how long it may be, and the characters that no person types.

Asked before the text is normalised, searched or stored; whoever sent it is told which character stands where.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MOST_MARKS = 4  # on one letter; Vietnamese needs 2 when it is decomposed, Khmer and Cham 3
ROOM = 4  # times the limit: what a text may be long before its marks, blanks and empty lines are made regular
# Parts of a regular expression: what is refused, and what it is to whoever pasted it. Tab and line ends are text.
REFUSED = {
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f": gettext_lazy("a control character"),
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u206a-\u206f": gettext_lazy(
        "a hidden character that changes the direction or the shape of the words"
    ),
    "\U000e0000-\U000e007f\ufff9-\ufffb": gettext_lazy("a hidden character that carries words nobody sees"),
    "\ud800-\udfff\ufdd0-\ufdef\ufffd"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    ): gettext_lazy("what is left of a character that could not be read"),
}
_ANY = re.compile("|".join(f"([{part}])" for part in REFUSED))
_MARKS = "".join(
    chr(code) for code in (*range(0x300, 0x1F000), *range(0xE0100, 0xE01F0))
    if unicodedata.category(chr(code)).startswith("M")
)  # fmt: skip
_TOO_MANY = re.compile(f"[{re.escape(_MARKS)}]{{{MOST_MARKS + 1}}}")
_BEFORE = 20  # characters shown to find the place by


def check(text: str, *, most: int | None = None) -> None:
    """Refuse a text of more than `most` characters, or one that holds what no person types.

    Raises ValidationError with a sentence that names the character, its place and the remedy.
    """
    if most is not None:
        MaxLengthValidator(most)(text)
    if said := fault(text):
        raise ValidationError(said, code="foreign")


def regular(text: str, made: Callable[[str], str], *, most: int) -> str:
    """Return `text` as `made` makes it regular; checked before, and its length again after. Raises as `check`."""
    check(text, most=most * ROOM)
    found = made(text)
    MaxLengthValidator(most)(found)
    return found


def fault(text: str) -> str:
    """Return what is wrong with the characters of `text`, as a sentence; "" when nothing is."""
    if found := _ANY.search(text):
        values = {
            "code": f"U+{ord(found[0]):04X}",
            "what": list(REFUSED.values())[(found.lastindex or 1) - 1],
        }
        values["place"] = _place(text, found.start())
        return _("%(place)s stands %(code)s, %(what)s. Delete it, or type the words there anew.") % values
    if found := _TOO_MANY.search(text):
        values = {"most": MOST_MARKS, "place": _place(text, found.start())}
        return _("%(place)s more than %(most)s marks stand on one letter. Type the letter anew.") % values
    return ""


def is_clean(text: str, *, most: int) -> bool:
    """Whether `text` is no longer than `most` characters and holds only what people type."""
    return len(text) <= most and not fault(text)


def _place(text: str, at: int) -> str:
    """Where a character stands: its number, its line if there are several, and the words before it."""
    values: dict[str, Any] = {
        "number": at - text.rfind("\n", 0, at),
        "line": text.count("\n", 0, at) + 1,
        "words": text[max(0, at - _BEFORE) : at].split("\n")[-1],
    }
    if "\n" in text.strip():
        return _("At character %(number)s of line %(line)s, after “%(words)s”,") % values
    return _("At character %(number)s, after “%(words)s”,") % values

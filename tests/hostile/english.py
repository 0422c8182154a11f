"""The English of Django's own messages: none of it may stand on a Vietnamese page."""

import re
from functools import cache
from pathlib import Path

import django
from babel.messages.pofile import read_po

from config import messages

ROOT = Path(django.__file__).parent
# Where the messages stand that a form, a validator or a model of ours can show.
USED = ("core/validators.py", "forms/", "db/models/")


def used() -> list[str | tuple[str, ...]]:
    """Django's own messages that can reach a page; one with a plural as a tuple."""
    with (ROOT / "conf/locale/en/LC_MESSAGES/django.po").open("rb") as file:
        return [
            message.id
            for message in read_po(file)
            if message.id and any(place.startswith(USED) for place, _line in message.locations)
        ]


@cache
def fragments() -> tuple[str, ...]:
    """Pieces of three words and more of them, and of our own messages, that are no Vietnamese."""
    ours = [message.id for message in messages.kept() if message.id and message.id != message.string]
    texts = [text for one in [*used(), *ours] for text in (one if isinstance(one, list | tuple) else (one,))]
    pieces = {
        piece.strip(" .,:;“”()") for text in texts for piece in re.split(r"%\(\w+\)[sd]|%[sd]|\n", text)
    }
    return tuple(sorted(piece for piece in pieces if len(piece.split()) >= 4))

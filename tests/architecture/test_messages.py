"""The interface is Vietnamese first: no message without its Vietnamese, none that breaks when filled in."""

import re

from config import messages

PLACE = re.compile(r"%\((\w+)\)[sd]")


def test_every_message_has_its_vietnamese():
    assert messages.missing() == []


def test_the_vietnamese_fills_in_what_the_english_does():
    for message in messages.kept():
        if not message.id:
            continue
        texts = message.string if isinstance(message.string, tuple | list) else [message.string]
        english = message.id if isinstance(message.id, str) else message.id[-1]
        for text in texts:
            assert set(PLACE.findall(text)) <= set(PLACE.findall(english)), message.id


def test_nobody_is_addressed_as_ban():
    """Imperative and neutral: the law has no "bạn"."""
    for message in messages.kept():
        assert not re.search(r"\bbạn\b", str(message.string), re.IGNORECASE), message.string

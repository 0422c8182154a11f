"""The interface is Vietnamese first: no message without its Vietnamese, none that breaks when filled in."""

import re

from django.utils import translation
from django.utils.translation import gettext, ngettext

from config import messages
from tests.hostile.english import used

PLACE = re.compile(r"%\((\w+)\)[sd]")


def test_every_message_has_its_vietnamese():
    assert messages.missing() == []


def test_what_django_itself_says_has_its_vietnamese():
    """Of Django's sentences that a form, a validator or a model can show: from its catalogue, or from ours."""
    forms = [text if isinstance(text, tuple) else (text, text) for text in used()]
    sentences = [(one, many) for one, many in forms if many.endswith(".")]
    with translation.override("vi"):
        left = [many for one, many in sentences if ngettext(one, many, 2) == many == gettext(many)]
    assert len(sentences) > 50
    assert left == []


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

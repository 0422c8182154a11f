"""One language on a page: in English no sentence of the Vietnamese catalogue, and the other way round."""

import html
import re

import pytest

from config import messages
from nominations.models import Nominee
from permissions.models import Unit
from tests import world as w
from tests.e2e.test_accessible import READERS, places_of, shows
from tests.pages import enter
from tests.permissions.addresses import every
from tests.permissions.test_urls import things

pytestmark = pytest.mark.usefixtures("in_2024")
# What people wrote, and what is Vietnamese in either language: guides, names of programmes and of posts.
OURS = ("guide", "demo", "components")
HIDDEN = re.compile(r"<(script|style|option|textarea)\b.*?</\1>|<[^>]*lang=\"(vi|en)\".*?</", re.DOTALL)
WORDS = 3  # shorter ones are names as often as sentences


@pytest.fixture
def world(db):
    return w.build()


def sentences(number):
    """The texts of the catalogue in one language (0: English, 1: Vietnamese) that are no words of the other."""
    both = [(message.id, message.string) for message in messages.kept() if message.id and message.string]
    pairs = [(a if isinstance(a, str) else a[0], b if isinstance(b, str) else b[0]) for a, b in both]
    texts = {pair[number] for pair in pairs if pair[0] != pair[1]}
    return {text for text in texts if len(text.split()) >= WORDS and "%(" not in text and "{" not in text}


def text_of(answer):
    bare = re.sub(r"<[^>]+>", "\n", HIDDEN.sub(" ", answer.content.decode()))
    return html.unescape(re.sub(r"[ \t]+", " ", bare))


def pages(world):
    """Every page that somebody gets, as (name, client, address)."""
    found = things(world)
    clients = {who: enter(world[who]) for who in READERS if who in world.people}
    for address in every():
        if any(word in address.name for word in OURS):
            continue
        for place in places_of(address, found, world):
            if clients["clerk@commune"].get(place).status_code == 405:
                break
            who = next((who for who in clients if shows(clients[who], place)), None)
            if who:
                yield address.name, clients[who], place
                break


@pytest.mark.proof
def test_no_page_mixes_languages(world):
    wrong, asked = [], list(pages(world))
    strange = {"en": sentences(1), "vi": sentences(0)}
    data = {*Unit.objects.values_list("name", flat=True), *Nominee.objects.values_list("report", flat=True)}
    for name, client, place in asked:
        for language, others in strange.items():
            client.cookies["django_language"] = language
            text = text_of(client.get(place))
            lines = {line.strip() for line in text.splitlines() if len(line.split()) >= WORDS}
            wrong += [(name, language, line) for line in sorted(lines & others - data)]
    assert not wrong, "\n".join(map(str, wrong))

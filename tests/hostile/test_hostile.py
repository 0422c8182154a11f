"""No input stops a page: every field, parameter and part of an address of the resolver with what nobody types."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from nominations import evidence
from nominations.models import Nomination
from tests.hostile.asking import KEY, PDF, Asker, Question, of_form, of_path, of_query, page_of, read_by
from tests.pages import enter
from tests.permissions.addresses import READERS, Address, every, places_of
from tests.permissions.test_urls import things

pytestmark = pytest.mark.usefixtures("in_2024")
EVERY_STATE = ("workflows:nomination", "workflows:decision")  # each state has forms of its own
ADDRESSES, QUESTIONS = 6, 100  # of `make test`
SECOND_BUTTON = 60  # questions of a form that another button sends elsewhere: its fields were asked already


@pytest.fixture
def asker(settings):
    """Somebody whose password is not asked for again and whom no limit of requests stops, and no noise."""
    settings.REAUTH_SECONDS = settings.SESSION_IDLE_SECONDS = 8 * 3600
    settings.PUBLIC_PER_MINUTE = 10**6
    logging.disable(logging.CRITICAL)
    yield Asker()
    logging.disable(logging.NOTSET)


@pytest.fixture
def draw(request):
    """The draw of this run, by the seed that it prints."""
    return Random(int(request.config.getoption("--hypothesis-seed")))


@pytest.mark.proof
def test_every_question(world, asker, draw):
    addresses = [address for address in every() if address.name != "components"]
    for question in questions(world, addresses, draw):
        asker.ask(question)
    assert asker.asked > 5000
    assert not asker.wrong, asker.report()


def test_some_questions(world, asker, draw):
    addresses = [address for address in every() if address.name not in ("components", *EVERY_STATE)]
    asked = list(questions(world, draw.sample(addresses, ADDRESSES), draw))
    for question in draw.sample(asked, min(QUESTIONS, len(asked))):
        asker.ask(question)
    assert not asker.wrong, asker.report()


def questions(world, addresses: list[Address], draw: Random) -> Iterator[Question]:
    """All questions of these addresses; a form that several pages show is asked once."""
    found = things(world)
    draft = next(file for file in found[Nomination] if file.state == "draft")
    evidence.attach(draft, SimpleUploadedFile("a.pdf", PDF), kind="other", by=world["clerk@commune"])
    clients = {who: enter(world[who]) for who in READERS if who in world.people} | {"nobody": Client()}
    known: set[object] = set()
    for address in addresses:
        places = places_of(address, found, world)
        if places:
            yield from of_path(clients["clerk@commune"], places[0], address.name)
        for place in places if address.name in EVERY_STATE else places[:1]:
            for who, client in clients.items():
                if address.name != "login" or who == "nobody":
                    yield from of_page(client, place, f"{address.name} as {who}", known, draw)


def of_page(client: Client, place: str, where: str, known: set[object], draw: Random) -> Iterator[Question]:
    """The forms of a page and its parameters, unless they were asked already."""
    page = page_of(client, place)
    if page is None:
        return
    for form in page.forms:
        if "language" in form.fields:
            form.fields["language"] = ["vi"]  # of the pages that follow
        for number, action in enumerate([form.action, *sorted(form.others)]):
            names = frozenset(KEY.sub("#", name) for name in form.fields)
            there = (KEY.sub("#", action), form.method)
            mark = (*there, names, tuple(form.fields.get("action", ())))
            if mark in known:
                continue
            asked_before = frozenset(name for name in form.fields if (*there, name) in known)
            known |= {mark, *((*there, name) for name in form.fields)}
            to = replace(form, action=action)
            asked = list(of_form(client, to, place, f"{where}, form to {action}", asked_before))
            yield from draw.sample(asked, min(SECOND_BUTTON, len(asked))) if number else asked
    if KEY.sub("#", place) not in known:
        known.add(KEY.sub("#", place))
        yield from of_query(client, place, set(read_by(place) | page.queries.get(place, set())), where)

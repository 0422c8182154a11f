"""No input stops a page: every field, parameter and part of an address of the resolver with what nobody types."""

import random
import re
from dataclasses import replace
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import resolve

from nominations import evidence
from nominations.models import Evidence, Nomination
from permissions.models import Officer
from tests import world as w
from tests.hostile.asking import KEY, PDF, Asker, Question, of_form, of_path, of_query, page_of, read_by
from tests.hostile.places import EVERY_STATE, READERS, places_of
from tests.pages import enter
from tests.permissions.addresses import every
from tests.permissions.test_urls import things

pytestmark = pytest.mark.usefixtures("in_2024")
SAMPLE = 120  # questions of `make test`


def questions(world) -> Iterator[list[Question]]:
    """All questions, those of one form, page or address together; a form of several pages is asked once."""
    import time

    t = time.time()
    found = things(world)
    print("things", time.time() - t)
    draft = next(file for file in found[Nomination] if file.state == "draft")
    evidence.attach(draft, SimpleUploadedFile("a.pdf", PDF), kind="other", by=world["clerk@commune"])
    clients = {who: enter(world[who]) for who in READERS if who in world.people} | {"nobody": Client()}
    known: set[object] = set()
    for address in every():
        if address.name == "components":
            continue
        for place in places_of(address, found, world):
            if address.name not in known:
                yield list(of_path(clients["clerk@commune"], place, address.name))
            for who, client in clients.items():
                if address.name == "login" and who != "nobody":
                    continue
                page = page_of(client, place)
                if page is None:
                    continue
                for form in page.forms:
                    for action in [form.action, *sorted(form.others)]:
                        names = frozenset(KEY.sub("#", name) for name in form.fields)
                        act = tuple(form.fields.get("action", ()))
                        mark = (KEY.sub("#", action), form.method, names, act)
                        if mark not in known:
                            known.add(mark)
                            where = f"{address.name} as {who}, form to {action} {act}"
                            yield list(of_form(client, replace(form, action=action), place, where))
                if address.name not in known:
                    known.add(address.name)
                    names = read_by(place) | page.queries.get(place, set())
                    yield list(of_query(client, place, set(names), address.name))
                if address.name not in EVERY_STATE:
                    break


def test_whole(world, settings):
    settings.REAUTH_SECONDS = settings.SESSION_IDLE_SECONDS = 8 * 3600
    settings.PUBLIC_PER_MINUTE = 10**6
    import logging, time, os, collections

    logging.disable(logging.CRITICAL)
    t = time.time()
    groups = [g for g in questions(world) if g]
    print(len(groups), sum(map(len, groups)), time.time() - t)
    asker = Asker()
    step = int(os.environ.get("STEP", "1"))
    for g in groups:
        t = time.time()
        for q in g[::step]:
            asker.ask(q)
        d = time.time() - t
        if d > 5:
            print(f"{d:.1f}", len(g), g[0].where)
    print(asker.asked, asker.slowest, asker.statuses)
    by = collections.Counter()
    first = {}
    for text in asker.wrong:
        k = re.sub(r"\S+=\S+", "", text)[-220:]
        by[k] += 1
        first.setdefault(k, text)
    open("/tmp/wrong.txt", "w").write("\n=====\n".join(f"{n} × {first[k]}" for k, n in by.most_common()))

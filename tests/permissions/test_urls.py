"""Every address × everybody × ids of what they may not see: answered exactly as for an id that does not exist."""

import random
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from audit.models import SavedSearch
from demo.models import Letter
from history import clock
from nominations import rules
from nominations.models import AwardDecision, Evidence, Nomination, NomineeList, Quota, SavedFilter
from nominations.states import OPEN as OPEN_STATES
from nominations.states import DecisionState, State
from permissions import appointing, delegations, grants, ties
from permissions.catalogue import ROLES
from permissions.models import Appointment, DeclaredTie, Delegation, Officer, PendingAppointment, Unit
from tests import world as w
from tests.pages import enter
from tests.permissions.addresses import NAMES, NOWHERE, OPEN, every, url
from workflows.models import Batch, Notice, OutboxMessage

pytestmark = pytest.mark.usefixtures("in_2024")
METHODS = ("get", "head", "post")
# What differs from answer to answer, whoever asks: the request's identity, tokens, the id that was echoed.
HEADERS = {"X-Request-ID", "Set-Cookie", "Date"}
TOKENS = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|nonce-[\w+/=-]+')
PAYLOAD = {
    "action": "forward",
    "task": "1",
    "seen": "x",
    "note": "Lý do",
    "reason": "Lý do",
    "on": "05/11/2024",
}


def strangers(world):
    """One person a role at a unit that has nothing to do with the files; some who hold nothing."""
    seats = {"department": "department", "province": "province", "office": "office"}
    found = {}
    for role in ROLES.values():
        kinds = [kind for kind in ("commune", "department", "office", "province") if kind in role.sits_on]
        place = {"commune": "commune2"}.get(str(kinds[0]), seats.get(str(kinds[0]), "department"))
        found[role.name] = person(world, f"stranger.{role.name}", role.name, place)
    found["nobody"] = Officer.objects.create_user("stranger.none", "Không Chức Vụ")
    found["expired"] = person(world, "stranger.expired", "reviewer", "district")
    grants.end_appointment(found["expired"].appointments.get(), on=w.D2024)
    found["suspended"] = person(world, "stranger.suspended", "reviewer", "district")
    Officer.objects.filter(pk=found["suspended"].pk).update(is_active=False)
    return found


def person(world, username, role, place):
    officer = Officer.objects.create_user(username, username)
    start = w.D2024 - timedelta(days=30)
    grants.appoint(officer, role, world.units[place], position=role, document="QĐ", valid_from=start)
    return officer


def a_batch(officer):
    return Batch.objects.create(officer=officer, state="review", action="forward", created=clock.now())


def a_list(world):
    return NomineeList.objects.create(
        officer=world["clerk@commune"], unit=world.units["commune"], round=world.round,
        stage="refused", rows=[[2, ["", "An"]]], total=1, checked=1, created=clock.now(),
    )  # fmt: skip


def things(world):
    """Of each kind of thing, some that exist: files and decisions in many states, documents, people, posts."""
    Quota.objects.filter(round=world.round).update(count=40)
    files = [
        w.walk(world, w.complete_draft(world), state) for state in OPEN_STATES if state != State.SUPPLEMENT
    ]
    ended = w.walk(world, w.complete_draft(world), State.REVIEW)
    w.act(ended, "reject", world["reviewer@district"], code="violation", note="Vi phạm")
    decisions = [w.decision(world, DecisionState.COMPILE)]
    w.confirmed(world)
    decisions.append(w.decision(world, DecisionState.SUBMIT))
    post = world.post("unit_head@commune")
    made = delegations.give(
        post, world.post("unit_deputy@commune"), ["sign_proposal"], valid_from=w.D2024,
        valid_to=w.D2024 + timedelta(days=3), reason="Đi học", document="GUQ", by=post.officer,
    )  # fmt: skip
    tie = ties.declare(world["clerk@commune"], "other", "Ai đó", identity="089123456789")
    pending = appointing.propose(
        world["clerk@commune"], "chairman", world.units["province"], position="x", document="y",
        valid_from=w.D2024, by=None,
    )  # fmt: skip
    message = OutboxMessage.objects.create(
        kind="returned", payload={"nomination": files[0].pk}, next_look=clock.now(), set_aside=clock.now()
    )
    told = Notice.objects.create(
        message=message, officer=world["clerk@commune"], kind="returned", nomination=files[0]
    )
    letter = Letter.objects.create(to="clerk@example.org", subject="Thư", text="Thư")
    kept = SavedFilter.objects.create(officer=world["clerk@commune"], name="Trễ", query="due=late")
    search = SavedSearch.objects.create(officer=world["auditor@province"], name="Tìm", query="q=an")
    found = {
        SavedSearch: [search],
        SavedFilter: [kept],
        NomineeList: [a_list(world)],
        Batch: [a_batch(world["reviewer@district"])],
        Nomination: [*files, ended],
        AwardDecision: decisions,
        Evidence: list(Evidence.objects.filter(nomination__in=files)[:4]),
        Delegation: [made],
        Appointment: [post],
        Officer: [world["clerk@commune"]],
        PendingAppointment: [pending],
        DeclaredTie: [tie],
        Unit: [world.units["commune"]],
        Notice: [told],
        Letter: [letter],
        OutboxMessage: [message],
    }
    assert set(found) == set(NAMES.values())
    return found


def answer(client, method, path, payload):
    """Status, headers and body, without what differs from answer to answer."""
    client.cookies.pop("messages", None)  # what an earlier answer had to say
    response = getattr(client, method)(path, payload if method == "post" else {})
    body = b"".join(response.streaming_content) if response.streaming else response.content
    text = TOKENS.sub("", body.decode(errors="replace"))
    headers = {name: value for name, value in response.items() if name not in HEADERS | {"Content-Length"}}
    for echoed in (path, *re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", path)):
        text = text.replace(echoed, "ID")
        headers = {name: value.replace(echoed, "ID") for name, value in headers.items()}
    return response.status_code, headers, text


def readable(officer, thing):
    """Whether the person may see the thing after all; then there is nothing to hide from them."""
    if isinstance(thing, Evidence):
        thing = thing.nomination
    if isinstance(thing, Nomination | AwardDecision):
        return rules.may_read(officer, thing)
    if isinstance(thing, Delegation):
        audited = grants.units_under(officer, "audit").filter(unit=thing.from_post.unit_id).exists()
        return audited or delegations.of_interest_to(officer).filter(pk=thing.pk).exists()
    if isinstance(thing, SavedSearch | Notice):
        return thing.officer == officer
    if isinstance(thing, Letter):
        return thing.to == officer.email
    if isinstance(thing, DeclaredTie):
        return ties.visible_to(officer).filter(pk=thing.pk).exists()
    return grants.units_where(officer, "manage_accounts").exists()


def hides(officer, thing):
    """Whether the thing is closed to the person; None is anonymous."""
    return officer is None or not officer.is_active or not readable(officer, thing)


def ask_all(world, some, record_property):
    """Ask every address for everybody; `some` is one in how many of the questions is asked. Return how many were."""
    dice = random.Random(4)
    found, people = things(world), strangers(world)
    clients = {name: enter(officer) for name, officer in people.items()} | {"anonymous": Client()}
    closed_to = {
        who: [thing for things_ in found.values() for thing in things_ if hides(people.get(who), thing)]
        for who in clients
    }
    asked = 0
    for address in every():
        model = NAMES.get(address.name)
        for who, client in clients.items():
            for thing in [one for one in closed_to[who] if model and isinstance(one, model)]:
                for method in METHODS:
                    for payload in ({}, PAYLOAD) if method == "post" else ({},):
                        if dice.random() * some >= 1:
                            continue
                        closed = answer(client, method, url(address, thing), payload)
                        missing = answer(client, method, url(address), payload)
                        assert closed[:2] == missing[:2], (address.name, who, method, thing)
                        assert closed[2].splitlines() == missing[2].splitlines(), (
                            address.name,
                            who,
                            method,
                            thing,
                        )
                        assert closed[0] < 500
                        asked += 1
    record_property("questions", asked)
    return asked


def test_each_address_with_an_id_says_what_it_names():
    """A new address is tested the day it is born: its id needs a row in `addresses.py`."""
    with_ids = {address.name for address in every() if address.takes}
    assert with_ids == set(NAMES) | OPEN


def test_what_may_not_be_seen_is_as_missing_as_what_does_not_exist(world, record_property, capsys):
    asked = ask_all(world, 60, record_property)
    with capsys.disabled():
        print(f"\naddresses: {asked} questions about closed things, 0 differ", end="")
    assert asked > 100


@pytest.mark.proof
def test_what_may_not_be_seen_is_as_missing_in_every_way(world, record_property, capsys, settings):
    settings.REAUTH_SECONDS = settings.SESSION_IDLE_SECONDS = (
        8 * 3600
    )  # it takes longer than signing in lasts
    settings.PUBLIC_PER_MINUTE = 10**6  # nor is anybody told to come back later
    asked = ask_all(world, 1, record_property)
    with capsys.disabled():
        print(f"\naddresses: {asked} questions about closed things, 0 differ", end="")
    assert asked > 4000


def test_addresses_without_an_id_never_break_and_tell_strangers_nothing(world):
    """Each person, each address: a page, a refusal, or the way to the sign-in; anonymous is led to sign in."""
    people = strangers(world)
    free = {"livez", "readyz", "set_language", "logout", "login", "demo_login", "nominations:awards"}
    for address in every():
        if address.takes:
            continue
        cache.clear()
        for officer in list(people.values())[len(address.name) % 6 :: 6]:  # each address, by a sixth of them
            response = enter(officer).get(url(address))
            assert response.status_code in (200, 302, 403, 404, 405, 503), (address.name, officer)
        if address.name not in free:
            response = Client().get(url(address))
            assert response.status_code == 302 and response.url.startswith(reverse("login")), address.name


def test_an_id_of_a_wrong_kind_is_missing_too(world):
    client = enter(world["clerk@commune"])
    file = w.complete_draft(world)
    assert client.get(reverse("workflows:decision", kwargs={"uid": file.uid})).status_code == 404
    assert client.get(reverse("workflows:nomination", kwargs={"uid": NOWHERE})).status_code == 404

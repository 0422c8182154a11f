"""Statements of the pages about who may act, pinned: none grows with the rows that it shows."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nominations.models import Quota, SeparationRule
from nominations.states import DecisionState, State
from permissions import delegations, grants, ties
from permissions.identity import identity_hash
from permissions.models import Officer
from tests import world as w
from tests.footprint import statements
from tests.pages import enter
from workflows import recusing
from workflows.acting import url_of

NUMBER = "089123456789"
pytestmark = pytest.mark.usefixtures("in_2024")


def counted(do):
    with CaptureQueriesContext(connection) as captured:
        do()
    return len(statements(captured))


def cost(client, url, **wanted):
    """The statements of a page that is asked for a second time: what is noted once is noted."""
    assert client.get(url, wanted).status_code == 200
    return counted(lambda: client.get(url, wanted))


def lend(world, giver, taker, *rights):
    post = world.post(giver)
    return delegations.give(
        post, world.post(taker), rights, valid_from=w.D2024, valid_to=w.D2024 + timedelta(days=5),
        reason="Đi công tác", document="GUQ 5", by=post.officer,
    )  # fmt: skip


def newcomers(world, role, place, count=5):
    """More holders of a role at a unit."""
    made = Officer.objects.count()
    for number in range(made, made + count):
        officer = Officer.objects.create_user(f"them{number}", f"Lê Văn {number}")
        grants.appoint(officer, role, world.units[place], position="x", document="y", valid_from=w.OLD)


@pytest.mark.parametrize(
    ("who", "pinned"),
    [
        ("director@home", 7),  # who gave them
        ("clerk@home", 7),  # who took them
        ("system_administrator@province", 8),
        ("clerk@commune", 7),  # who has none
    ],
)
def test_the_delegations(world, who, pinned):
    client, url = enter(world[who]), reverse("workflows:delegations")
    lend(world, "director@home", "clerk@home", "submit_decision")
    few = cost(client, url)
    for _ in range(6):
        lend(world, "director@home", "clerk@home", "submit_decision")
    newcomers(world, "clerk", "home")
    post = world.post("director@home")  # one more post from which to give
    grants.appoint(post.officer, "head_of_division", post.unit, position="x", document="y", valid_from=w.OLD)
    assert (few, cost(client, url)) == (pinned, pinned)


@pytest.mark.parametrize(("words", "pinned"), [("", 5), ("le van", 5)])
def test_giving_a_delegation(world, words, pinned):
    head = world.post("director@home")
    client, url = enter(head.officer), reverse("workflows:delegate", kwargs={"uid": head.uid})
    few = cost(client, url, q=words)
    newcomers(world, "clerk", "home", 10)
    assert (few, cost(client, url, q=words)) == (pinned, pinned)


def test_the_acts_done_under_a_delegation(world):
    made = lend(world, "head_of_division@home", "clerk@home", "confirm", "compile")
    client = enter(world["head_of_division@home"])
    url = reverse("workflows:delegation", kwargs={"uid": made.uid})
    Quota.objects.filter(round=world.round).update(count=400)
    costs = []
    for files in (1, 5):
        for _ in range(files):
            file = w.walk(world, w.complete_draft(world), State.CONFIRM)
            w.act(file, "confirm", world["clerk@home"])
        w.decision(world, officer=world["clerk@home"])
        costs.append(cost(client, url))
    assert costs == [10, 10]


@pytest.mark.parametrize(
    ("who", "words", "pinned"),
    [
        ("appraiser@home", "", 7),
        ("system_administrator@province", "", 7),
        ("system_administrator@province", "nguoi", 7),
    ],
)
def test_the_declared_ties(world, who, words, pinned):
    client, url, officer = enter(world[who]), reverse("permissions:ties"), world["appraiser@home"]
    costs = []
    for number, near in enumerate(("clerk@commune", "clerk2@commune", "clerk@home", "clerk@department")):
        ties.declare(officer, "other", "", other=world[near])
        ties.declare(officer, "other", f"Người {number}", identity=f"08912345678{number}")
        costs.append(cost(client, url, q=words))
    assert costs == [pinned] * 4
    if who != "appraiser@home":
        end = reverse("permissions:tie_end", kwargs={"uid": officer.ties.first().uid})
        assert cost(client, end) == 6


def test_the_rules_of_separation(world):
    client, url = enter(world["programme_administrator@home"]), reverse("nominations:separation")
    few = cost(client, url)
    for number in range(1, 8):
        SeparationRule.objects.create(
            kind="same_post", valid_from=w.D2024 + timedelta(days=2 * number),
            valid_to=w.D2024 + timedelta(days=2 * number + 1), legal_basis="QĐ",
        )  # fmt: skip
    assert (few, cost(client, url)) == (5, 5)


@pytest.mark.parametrize(
    ("who", "state", "pinned"),
    [
        ("head_of_division@home", State.CONFIRM, 13),
        ("appraiser@home", State.APPRAISE, 19),
        ("clerk@commune", State.APPRAISE, 20),
    ],
)
def test_why_on_a_file(world, who, state, pinned):
    costs = []
    for count in (1, 6):
        file = w.walk(world, w.complete_draft(world, nominees=count), state)
        costs.append(cost(enter(world[who]), f"{url_of(file)}/vi-sao"))
        newcomers(world, "appraiser", "home")
        newcomers(world, "head_of_division", "home")
    assert costs == [pinned, pinned]


@pytest.mark.parametrize(("who", "pinned"), [("chairman@province", 10), ("director@home", 11)])
def test_why_on_a_decision(world, who, pinned):
    Quota.objects.filter(round=world.round).update(count=400)
    costs = []
    for files in (1, 5):
        for _ in range(files):
            w.confirmed(world)
        decision = w.decision(world, DecisionState.SIGN)
        costs.append(cost(enter(world[who]), f"{url_of(decision)}/vi-sao"))
        newcomers(world, "deputy_chairman", "province")
    assert costs == [pinned, pinned]


def test_why_for_whom_a_tie_bars_from_every_act(world):
    """What is wrong is found out once, however many acts and nominees it concerns."""
    officer = world["appraiser@home"]
    ties.declare(officer, "spouse", "Vợ", identity=NUMBER)
    costs = []
    for count in (1, 6):
        file = w.walk(world, w.complete_draft(world, nominees=count), State.APPRAISE)
        file.nominees.update(identity_hash=identity_hash(NUMBER))
        costs.append(cost(enter(officer), f"{url_of(file)}/vi-sao"))
    assert costs == [20, 20]


@pytest.mark.parametrize("count", [1, 10])
def test_keeping_away(world, count):
    """By itself, from a file and from a decision, and as a page that is sent."""
    Quota.objects.filter(round=world.round).update(count=400)
    file = w.walk(world, w.complete_draft(world, nominees=count), State.APPRAISE)
    assert counted(lambda: recusing.recuse(file, world["appraiser@home"], "Họ hàng")) == 15
    client = enter(world["appraiser2@home"])
    assert counted(lambda: client.post(f"{url_of(file)}/tu-choi", {"note": "Họ hàng"})) == 17
    assert file.recusals.count() == 2
    for _ in range(count):
        w.confirmed(world)
    decision = w.decision(world, DecisionState.SUBMIT)
    assert counted(lambda: recusing.recuse(decision, world["director@home"], "Họ hàng")) == 15
    assert decision.recusals.count() == 1

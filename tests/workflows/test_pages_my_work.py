"""Home: each persona finds what waits for them, where it is that they sent, and what they may begin."""

from datetime import timedelta

import pytest
from django.urls import reverse

from history import clock
from nominations.models import Nomination
from nominations.states import DecisionState, State
from permissions import grants
from tests import pages
from tests import world as w

pytestmark = pytest.mark.usefixtures("in_2024")
HOME = reverse("workflows:my_work")


def home(world, who: str):
    response = pages.enter(world[who]).get(HOME)
    assert response.status_code == 200
    return response


def references(response, part: str) -> list[str]:
    return [row["reference"] for row in response.context[part]]


def test_a_file_is_on_the_desk_of_whom_it_waits_for_and_on_the_list_of_who_sent_it(world):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    assert references(home(world, "reviewer@district"), "waiting") == [file.reference]
    assert references(home(world, "clerk@commune"), "waiting") == []
    assert references(home(world, "clerk@commune"), "sent") == [file.reference]
    assert references(home(world, "reviewer@district2"), "waiting") == []
    assert references(home(world, "reviewer@district2"), "sent") == []
    assert world.units["district"].name in home(world, "clerk@commune").content.decode()


def test_the_chairman_finds_the_decision(world):
    w.confirmed(world)
    decision = w.decision(world, DecisionState.SIGN)
    response = home(world, "chairman@province")
    assert references(response, "waiting") == [decision.reference]
    assert reverse("workflows:decision", kwargs={"uid": decision.uid}) in response.content.decode()
    assert references(home(world, "director@home"), "waiting") == []


def test_late_and_soon_are_said_in_words(world):
    for days, words in ((-1, "Quá hạn"), (0, "Hạn hôm nay"), (2, "Sắp đến hạn"), (30, "Hạn ")):
        file = w.walk(world, w.complete_draft(world), State.REVIEW)
        Nomination.objects.filter(pk=file.pk).update(due=clock.today() + timedelta(days=days))
        text = home(world, "reviewer@district").content.decode()
        assert words in text


def test_what_is_due_first_stands_first(world):
    files = [w.walk(world, w.complete_draft(world), State.REVIEW) for _ in range(3)]
    for file, days in zip(files[:2], (9, 4), strict=True):
        Nomination.objects.filter(pk=file.pk).update(due=clock.today() + timedelta(days=days))
    first, second, third = files[1], files[0], files[2]
    assert references(home(world, "reviewer@district"), "waiting") == [
        first.reference,
        second.reference,
        third.reference,
    ]


def test_buttons_are_for_whom_may(world):
    new, compile_ = reverse("workflows:new_nomination"), reverse("workflows:open_decision")
    assert new in home(world, "clerk@commune").content.decode()
    assert new not in home(world, "unit_head@commune").content.decode()
    assert compile_ not in home(world, "head_of_division@home").content.decode()  # nobody waits yet
    w.confirmed(world)
    assert compile_ in home(world, "head_of_division@home").content.decode()
    assert compile_ not in home(world, "director@home").content.decode()


def test_who_holds_no_post_any_more_finds_nothing_and_is_told_why(world):
    w.walk(world, w.complete_draft(world), State.REVIEW)
    post = world.post("reviewer@district")
    grants.end_appointment(post, on=clock.today())
    response = home(world, "reviewer@district")
    assert response.context["posts"] == [] and response.context["waiting"] == []
    assert "empty" in response.content.decode()


def test_nobody_enters_without_signing_in(client, world):
    response = client.get(HOME)
    assert response.status_code == 302 and response.url.startswith(reverse("login"))


@pytest.mark.parametrize("files", [1, 6])
def test_home_costs_the_same_however_much_waits(world, django_assert_num_queries, files):
    for _ in range(files):
        w.walk(world, w.complete_draft(world, nominees=2), State.REVIEW)
    client = pages.enter(world["reviewer@district"])
    with django_assert_num_queries(9):
        client.get(HOME)

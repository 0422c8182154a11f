"""Notices: to whom they are shown, read or unread, and what became of the file since."""

import pytest
from django.urls import reverse

from nominations.states import State
from tests import pages
from tests import world as w
from workflows import outbox
from workflows.models import Notice, OutboxMessage

pytestmark = pytest.mark.usefixtures("in_2024")
LIST, READ = reverse("workflows:notices"), reverse("workflows:notices_read")


@pytest.fixture
def returned(world):
    """A file that the district returned; its unit has been told."""
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    return give_back(world, file)


def give_back(world, file):
    w.act(file, "return", world["reviewer@district"], remarks=[{"text": "Bổ sung biên bản"}])
    for message in OutboxMessage.objects.filter(delivered=None):
        outbox.deliver(message.pk)
    return file


def test_the_unit_is_told_and_nobody_else(world, returned):
    assert returned.reference in pages.enter(world["clerk@commune"]).get(LIST).content.decode()
    assert returned.reference not in pages.enter(world["reviewer@district"]).get(LIST).content.decode()


def test_one_notice_is_marked_as_read_or_all_of_them(world, returned):
    give_back(world, w.walk(world, w.complete_draft(world), State.REVIEW))
    clerk = world["clerk@commune"]
    client = pages.enter(clerk)
    unread = Notice.objects.filter(officer=clerk, read_at=None)
    assert unread.count() == 2
    client.post(READ, {"notice": unread.first().pk})
    assert unread.count() == 1
    client.post(READ)
    assert unread.count() == 0
    assert Notice.objects.filter(officer=world["unit_head@commune"], read_at=None).count() == 2


def test_nobody_marks_the_notice_of_another(world, returned):
    theirs = Notice.objects.get(officer=world["unit_head@commune"])
    client = pages.enter(world["clerk@commune"])
    for key in (theirs.pk, "x", "0"):
        client.post(READ, {"notice": key})
    theirs.refresh_from_db()
    assert theirs.read_at is None
    assert client.get(READ).status_code == 405


def test_the_count_stands_in_the_navigation(world, returned):
    client = pages.enter(world["clerk@commune"])
    assert '<span class="count">1' in client.get(reverse("workflows:my_work")).content.decode()
    client.post(READ)
    assert '<span class="count">' not in client.get(reverse("workflows:my_work")).content.decode()


def test_a_notice_whose_file_moved_on_says_so(world, returned):
    client = pages.enter(world["clerk@commune"])
    assert [row["moved_on"] for row in client.get(LIST).context["rows"]] == [False]
    w.walk(world, returned, State.REVIEW)
    assert [row["moved_on"] for row in client.get(LIST).context["rows"]] == [True]


def test_an_outcome_does_not_move_on(world):
    w.confirmed(world)
    w.decision(world, "published")
    for message in OutboxMessage.objects.filter(delivered=None):
        outbox.deliver(message.pk)
    rows = pages.enter(world["clerk@commune"]).get(LIST).context["rows"]
    assert [row["moved_on"] for row in rows] == [False]


def test_the_list_costs_the_same_however_long(world, returned, django_assert_num_queries):
    client = pages.enter(world["clerk@commune"])
    for more in (0, 4):
        for _ in range(more):
            give_back(world, w.walk(world, w.complete_draft(world), State.REVIEW))
        with django_assert_num_queries(5):
            client.get(LIST)

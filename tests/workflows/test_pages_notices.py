"""Notices: to whom they are shown, read or unread, and what became of the file since."""

import pytest
from django.core import mail
from django.urls import reverse

from nominations.states import State
from permissions import grants
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
    deliver()
    return file


def deliver():
    for message in OutboxMessage.objects.filter(delivered=None):
        outbox.deliver(message.pk)


def test_the_unit_is_told_and_nobody_else(world, returned):
    assert returned.reference in pages.enter(world["clerk@commune"]).get(LIST).content.decode()
    assert returned.reference not in pages.enter(world["reviewer@district"]).get(LIST).content.decode()


def test_who_may_read_the_file_no_more_is_shown_nothing_of_it(world, returned):
    clerk, address = world["clerk@commune"], reverse("workflows:nomination", kwargs={"uid": returned.uid})
    client = pages.enter(clerk)
    shown = client.get(LIST).content.decode()
    grants.end_appointment(world.post("clerk@commune"), on=w.D2024)
    assert client.get(address).status_code == 404
    text = client.get(LIST).content.decode()
    for secret in (returned.reference, str(returned.unit)):
        assert secret in shown and secret not in text
    assert "được xem nữa" in text


def test_who_may_read_it_no_more_is_not_told_by_letter_either(world):
    clerk = world["clerk@commune"]
    clerk.email = "clerk@example.org"
    clerk.save()
    give_back(world, w.walk(world, w.complete_draft(world), State.REVIEW))
    letter = OutboxMessage.objects.get(kind="letter", payload={"officer": clerk.pk})
    grants.end_appointment(world.post("clerk@commune"), on=w.D2024)
    mail.outbox.clear()
    assert outbox.deliver(letter.pk) and not mail.outbox


def test_a_request_that_was_answered_is_settled(world):
    """Asked for back, then kept: whoever was asked has nothing left to do."""
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    reviewer = world["reviewer@district"]
    pages.enter(reviewer).get(pages.page_of(file))
    w.act(file, "request_recall", world["unit_head@commune"], note="Thiếu biên bản")
    deliver()
    notice = Notice.objects.get(officer=reviewer, kind="recall_asked")
    address = reverse("workflows:notice", kwargs={"pk": notice.pk})
    assert pages.enter(reviewer).get(address).status_code == 302
    w.act(file, "decline_recall", reviewer, note="Đã thẩm định xong")
    answer = pages.enter(reviewer).get(address)
    assert answer.status_code == 200 and answer.context["row"]["moved_on"]


def test_a_file_put_into_other_hands_is_settled_for_the_first(world):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    head = world["body_head@district"]
    for who in ("reviewer@district", "reviewer2@district"):
        w.act(file, "assign", head, assignee=str(world[who].uid))
        deliver()
    for who, settled in (("reviewer@district", True), ("reviewer2@district", False)):
        [row] = pages.enter(world[who]).get(LIST).context["rows"]
        assert row["moved_on"] is settled


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

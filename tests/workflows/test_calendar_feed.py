"""One's deadlines in one's own calendar program: under a secret address that can be taken back."""

import pytest
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.urls import reverse

from nominations.states import State
from tests import pages
from tests import world as w
from workflows import feed
from workflows.models import CalendarFeed
from workflows.views import feed as views

PAGE = reverse("workflows:calendar_feed")
WHO = "reviewer@district"


@pytest.fixture
def world(in_2024, db):
    world = w.build()
    call_command("load_programme", verbosity=0)
    return world


def read(secret, **headers):
    """As a calendar program reads it, which has no session and walks no day of the demo."""
    return Client().get(reverse("workflows:calendar_file", kwargs={"secret": secret}), headers=headers)


def read_in_2024(secret, **headers):
    request = RequestFactory().get("/", headers=headers)
    return views.calendar(request, secret)


def unfolded(text):
    return text.replace("\r\n ", "").split("\r\n")


def test_what_waits_for_the_owner_is_in_it_and_no_person(world):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    other = w.walk(world, w.complete_draft(world, "commune2"), State.REVIEW)
    answer = read_in_2024(feed.make(world[WHO]))
    text = answer.content.decode()
    lines = unfolded(text)
    assert answer["Content-Type"].startswith("text/calendar")
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""]
    assert f"UID:nomination-{file.uid}@localhost:8000" in lines
    assert "DTEND:20241115T100000Z" in lines  # 17:00 in Việt Nam
    assert other.reference not in text
    for nominee in file.nominees.all():
        assert nominee.name not in "".join(lines)
    assert world[WHO].full_name not in "".join(lines)
    w.walk(world, file, State.ENDORSE)
    assert "BEGIN:VEVENT" not in read_in_2024(feed.make(world[WHO])).content.decode()


def test_lines_are_as_the_format_wants_them(world):
    long = "Ủy ban nhân dân; phường, " * 12
    for part in feed._folded(f"SUMMARY:{feed._text(long)}"):
        assert len(part.encode()) <= 75
    assert "".join(feed._folded(long)).replace(" ", "") == long.replace(" ", "")
    assert feed._text("a;b,c\\d\ne") == "a\\;b\\,c\\\\d\\ne"


def test_only_a_digest_of_the_secret_is_kept_and_a_new_one_ends_the_old(world):
    client = pages.enter(world[WHO])
    made = client.post(PAGE, {"what": "make"}).context["made"]
    secret = made.rsplit("/", 1)[1].removesuffix(".ics")
    assert secret not in str(CalendarFeed.objects.values_list())
    assert secret not in client.get(PAGE).content.decode()
    assert read(secret).status_code == 200
    again = feed.make(world[WHO])
    assert (read(secret).status_code, read(again).status_code) == (404, 200)
    client.post(PAGE, {"what": "end"})
    assert read(again).status_code == 404


def test_an_account_that_is_closed_is_as_missing_as_a_wrong_secret(world):
    secret = feed.make(world[WHO])
    world[WHO].is_active = False
    world[WHO].save()
    wrong, closed = read("x" * 43), read(secret)
    assert (wrong.status_code, closed.status_code) == (404, 404)


def test_what_has_not_changed_is_not_sent_again(world):
    w.walk(world, w.complete_draft(world), State.REVIEW)
    secret = feed.make(world[WHO])
    tag = read_in_2024(secret)["ETag"]
    for asked in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        assert read_in_2024(secret, if_none_match=asked).status_code == 304, asked
    w.walk(world, w.complete_draft(world), State.REVIEW)
    assert read_in_2024(secret, if_none_match=tag).status_code == 200

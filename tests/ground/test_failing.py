"""While the database is away or its disk is full, acts are refused with a clear page and what was typed is kept."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from history import clock
from history.models import Event
from nominations.models import Nomination
from nominations.states import State
from tests import pages
from tests import world as w

FULL = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END$$;
CREATE TRIGGER no_room BEFORE INSERT ON history_event FOR EACH ROW EXECUTE FUNCTION no_room();
"""


@pytest.fixture
def world(cloned_db):
    with clock.legal_day(w.D2024):
        yield w.build()


@pytest.fixture
def away():
    """The database's address leads nowhere for the test."""
    host = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = "/nowhere"
    yield
    connection.settings_dict["HOST"] = host
    connection.close()


def test_a_page_says_that_the_database_is_away(world, away):
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "x" * 32
    answer = client.get("/")
    assert answer.status_code == 503 and answer["Retry-After"] == "15"
    assert "Tạm thời chưa dùng được" in answer.content.decode()


def test_what_was_typed_is_kept_but_no_password(world, away):
    client = Client(raise_request_exception=False)
    typed = {"note": "Thiếu <b>biên bản</b>\nhọp xét", "password": "bí mật", "csrfmiddlewaretoken": "abc"}
    text = client.post("/dang-nhap/", typed).content.decode()
    assert "Thiếu &lt;b&gt;biên bản&lt;/b&gt;\nhọp xét</textarea>" in text
    assert 'name="csrfmiddlewaretoken"' in text and "bí mật" not in text


def test_a_full_disk_refuses_the_whole_act_and_the_same_page_carries_it_out_later(world):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    client = pages.enter(world["reviewer@district"])
    client.raise_request_exception = False
    address = reverse("workflows:act_nomination", kwargs={"uid": file.uid})
    typed = pages.act_form(client.get(pages.page_of(file)), "forward") | {"note": "Đủ điều kiện"}
    with connection.cursor() as cursor:
        cursor.execute(FULL)
    events = Event.objects.count()
    answer = client.post(address, typed)
    assert answer.status_code == 503 and "Đủ điều kiện" in answer.content.decode()
    assert Event.objects.count() == events
    assert Nomination.objects.get(pk=file.pk).state == State.REVIEW
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER no_room ON history_event")
    assert client.post(address, typed).status_code == 302
    assert Nomination.objects.get(pk=file.pk).state == State.ENDORSE


def test_an_error_of_ours_stays_an_error_of_ours(world, monkeypatch):
    from workflows.views import my_work

    def broken(*_args, **_options):
        raise ZeroDivisionError

    monkeypatch.setattr(my_work.inbox, "inbox", broken)
    client = pages.enter(world["clerk@commune"])
    client.raise_request_exception = False
    assert client.get("/").status_code == 500

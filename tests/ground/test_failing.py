"""While the database is away or its disk is full, acts are refused with a clear page and what was typed is kept."""

import psycopg
import pytest
from django.db import OperationalError, connection
from django.db.transaction import TransactionManagementError
from django.test import Client
from django.urls import reverse

from config import failing
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


def failed(code, chained=None):
    """An error of the database's as Django raises it, with the server's code."""
    of_the_driver = psycopg.Error("…")
    of_the_driver.sqlstate = code
    error = OperationalError("…")
    error.__cause__, error.__context__ = of_the_driver, chained
    return error


@pytest.mark.parametrize("code", [None, "08006", "53100", "53300", "57P01", "57P03"])
def test_the_ground_gives_way(code):
    assert failing.is_passing(failed(code))


@pytest.mark.parametrize("code", ["40P01", "55P03", "57014", "42601"])
def test_a_fault_of_ours_is_not_taken_for_the_ground(code):
    assert not failing.is_passing(failed(code))
    ours = KeyError("x")
    ours.__context__ = failed("57P01")
    assert not failing.is_passing(ours), "whatever went before it"


def test_what_follows_a_lost_connection_is_of_the_ground_too():
    after = TransactionManagementError("the transaction is broken")
    after.__context__ = failed("57P01")
    assert failing.is_passing(after)

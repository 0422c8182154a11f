"""Accounts: lockout, no enumeration, sessions that end, passwords, one-time links, proving again before signing."""

import re
import time
import unicodedata

import pytest
from django.contrib.auth import SESSION_KEY as WHO
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from history.models import Event
from nominations.states import DecisionState, State
from permissions import accounts, sessions
from permissions.models import Officer
from tests import pages
from tests import world as w

LOGIN, HOME = reverse("login"), reverse("workflows:my_work")
PASSWORD = "cá rô kho tộ sáng nay"
pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Officer:
    return Officer.objects.create_user("le.van.an", "Lê Văn An", PASSWORD)


def attempt(client, username="le.van.an", password="sai mật khẩu rồi", **more):
    return client.post(LOGIN, {"username": username, "password": password}, **more)


def bare(response):
    """The body without the token and the name typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", response.content.decode())
    return re.sub(r'value="(le\.van\.an|khong\.co)"', "", text)


# --- lockout


def test_after_five_failures_the_right_password_does_not_open_either(client, officer):
    for _ in range(5):
        last = attempt(client)
    assert last.status_code == 429
    assert attempt(client, password=PASSWORD).status_code == 429
    assert WHO not in client.session


def test_the_pair_is_locked_out_not_the_person_and_not_the_place(client, officer):
    other = Officer.objects.create_user("tran.thi.be", "Trần Thị Bé", PASSWORD)
    for _ in range(5):
        attempt(client)
    assert attempt(client, password=PASSWORD, REMOTE_ADDR="10.0.0.9").status_code == 302
    assert attempt(Client(), username=other.username, password=PASSWORD).status_code == 302


def test_it_ends_by_time_and_an_administrator_lifts_it(client, world, officer, settings):
    for _ in range(5):
        attempt(client)
    assert accounts.is_locked_out(officer)
    with pytest.raises(PermissionDenied):
        accounts.unlock(officer, by=world["clerk@commune"])
    accounts.unlock(officer, by=world["system_administrator@province"])
    assert not accounts.is_locked_out(officer)
    assert attempt(client, password=PASSWORD).status_code == 302
    assert Event.objects.filter(stream=f"officer:{officer.uid}", kind="officer.unlocked").exists()


def test_a_name_that_exists_answers_like_one_that_does_not(officer):
    known, unknown = Client(), Client()
    for _ in range(6):
        one, other = attempt(known), attempt(unknown, username="khong.co")
        assert one.status_code == other.status_code
        assert bare(one) == bare(other)
    assert one.status_code == 429


def test_behind_our_own_proxies_the_client_is_told_apart_and_cannot_choose_its_address(
    client, officer, settings
):
    settings.TRUSTED_PROXIES = 1
    for number in range(5):
        attempt(client, HTTP_X_FORWARDED_FOR=f"1.2.3.{number}, 203.0.113.7")
    assert attempt(client, password=PASSWORD, HTTP_X_FORWARDED_FOR="9.9.9.9, 203.0.113.7").status_code == 429
    assert attempt(client, password=PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.8").status_code == 302


def test_without_proxies_of_ours_the_header_is_not_believed(client, officer):
    for number in range(5):
        attempt(client, HTTP_X_FORWARDED_FOR=f"1.2.3.{number}")
    assert attempt(client, password=PASSWORD, HTTP_X_FORWARDED_FOR="1.2.3.9").status_code == 429


def test_signing_in_to_a_decisive_role_and_being_locked_out_of_it_is_recorded_once(client, world):
    chairman = world["chairman@province"]
    chairman.set_password(PASSWORD)
    chairman.save()
    stream = f"officer:{chairman.uid}"
    attempt(Client(), username=chairman.username, password=PASSWORD)
    for _ in range(8):
        attempt(client, username=chairman.username)
    kinds = list(Event.objects.filter(stream=stream).order_by("sequence").values_list("kind", flat=True))
    assert kinds == ["appointment.made", "officer.signed_in", "officer.locked_out"]


# --- sessions


def test_a_session_ends_when_nothing_is_done_in_it(client, officer, settings):
    attempt(client, password=PASSWORD)
    session = client.session
    session[sessions.SEEN] = int(time.time()) - settings.SESSION_IDLE_SECONDS - 1
    session.save()
    assert client.get(HOME).url.startswith(LOGIN)


def test_a_session_ends_some_hours_after_the_sign_in_however_busy(client, officer, settings):
    attempt(client, password=PASSWORD)
    session = client.session
    session[sessions.SIGNED_IN] = int(time.time()) - settings.SESSION_COOKIE_AGE - 1
    session.save()
    assert client.get(HOME).url.startswith(LOGIN)


def test_it_ends_at_once_with_the_suspension_and_with_another_password(client, world, officer):
    elsewhere = Client()
    for browser in (client, elsewhere):
        attempt(browser, password=PASSWORD)
        assert browser.get(HOME).status_code == 200
    change = {
        "old_password": PASSWORD,
        "new_password1": PASSWORD + " nữa",
        "new_password2": PASSWORD + " nữa",
    }
    assert client.post(reverse("password_change"), change).status_code == 302
    assert client.get(HOME).status_code == 200, "the session in which it was changed goes on"
    assert elsewhere.get(HOME).status_code == 302
    accounts.suspend(officer, reason="Nghỉ việc", by=world["system_administrator@province"])
    assert client.get(HOME).status_code == 302
    assert attempt(client, password=PASSWORD + " nữa").status_code == 200


# --- passwords


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("cá rô kho tộ sáng nay", True),
        ("zqxwvutsrponmlk", True),
        ("🙂 con mèo trèo cây cau", True),
        ("ngắn quá rồi", False),
        ("x" * 129, False),
        ("mật khẩu mật khẩu", False),
        ("Lê Văn An Lê Văn An", False),
        ("an giang an giang 1", False),
        ("passwordpassword1", False),
        ("aaaaaaaaaaaaaaaaaaaa", False),
    ],
)
def test_long_and_not_guessed_first_and_nothing_else_is_asked(password, good):
    officer = Officer(username="le.van.an", full_name="Lê Văn An")
    if good:
        validate_password(password, officer)
    else:
        with pytest.raises(ValidationError):
            validate_password(password, officer)


def test_the_same_keys_on_another_keyboard_give_the_same_password(client):
    Officer.objects.create_user("le.van.an", "Lê Văn An", unicodedata.normalize("NFD", PASSWORD))
    assert attempt(client, password=unicodedata.normalize("NFC", PASSWORD)).status_code == 302


def test_a_one_time_link_sets_a_password_once(client, world):
    officer = Officer.objects.create_user("moi", "Người Mới")
    administrator = world["system_administrator@province"]
    with pytest.raises(PermissionDenied):
        accounts.invitation(officer, by=world["clerk@commune"])
    with pytest.raises(PermissionDenied):
        accounts.invitation(administrator, by=administrator)
    link = accounts.invitation(officer, by=administrator)
    form = client.get(link, follow=True)
    target = form.redirect_chain[-1][0]
    weak = client.post(target, {"new_password1": "ngắn", "new_password2": "ngắn"})
    assert weak.status_code == 200 and "error-summary" in weak.content.decode()
    assert client.post(target, {"new_password1": PASSWORD, "new_password2": PASSWORD}).url == LOGIN
    assert attempt(client, username="moi", password=PASSWORD).status_code == 302
    used = Client().get(link, follow=True).content.decode()
    wrong = Client().get(link[:-2] + "x/", follow=True).content.decode()
    token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|next" value="[^"]*"')
    assert token.sub("", used) == token.sub("", wrong)
    kinds = list(Event.objects.filter(stream=f"officer:{officer.uid}").values_list("kind", flat=True))
    assert kinds == ["officer.invited", "officer.password_set"]


# --- proving it again before signing


def stale(client):
    session = client.session
    session[sessions.CONFIRMED] = int(time.time()) - 301
    session.save()


@pytest.fixture
def signing(world, in_2024):
    """The Chairman, five minutes after the last proof, before a decision to sign."""
    w.confirmed(world)
    decision = w.decision(world, DecisionState.SIGN)
    chairman = world["chairman@province"]
    chairman.set_password(PASSWORD)
    chairman.save()
    client = pages.enter(chairman)
    stale(client)
    return client, decision


def sign(client, decision, **more):
    page = client.get(reverse("workflows:decision", kwargs={"uid": decision.uid}))
    fields = pages.hidden(page.content.decode().split("<main")[1])
    fields |= {"action": "sign", **more}
    return page, client.post(reverse("workflows:act_decision", kwargs={"uid": decision.uid}), fields)


def test_signing_asks_again_and_keeps_what_was_typed(signing):
    client, decision = signing
    uid = str(decision.lines.get().nominee.uid)
    page, refused = sign(
        client, decision, password="sai", strike=uid, **{f"strike_reason-{uid}": "Đang xác minh"}
    )
    assert 'name="password"' in page.content.decode()
    assert refused.status_code == 422 and "Đang xác minh" in refused.content.decode()
    decision.refresh_from_db()
    assert decision.state == DecisionState.SIGN
    _page, done = sign(client, decision, password=PASSWORD)
    assert done.status_code == 302
    decision.refresh_from_db()
    assert decision.state == DecisionState.ISSUE_NUMBER


def test_within_five_minutes_it_does_not_ask(signing):
    client, decision = signing
    session = client.session
    session[sessions.CONFIRMED] = int(time.time()) - 200
    session.save()
    page, done = sign(client, decision)
    assert 'name="password"' not in page.content.decode() and done.status_code == 302


def test_a_wrong_password_while_signing_counts_towards_the_lockout(signing, world):
    client, decision = signing
    for _ in range(5):
        sign(client, decision, password="sai")
    _page, locked = sign(client, decision, password=PASSWORD)
    assert locked.status_code in (422, 429)
    decision.refresh_from_db()
    assert decision.state == DecisionState.SIGN
    assert accounts.is_locked_out(world["chairman@province"])


def test_what_does_not_sign_does_not_ask(world, in_2024):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    client = pages.enter(world["reviewer@district"])
    stale(client)
    assert pages.send(client, file, "forward").status_code == 302


def test_the_page_of_proof_leads_on_and_never_elsewhere(client, officer):
    attempt(client, password=PASSWORD)
    stale(client)
    url = reverse("confirm")
    wrong = client.post(url, {"password": "sai", "resume": HOME})
    assert wrong.status_code == 422
    assert client.post(url, {"password": PASSWORD, "resume": "https://example.org/"}).url == HOME
    assert sessions.CONFIRMED in client.session

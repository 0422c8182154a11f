"""Signing in: by password, by the demo's button, out again; and the legal day of the session."""

import pytest
from django.contrib.auth import SESSION_KEY as WHO
from django.urls import reverse

from demo import people
from demo.days import SESSION_KEY, THREE_LEVELS, TWO_LEVELS
from permissions.catalogue import ROLES
from permissions.models import Officer
from tests import world as w

LOGIN, DEMO, HOME = reverse("login"), reverse("demo_login"), reverse("workflows:my_work")
pytestmark = pytest.mark.django_db


@pytest.fixture
def somebody() -> Officer:
    """A person of the demo, without posts: enough to sign in."""
    return Officer.objects.create_user("ub.chairman", "Triệu Đức Khải Hoàn")


@pytest.fixture
def with_password() -> Officer:
    return Officer.objects.create_user("le.van.an", "Lê Văn An", "một mật khẩu dài")


def press(client, username: str, day: str = TWO_LEVELS.value, **more):
    return client.post(DEMO, {"username": username, "day": day, **more})


def test_a_password_opens_and_another_does_not(client, with_password):
    refused = client.post(LOGIN, {"username": "le.van.an", "password": "khác"})
    assert refused.status_code == 200 and WHO not in client.session
    assert "error-summary" in refused.content.decode()
    assert client.post(LOGIN, {"username": "le.van.an", "password": "một mật khẩu dài"}).url == HOME


def test_a_deactivated_officer_does_not_enter(client, with_password, somebody):
    Officer.objects.update(is_active=False)
    client.post(LOGIN, {"username": "le.van.an", "password": "một mật khẩu dài"})
    assert press(client, "ub.chairman").status_code == 404
    assert WHO not in client.session


def test_one_returns_to_where_one_was_going_but_never_elsewhere(client, somebody):
    wanted = reverse("workflows:notices")
    assert client.get(wanted).url == f"{LOGIN}?next={wanted}"
    assert press(client, "ub.chairman", next=wanted).url == wanted
    assert press(client, "ub.chairman", next="https://example.org/").url == HOME


def test_the_button_signs_in_and_sets_the_day(client, somebody):
    assert press(client, "ub.chairman", THREE_LEVELS.value).url == HOME
    assert client.session[SESSION_KEY] == "2024-11-05"
    response = client.get(HOME)
    assert response.wsgi_request.user == somebody
    assert "05/11/2024" in response.content.decode()
    press(client, "ub.chairman", TWO_LEVELS.value)
    assert "24/11/2026" in client.get(HOME).content.decode()


def test_who_holds_no_post_on_the_chosen_day_walks_their_own(client):
    Officer.objects.create_user("kb24.clerk", "Mohamách Sa Lêh")
    press(client, "kb24.clerk", TWO_LEVELS.value)
    assert client.session[SESSION_KEY] == THREE_LEVELS.value


def test_the_session_is_a_new_one_for_each_person(client, somebody):
    Officer.objects.create_user("admin", "Hứa Nhật Quang")
    press(client, "ub.chairman")
    before = client.session.session_key
    press(client, "admin")
    assert client.session.session_key != before


@pytest.mark.parametrize(
    ("username", "day"),
    [
        ("le.van.an", "2026-11-24"),
        ("nobody", "2026-11-24"),
        ("ub.chairman", "2026-11-25"),
        ("ub.chairman", ""),
    ],
)
def test_nobody_else_and_no_other_day(client, somebody, with_password, username, day):
    assert press(client, username, day).status_code == 404
    assert WHO not in client.session


def test_the_button_is_a_post_with_a_token_in_demo_mode_only(client, somebody, settings):
    assert client.get(DEMO).status_code == 405
    strict = type(client)(enforce_csrf_checks=True)
    assert press(strict, "ub.chairman").status_code == 403
    settings.DEMO = False
    assert press(client, "ub.chairman").status_code == 404


def test_demo_people_have_no_password(client, somebody):
    client.post(LOGIN, {"username": "ub.chairman", "password": ""})
    assert not somebody.has_usable_password() and WHO not in client.session


def test_signing_out_is_a_post_and_ends_the_session(client, somebody):
    press(client, "ub.chairman")
    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout")).url == LOGIN
    assert WHO not in client.session and SESSION_KEY not in client.session


def test_signing_out_twice_is_harmless(client):
    assert client.post(reverse("logout")).url == LOGIN


def test_the_login_page_offers_nobody_before_the_demo_is_loaded(client):
    assert reverse("demo_login") not in client.get(LOGIN).content.decode()


def test_the_file_names_real_roles_units_and_days(db):
    for row in people.rows():
        assert row["role"] in ROLES and row["group"] in people.GROUPS
    assert {w.D2024, w.D2026} == {THREE_LEVELS.day, TWO_LEVELS.day}

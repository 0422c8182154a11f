"""What was typed waits through a sign-in, whole, without secrets, and in nobody's log."""

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import SESSION_KEY as WHO
from django.urls import reverse

from tests import pages
from tests.permissions.test_sign_in import LOGIN, PASSWORD, officer

__all__ = ["officer"]
pytestmark = pytest.mark.django_db


def test_what_was_typed_outlives_the_session(world, client, officer):
    url = reverse("permissions:ties")
    lost = client.post(url, {"relation": "child", "name": "Nguyễn Văn Con", "identity": "089123456789"})
    assert lost.status_code == 401 and "Nguyễn Văn Con" in lost.content.decode()
    fields = pages.hidden(lost.content.decode().split("<main")[1])
    again = client.post(LOGIN, fields | {"username": officer.username, "password": PASSWORD})
    assert again.status_code == 200 and WHO in client.session
    sent = pages.hidden(again.content.decode().split("<main")[1])
    assert sent["name"] == "Nguyễn Văn Con" and "password" not in sent
    assert client.post(url, sent).status_code == 302
    assert officer.ties.exists()


def test_a_mistyped_password_loses_nothing_and_logs_nothing_typed(world, client, officer):
    url = reverse("permissions:ties")
    lost = client.post(url, {"relation": "child", "name": "Nguyễn Văn Con", "identity": "089123456789"})
    fields = pages.hidden(lost.content.decode().split("<main")[1])
    wrong = client.post(LOGIN, fields | {"username": officer.username, "password": "sai rồi"})
    kept = pages.hidden(wrong.content.decode().split("<main")[1])
    assert AccessAttempt.objects.get().post_data == ""
    again = client.post(LOGIN, kept | {"username": officer.username, "password": PASSWORD})
    sent = pages.hidden(again.content.decode().split("<main")[1])
    assert (sent["name"], sent["identity"]) == ("Nguyễn Văn Con", "089123456789")


def test_what_waits_keeps_its_own_user_name_and_no_password(client, officer):
    lost = client.post(
        reverse("password_change"), {"username": "nguoi.moi", "old_password": "x1", "new_password1": "x2"}
    )
    fields = pages.hidden(lost.content.decode().split("<main")[1])
    assert not any("password" in name for name in fields)
    again = client.post(LOGIN, fields | {"username": officer.username, "password": PASSWORD})
    assert pages.hidden(again.content.decode().split("<main")[1])["username"] == "nguoi.moi"

"""Accounts that are suspended: what they handed on ends, their links serve nobody; failures are forgotten in time."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse

from history import clock
from permissions import accounts, delegations, grants
from permissions.models import Officer
from tests import world as w

pytestmark = pytest.mark.usefixtures("in_2024")


@pytest.fixture
def by(world):
    return world["system_administrator@province"]


def test_what_a_suspended_officer_handed_on_ends_at_once(world, by):
    post = world.post("director@home")
    made = delegations.give(
        post, world.post("clerk@home"), ["submit_decision"], valid_from=w.D2024,
        valid_to=w.D2024 + timedelta(days=3), reason="Đi vắng", document="GUQ", by=post.officer,
    )  # fmt: skip
    accounts.suspend(post.officer, reason="Đình chỉ", by=by)
    made.refresh_from_db()
    assert made.never_held and made.ended_by == by
    assert "submit_decision" not in grants.rights_at(world["clerk@home"], world.units["home"])


def test_the_link_of_a_suspended_account_serves_nobody(world, by):
    officer = Officer.objects.create_user("moi", "Người Mới")
    link = accounts.invitation(officer, by=by)
    accounts.suspend(officer, reason="Nghỉ việc", by=by)
    page = Client().get(link, follow=True)
    assert "new_password1" not in page.content.decode()
    accounts.restore(officer, reason="Nhầm", by=by)
    assert "new_password1" in Client().get(link, follow=True).content.decode()


def test_failures_are_forgotten_when_they_no_longer_count(world, settings):
    for name in ("a", "b"):
        Client().post(reverse("login"), {"username": name, "password": "sai mật khẩu rồi"})
    old = AccessAttempt.objects.get(username="a")
    past = clock.now() - timedelta(seconds=settings.LOCKOUT_SECONDS + 1)
    AccessAttempt.objects.filter(pk=old.pk).update(attempt_time=past)
    assert accounts.forget_attempts() == 1
    assert list(AccessAttempt.objects.values_list("username", flat=True)) == ["b"]

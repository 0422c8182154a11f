"""The command by which the first people of a real installation come in."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from permissions.management.commands import appoint
from permissions.models import Appointment, Officer

GIVEN = {"position": "Quản trị hệ thống", "document": "QĐ 1/QĐ-UBND"}
PASSWORD = "mot-mat-khau-that-dai-2026"


@pytest.fixture(autouse=True)
def typed(monkeypatch):
    monkeypatch.setattr(appoint, "getpass", lambda prompt: PASSWORD)


def test_a_new_officer_can_sign_in_and_holds_the_post(world):
    call_command("appoint", "quan.tri", "system_administrator", "AG.UBND", name="Lê Thị Quản Trị", **GIVEN)
    officer = Officer.objects.get(username="quan.tri")
    assert officer.appointments.get().role == "system_administrator"
    entered = Client().post(reverse("login"), {"username": "quan.tri", "password": PASSWORD})
    assert entered.status_code == 302


def test_an_officer_with_an_account_gets_a_second_post_and_keeps_the_password(world):
    before = world["clerk@commune2"].password
    call_command("appoint", world["clerk@commune2"].username, "appraiser", "AG.SNV", **GIVEN)
    officer = Officer.objects.get(pk=world["clerk@commune2"].pk)
    assert officer.appointments.count() == 2
    assert officer.password == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("moi", "appraiser", "AG.SNV"), "--name"),
        (("moi", "chairman", "AG.SNV"), "--name"),
        (("moi", "appraiser", "NO.SUCH"), "NO.SUCH"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(world, arguments, says):
    counts = Officer.objects.count(), Appointment.objects.count()
    with pytest.raises(CommandError, match=says):
        call_command("appoint", *arguments, **GIVEN)
    assert (Officer.objects.count(), Appointment.objects.count()) == counts


def test_a_role_does_not_sit_everywhere(world):
    with pytest.raises(CommandError):
        call_command("appoint", "moi", "chairman", "AG.SNV", name="Lê Văn Mới", **GIVEN)
    assert not Officer.objects.filter(username="moi").exists()


def test_a_weak_password_is_refused(world, monkeypatch):
    monkeypatch.setattr(appoint, "getpass", lambda prompt: "12345678")
    with pytest.raises(CommandError):
        call_command("appoint", "moi", "appraiser", "AG.SNV", name="Lê Văn Mới", **GIVEN)
    assert not Officer.objects.filter(username="moi").exists()

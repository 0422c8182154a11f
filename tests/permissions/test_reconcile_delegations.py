"""A delegation's grants are what it, its post and its role say: what slipped is found, told and put right."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command

from history.models import Event
from permissions import delegations, grants, reconcile_delegations
from permissions.models import Appointment, UnitGrant
from tests import world as w

pytestmark = pytest.mark.usefixtures("in_2024")


@pytest.fixture
def lent(world):
    post = world.post("head_of_division@home")
    return delegations.give(
        post, world.post("clerk@home"), ["confirm", "compile"], valid_from=w.D2024,
        valid_to=w.D2024 + timedelta(days=5), reason="Đi vắng", document="GUQ", by=post.officer,
    )  # fmt: skip


def rights(world):
    return grants.rights_at(world["clerk@home"], world.units["home"])


def test_a_fresh_one_has_nothing_to_put_right(world, lent):
    assert reconcile_delegations.find() == [] and reconcile_delegations.mend() == 0


def test_what_is_lost_is_given_again_and_recorded(world, lent):
    UnitGrant.objects.filter(delegation=lent, permission__codename="confirm").delete()
    (drift,) = reconcile_delegations.find()
    assert drift.missing == ("confirm",)
    assert reconcile_delegations.mend() == 1
    assert {"confirm", "compile", "read"} <= rights(world)
    assert Event.objects.filter(kind="grant.made").exists() and reconcile_delegations.find() == []


@pytest.mark.parametrize("slip", ["another right", "another officer", "longer"])
def test_what_is_too_much_ends_today(world, lent, slip):
    row = UnitGrant.objects.filter(delegation=lent, permission__codename="confirm").get()
    if slip == "another right":
        row.pk, row.permission = None, Permission.objects.get(codename="appraise", content_type__model="unit")
        row.save(force_insert=True)
    elif slip == "another officer":
        UnitGrant.objects.filter(pk=row.pk).update(user=world["clerk@commune"])
    else:
        UnitGrant.objects.filter(pk=row.pk).update(valid_to=None)
    assert len(reconcile_delegations.find()) == 1
    reconcile_delegations.mend()
    assert reconcile_delegations.find() == []
    assert "appraise" not in rights(world) and "confirm" in rights(world)
    assert "confirm" not in grants.rights_at(world["clerk@commune"], world.units["home"])


def test_one_whose_post_ended_by_a_slip_ends_with_it(world, lent):
    Appointment.objects.filter(pk=lent.from_post_id).update(valid_to=w.D2024)
    out = StringIO()
    call_command("reconcile_grants", stdout=out)
    lent.refresh_from_db()
    assert lent.never_held and "confirm" not in rights(world)
    assert str(lent.from_post) in out.getvalue()
    with pytest.raises(SystemExit):
        UnitGrant.objects.filter(user=world["clerk@commune"]).update(valid_to=w.D2024)
        call_command("reconcile_grants", "--check", stdout=out)

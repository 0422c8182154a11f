"""Verifying by itself: everything once a day, what is new in between; and what is told of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from audit import verification, verified, wording
from audit.models import Verification
from history import checkpoints, kinds
from permissions import grants
from permissions.models import Officer
from tests import world as w

pytestmark = pytest.mark.usefixtures("in_2024")


def test_once_a_day_everything_and_in_between_what_is_new(world):
    checkpoints.make()
    assert verification.run_if_due() == 0
    whole = verification.latest()
    assert whole.full and whole.replayed and whole.events
    another = Officer.objects.create_user("moi", "Lê Thị Mới")
    grants.appoint(
        another, "clerk", world.units["commune"], position="Công chức", document="QĐ 9", valid_from=w.D2024
    )
    checkpoints.make()
    assert verification.run_if_due() == 0
    partly = verification.latest()
    assert not partly.full and 0 < partly.events < whole.events
    verified.remember(replace(verified.recall(), whole_at=(timezone.now() - timedelta(days=1)).isoformat()))
    assert verification.run_if_due() == 0
    assert verification.latest().full


def test_what_is_told_of_it(world):
    assert verification.state()["sound"] is None
    made = checkpoints.make()
    verification.run(full=True)
    told = verification.state()
    assert told["sound"] is True and told["checkpoint"] == made.number and told["verified_whole_at"]
    Verification.objects.create(full=False, size=1, events=1, count=1, faults=["unit:x 1: …"], seconds=0.1)
    assert verification.state()["sound"] is False


def test_who_owns_the_database_does_not_decide_when_to_look_again(world):
    checkpoints.make()
    Verification.objects.create(
        pk=2**62, full=True, size=1, events=1, count=0, seconds=0.1, checkpoint=checkpoints.latest().number
    )
    Verification.objects.update(at=timezone.now() + timedelta(days=3650))
    assert verification.latest() is None and verified.last_good() is None
    verification.run_if_due()
    assert verification.latest().full and verification.latest().events


def test_what_breaks_one_part_is_a_finding_and_stops_no_other(world):
    """A content beyond what JSON holds, a checkpoint of a moment that never comes: it ends all the same, and is kept."""
    w.walk(world, w.complete_draft(world), "review")
    checkpoints.make()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE nominations_nominationversion SET content = '{\"x\": 9007199254740993}'")
        cursor.execute("UPDATE history_checkpoint SET at = 'infinity'")
    kept, _report = verification.run(replayed=True)
    assert kept.count >= 2 and kept.replayed
    assert verification.latest() == kept


def test_whoever_may_not_write_beside_the_witness_file_verifies_all_the_same(world, settings, tmp_path):
    checkpoints.make()
    (tmp_path / "file").write_text("")
    settings.LEDGER_WITNESS_FILE = tmp_path / "file" / "witness.jsonl"  # no folder: nothing can be kept there
    verified.remember(verified.Verified("2026-11-25T00:00:00+00:00"))
    assert verified.recall() == verified.Verified()


def test_acts_of_the_servers_console_are_counted(world):
    kept, _report = verification.run(replayed=True)
    assert kept.console > 0


def test_every_kind_of_event_has_words():
    assert set(wording.KINDS) == kinds.KINDS

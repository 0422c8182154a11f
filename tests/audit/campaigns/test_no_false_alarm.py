"""What is lawful raises no alarm: erasure, another key, more acts, going on from a checkpoint; an old copy does."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from audit import erasing, verification, verified
from history import checkpoints, clock, keys
from history.models import Checkpoint, Event, EventText
from history.verifying import verify
from nominations import programmes, separation_rules
from nominations.models import Round
from nominations.states import State
from permissions import accounts, delegations, reform, ties, units
from permissions.models import DeclaredTie, Unit, UnitParent, UnitSuccessor
from tests import world as w
from tests.audit.campaigns import honest as h
from tests.audit.campaigns.honest import Honest
from tests.conftest import cloned


@contextmanager
def another_copy(honest: Honest, folder: Path) -> Iterator[None]:
    """The honest history in a database of its own, with a key and a witness of its own."""
    ledger = folder / "ledger"
    shutil.copytree(honest.folder / "ledger", ledger)
    with (
        override_settings(
            LEDGER_KEY_FILE=ledger / "key.pem", LEDGER_WITNESS_FILE=ledger / "witness.jsonl",
            MEDIA_ROOT=honest.folder / "media",
        ),
        cloned(),
    ):  # fmt: skip
        yield


@pytest.fixture
def copy(honest, tmp_path) -> Iterator[None]:
    with another_copy(honest, tmp_path):
        yield


def faults(**how: bool) -> list[str]:
    _kept, report = verification.run(**how)
    return [str(fault) for fault in report.faults]


def test_everything_is_sound_and_legal(honest, copy):
    assert faults(replayed=True) == []
    kept = verification.latest()
    assert (kept.full, kept.replayed, kept.count, kept.checkpoint) == (
        True,
        True,
        0,
        checkpoints.latest().number,
    )


def test_an_erased_text_leaves_everything_provable(honest, copy):
    for text in list(EventText.objects.order_by("digest"))[::9]:
        stream, sequence = told_by(text.digest)
        erasing.erase(stream, sequence, basis="QĐ 12", by="console")
    assert faults() == []
    checkpoints.make()
    assert faults() == []


def told_by(digest: str) -> tuple[str, int]:
    return Event.objects.values_list("stream", "sequence").get(text_digest=digest)


def test_another_key_and_more_acts_are_sound_also_from_the_last_good_checkpoint(honest, copy):
    assert faults() == []
    last = checkpoints.latest().number
    for number, state in enumerate((State.INTAKE, State.AWAIT_DECISION), start=last + 1):
        h.at(honest, f"more {number}", state)
        assert faults(full=False) == []
        keys.rotate(by="console")
        assert checkpoints.make().number == number
        w.act(honest.files[f"more {number}"], "withdraw", honest.world["unit_head@commune"], note="Trùng")
        assert faults(full=False) == []
        assert verified.last_good() == Checkpoint.objects.get(number=number)
    assert faults(replayed=True) == []
    for since in Checkpoint.objects.all():
        assert verify(since).faults == []


def test_a_reform_and_new_rules_are_sound(honest, copy):
    """Units end, move and get other names, posts move with them, rounds and rules change: each by its event."""
    world, day = honest.world, w.D2024 + timedelta(days=30)
    first, manager = world["system_administrator@province"], world["programme_administrator@home"]
    department, base, home = (
        Unit.objects.get(pk=world.units[name].pk) for name in ("department", "base", "home")
    )
    units.change_unit(Unit.objects.get(pk=world.units["school"].pk), by=first, name="Phòng Giáo dục")
    units.add_successors([UnitSuccessor(old=department, new=home, on=day)], by=first)
    units.end_parents([(link, day) for link in base.parents.all()], by=first)
    units.set_parents([UnitParent(unit=base, parent=home, valid_from=day)], by=first)
    decided = {str(choice.post.uid): str(home.pk) for choice in reform.choices(department, day)}
    reform.end_unit(department, on=day, document="NQ 1", decided=decided, by=first)
    round = Round.objects.get(pk=world.round.pk)
    programmes.change_round(
        round, opens=round.opens, closes=round.closes, quotas={"individual": 90}, by=manager
    )
    programmes.extend_window(round, closes=round.closes + timedelta(days=1), document="CV 3", by=manager)
    separation_rules.end("two_levels", on=day, legal_basis="QĐ 9", by=manager)
    separation_rules.begin("two_levels", valid_from=day + timedelta(days=9), legal_basis="QĐ 10", by=manager)
    ties.end(DeclaredTie.objects.get(), reason="Ly hôn", by=first)
    delegations.end(honest.lent["confirm"], by=world["head_of_division@home"])
    accounts.restore(world["away"], reason="Trở lại", by=first)
    assert faults(replayed=True) == []
    with clock.legal_day(day):
        assert faults(replayed=True) == []


def test_an_old_copy_of_the_database_is_known_by_what_is_kept_outside(honest, tmp_path):
    """What happened in the copy is what the old database, put back, has forgotten."""
    ledger = tmp_path / "ledger"
    with another_copy(honest, tmp_path):
        h.at(honest, "forgotten", State.SIGN_PROPOSAL)
        checkpoints.make()
        assert faults() == []
    with override_settings(LEDGER_KEY_FILE=ledger / "key.pem", LEDGER_WITNESS_FILE=ledger / "witness.jsonl"):
        [fault] = verify().faults
        assert fault.where == f"witness {checkpoints.latest().number + 1}"
        with pytest.raises(RuntimeError, match="old copy"):
            checkpoints.make()
    assert verify().sound

"""The search index is verified against the log: nothing hidden, invented or told otherwise; what is lawful is no fault."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from audit import indexing, standing_index, verification
from audit.models import Entry, Indexed
from history import clock, kinds, ledger, log
from history.ledger import record
from history.models import Event, Leaf
from history.report import Report
from nominations.models import Nomination
from nominations.states import State
from permissions import units
from permissions.models import Unit
from tests import world as w
from tests.audit.campaigns.attacker import undone
from tests.audit.desk import DESK, auditor, indexed, shown
from tests.pages import enter

pytestmark = pytest.mark.usefixtures("in_2024")


@pytest.fixture
def file(world):
    made = w.walk(world, w.complete_draft(world), State.REVIEW)
    indexed()
    return made


def faults():
    report = Report()
    standing_index.check(report)
    return [str(fault) for fault in report.faults]


def test_what_was_indexed_is_sound_in_batches_of_any_size(world, file, monkeypatch):
    assert faults() == []
    monkeypatch.setattr(indexing, "BATCH", 7)
    assert faults() == []


def test_an_index_that_lags_behind_or_was_never_made_is_sound(world):
    assert faults() == []
    log.seal()
    indexing.catch_up(7)
    assert faults() == []


CHANGES = {
    "at": lambda entry: entry.at - timedelta(days=1),
    "stream": lambda entry: f"{entry.stream}0",
    "actor": lambda entry: "another",
    "role": lambda entry: "clerk",
    "unit": lambda entry: "X.99",
    "kind": lambda entry: "nomination.read",
    "action": lambda entry: "withdraw",
    "programme": lambda entry: "x:2024",
    "scope": lambda entry: None,
    "subject": lambda entry: "nomination:x",
    "words": lambda entry: "",
}


@pytest.mark.parametrize("column", CHANGES)
def test_each_column_that_tells_otherwise_is_named(world, file, column):
    entry = Entry.objects.filter(stream=file.stream, action="submit").get()
    Entry.objects.filter(pk=entry.pk).update(**{column: CHANGES[column](entry)})
    (fault,) = faults()
    assert fault.startswith(f"{file.stream} ") and fault.endswith(column)


def test_an_entry_that_was_taken_away_is_named(world, file):
    Entry.objects.filter(stream=file.stream, action="propose").delete()
    (fault,) = faults()
    event = Event.objects.get(stream=file.stream, action="propose")
    assert fault.startswith(f"{file.stream} {event.sequence}:")


def test_an_entry_that_nothing_stands_behind_is_named(world, file):
    entry = Entry.objects.latest("event")
    entry.event += 100
    entry.save(force_insert=True)
    (fault,) = faults()
    assert fault.startswith(f"index {entry.event}:")


def test_an_index_that_claims_more_than_the_log_or_says_nothing_is_named(world, file):
    Indexed.objects.update(leaves=log.size() + 1)
    assert [fault.partition(":")[0] for fault in faults()] == ["index"]
    Indexed.objects.all().delete()
    assert [fault.partition(":")[0] for fault in faults()] == ["index"]


def test_a_reading_taken_off_the_desk_of_a_unit_fails_the_full_verification(world, file):
    """With the row itself gone, or out of every unit's sight."""
    enter(world["auditor@province"]).get(reverse("workflows:nomination", kwargs={"uid": file.uid}))
    indexed()
    reading, looker = Entry.objects.filter(kind=kinds.NOMINATION_READ), auditor(world, "commune")
    assert shown(looker, kind=kinds.NOMINATION_READ)
    before = verification.run()[0].count
    for hide in (lambda: reading.update(scope=None), reading.delete):
        with undone():
            hide()
            assert not shown(looker, kind=kinds.NOMINATION_READ)
            kept, report = verification.run()
            assert kept.count == before + 1 and "readings:" in str(report.faults[-1])


def test_a_file_handed_over_is_no_fault_before_or_after_it_is_indexed(world, file):
    Nomination.objects.filter(pk=file.pk).update(unit=world.units["new_commune"])  # as handing over does
    assert len(faults()) == Entry.objects.filter(subject=file.stream).count()  # nobody says so
    with transaction.atomic():
        record(ledger.Entry(stream=file.stream, kind="nomination.acted", actor="x", action="hand_over"))
    assert faults() == []
    indexed()
    assert faults() == []


def test_an_erased_text_is_no_fault_before_or_after_it_is_indexed(world, file):
    with transaction.atomic():
        ledger.erase(file.stream, 2, basis="x", by="console")
    assert faults() == []
    indexed()
    assert faults() == []


def test_a_code_used_again_is_no_fault_before_or_after_it_is_indexed(world, file):
    """A unit that took the code of another some days ago: what happened since is about the new one."""
    old, day = world.units["station"], w.D2024 + timedelta(days=5)
    with clock.legal_day(w.D2024 + timedelta(days=9)):
        post = auditor(world, "station")
        indexed()
        entry = Entry.objects.get(stream=f"officer:{post.uid}", kind=kinds.APPOINTMENT_MADE)
        assert entry.scope == old
        units.change_unit(Unit.objects.get(pk=old.pk), valid_to=day)
        (new,) = units.add_units([Unit(code=old.code, name="Trạm mới", kind=old.kind, valid_from=day)])
        assert faults() == []
        indexed()
        entry.refresh_from_db()
        assert entry.scope == new and faults() == []


class TestAnEventThatIsMissing:
    def test_is_told_on_the_desk_once_it_was_indexed(self, world, file):
        event = Event.objects.get(stream=file.stream, action="submit")
        client = enter(world["auditor@province"])
        with undone():
            Event.objects.filter(pk=event.pk).delete()
            response = client.get(DESK, {"file": file.reference, "action": "submit"})
            (row,) = response.context["table"].rows
            assert str(event.pk) in row[2].text and row[3].text == file.reference

    def test_is_passed_by_before_it_was_indexed(self, world, file, caplog):
        with transaction.atomic():
            lost, kept = (
                record(ledger.Entry(stream=f"officer:{n}", kind="officer.created", actor="system"))
                for n in (1, 2)
            )
        log.seal()
        with undone():
            Event.objects.filter(pk=lost.pk).delete()
            assert indexing.catch_up() == 2 and indexing.catch_up() == 0
            assert Entry.objects.filter(pk=kept.pk).exists() and not Entry.objects.filter(pk=lost.pk).exists()
            assert str(lost.pk) in caplog.text
            assert enter(world["auditor@province"]).get(DESK).status_code == 200
            assert faults() == []  # what is missing is the ledger's, and named there

    def test_does_not_hold_up_those_after_a_gap_in_the_log(self, world, file):
        with transaction.atomic():
            made = [
                record(ledger.Entry(stream=f"officer:{n}", kind="officer.created", actor="system"))
                for n in range(3)
            ]
        log.seal()
        with undone():
            Leaf.objects.filter(event__in=[event.pk for event in made[:2]]).delete()
            indexing.catch_up(1)
            assert Entry.objects.filter(pk=made[2].pk).exists()


def test_an_event_that_nobody_can_index_is_named(world, file):
    with undone():
        Event.objects.filter(stream=file.stream, action="submit").update(data=["x"])
        (fault,) = faults()
        assert fault.startswith(f"{file.stream} ")

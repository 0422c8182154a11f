"""The index is the ledger's, in the order of its log: nothing left out, nothing that was erased, made anew alike."""

import pytest
from django.core.management import call_command
from django.db import transaction

from audit import erasing, indexing
from audit.models import Entry, Indexed
from history import facts, kinds, ledger, log
from history.ledger import record
from nominations.models import Nomination
from nominations.states import State
from permissions.models import Officer, Unit
from tests import world as w
from tests.audit.desk import indexed, shown
from tests.holding import elsewhere

pytestmark = pytest.mark.usefixtures("in_2024")


def something(number, **more):
    return ledger.Entry(stream=f"officer:{number}", kind="officer.created", actor="system", **more)


def stored():
    return list(Entry.objects.order_by("event").values_list())


def test_every_event_is_indexed_once_and_twice_changes_nothing(world):
    w.walk(world, w.complete_draft(world), State.REVIEW)
    assert indexing.follow() == Entry.objects.count() == len(list(facts.in_order()))
    before = stored()
    assert indexing.follow() == 0 and indexing.catch_up(5) == 0
    Indexed.objects.update(leaves=0)  # a cursor that was lost
    assert indexing.catch_up() == len(before) and stored() == before


def test_it_goes_on_in_small_pieces(world):
    log.seal()
    assert [indexing.catch_up(7), indexing.catch_up(7), Entry.objects.count()] == [7, 7, 14]
    indexing.catch_up()
    assert Entry.objects.count() == log.size()


def test_what_waits_for_its_place_is_not_indexed_yet(world):
    indexing.follow()
    with transaction.atomic():
        record(something(1))
    assert indexing.catch_up() == 0
    assert log.waiting() == 1 and indexing.follow() == 1 and log.waiting() == 0


def test_anew_is_the_same_and_drops_what_no_event_stands_behind(world):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    indexing.follow()
    before = stored()
    Entry.objects.filter(subject=file.stream).delete()
    forged = Entry.objects.first()
    forged.event = 10**12
    forged.save()
    call_command("index_history", "--anew", verbosity=0)
    assert stored() == before


def test_scope_programme_and_subject(world):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    w.confirmed(world)
    decision = w.decision(world, "compile")
    found = indexed()
    units, code = world.units, world.programme.code
    opened, listed = found[f"{file.stream} 1"], found[f"{decision.stream} 1"]
    assert (opened.scope, opened.programme, opened.subject) == (units["commune"], f"{code}:2024", file.stream)
    assert (listed.scope, listed.programme) == (units["province"], f"{code}:2024")
    unit = units["commune"]
    assert found[f"unit:{unit.code}:{unit.valid_from} 1"].scope == unit
    post = next(entry for entry in found.values() if entry.kind == kinds.APPOINTMENT_MADE)
    assert post.scope == Unit.objects.get(code=post.unit)
    assert {e.scope for e in found.values() if e.kind in (kinds.RULES_CHANGED, kinds.ROUND_OPENED)} == {None}


def test_a_file_handed_over_is_in_the_sight_of_its_new_units_auditors(world):
    file = w.complete_draft(world)
    indexed()
    new = world.units["new_commune"]
    Nomination.objects.filter(pk=file.pk).update(unit=new)  # as handing over does
    with transaction.atomic():
        record(ledger.Entry(stream=file.stream, kind="nomination.acted", actor="x", action="hand_over"))
    indexed()
    moved = Entry.objects.filter(subject=file.stream)
    assert {entry.scope for entry in moved} == {new} and moved.count() > 1


def test_an_erased_text_leaves_the_index_at_once(world):
    with transaction.atomic():
        event = record(something(1, text={"officer": "Trần Độc Nhất"}))
    indexed()
    looker = world["auditor@province"]
    assert shown(looker, q="doc nhat") == [f"{event.stream} 1"]
    erasing.erase(event.stream, 1, basis="Quyết định 5", by="console")
    assert shown(looker, q="doc nhat") == []
    indexed()
    assert shown(looker, kind="text.erased", q="quyet dinh 5") == ["erasures 1"]


def test_an_erasure_made_elsewhere_reaches_the_index_with_its_event(world):
    with transaction.atomic():
        event = record(something(1, text={"officer": "Trần Độc Nhất"}))
    indexed()
    with transaction.atomic():
        ledger.erase(event.stream, 1, basis="x", by="console")
    indexed()
    assert shown(world["auditor@province"], q="doc nhat") == []


def test_addresses_and_identities_are_no_words(world):
    text = {
        "officer": "Lê An",
        "identity": "ab" * 32,
        "address": "10.1.2.3",
        "parties": [{"name": "kin dao"}],
    }
    with transaction.atomic():
        record(something(1, text=text))
    indexed()
    looker = world["auditor@province"]
    assert shown(looker, q="le an")[:1] == ["officer:1 1"]
    assert [shown(looker, q=word) for word in ("ab" * 32, "10.1.2.3", "kin dao")] == [[], [], []]


def test_events_committed_out_of_their_order_are_all_indexed(cloned_db):
    """An event of a low key that is committed after the index went past that key is found all the same."""
    with elsewhere(lambda: record(something("slow"))):
        with transaction.atomic():
            record(something("quick"))
        indexing.follow()
        assert list(Entry.objects.values_list("stream", flat=True)) == ["officer:quick"]
    indexing.follow()
    assert list(Entry.objects.order_by("event").values_list("stream", flat=True)) == [
        "officer:slow",
        "officer:quick",
    ]


def test_a_second_indexer_does_not_wait(cloned_db):
    with transaction.atomic():
        record(something(1))
    log.seal()
    with elsewhere(Indexed.objects.select_for_update().get):
        found = indexing.catch_up()
    assert found == 0 and indexing.catch_up() == 1 and Officer.objects.count() == 0

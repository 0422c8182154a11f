"""The ledger: gapless sequences, a closed registry of kinds, names apart from facts."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from history import clock
from history.canonical import canonical, digest
from history.envelope import text_digest
from history.kinds import KINDS
from history.ledger import Entry, of_stream, record, record_many
from history.models import Event, EventText
from history.request import request_id


def entry(stream="unit:1", **more):
    return Entry(stream=stream, kind="unit.changed", actor="system", **more)


@pytest.mark.django_db
def test_an_unknown_kind_is_refused_and_nothing_is_written():
    with pytest.raises(ValueError, match=r"unit\.exploded"):
        record_many([entry(), Entry(stream="unit:1", kind="unit.exploded", actor="system")])
    assert not Event.objects.exists()
    assert record(entry()).sequence == 1


def test_the_registry_is_closed():
    """A new kind is a decision: readers and verifiers know each of these."""
    assert {
        "nomination.opened", "nomination.acted", "nomination.closed", "nomination.recused", "nomination.read",
        "decision.opened", "decision.acted", "decision.recused", "decision.read",
        "round.opened", "round.extended", "round.closed", "rules.changed",
        "unit.created", "unit.changed", "unit.ended",
        "appointment.made", "appointment.ended", "grant.made", "grant.ended", "grants.exported",
        "appointment.proposed", "appointment.confirmed", "appointment.refused",
        "delegation.given", "delegation.ended", "tie.declared", "tie.ended",
        "officer.created", "officer.invited", "officer.password_set", "officer.signed_in", "officer.locked_out",
        "officer.unlocked", "officer.suspended", "officer.restored", "evidence.stored",
        "ledger.key", "ledger.witnessed", "ledger.exported", "text.erased", "outbox.retried",
    } == KINDS  # fmt: skip


@pytest.mark.django_db
def test_streams_count_each_for_themselves_and_in_order():
    events = record_many([entry("a"), entry("b"), entry("a")])
    assert [(event.stream, event.sequence) for event in events] == [("a", 1), ("b", 1), ("a", 2)]
    assert record(entry("a")).sequence == 3


@pytest.mark.django_db
def test_a_rolled_back_event_leaves_no_gap():
    record(entry())
    with pytest.raises(RuntimeError), transaction.atomic():
        record(entry())
        raise RuntimeError
    assert record(entry()).sequence == 2


@pytest.mark.django_db
def test_an_event_carries_the_legal_day_the_database_time_and_the_request():
    token = request_id.set("req-1")
    try:
        with clock.legal_day(date(2024, 11, 5)):
            event = record(entry())
    finally:
        request_id.reset(token)
    event.refresh_from_db()
    assert (event.legal_day, event.request_id) == (date(2024, 11, 5), "req-1")
    assert abs(event.at - clock.now()) < timedelta(minutes=1)


@pytest.mark.django_db
def test_names_stand_apart_under_a_salted_digest():
    """Equal texts get unequal digests: nobody can guess a name from the event that stays."""
    one, two = record_many([entry(text={"name": "Lê Văn A"}), entry(text={"name": "Lê Văn A"})])
    bare = record(entry())
    assert one.text_digest != two.text_digest
    assert bare.text_digest == ""
    stored = EventText.objects.get(digest=one.text_digest)
    assert text_digest(stored.salt, stored.body) == digest({"salt": stored.salt, "body": stored.body})
    assert one.text_digest == stored.digest
    assert [text for _event, text in of_stream("unit:1")] == [{"name": "Lê Văn A"}] * 2 + [{}]


def test_an_event_outside_a_transaction_is_refused(cloned_db):
    with pytest.raises(RuntimeError, match="transaction"):
        record(entry())


def test_writers_at_once_leave_neither_gap_nor_double(cloned_db):
    """6 connections, 20 events each, on two streams in opposite orders: no deadlock either."""
    writers, rounds, faults = 6, 20, []

    def write(number):
        streams = ["a", "b"] if number % 2 else ["b", "a"]
        try:
            for _ in range(rounds):
                with transaction.atomic():
                    record_many([entry(stream) for stream in streams])
        except Exception as fault:  # noqa: BLE001  # shown by the assertion below
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    for stream in ("a", "b"):
        sequences = list(
            Event.objects.filter(stream=stream).order_by("sequence").values_list("sequence", flat=True)
        )
        assert sequences == list(range(1, writers * rounds + 1))


def test_the_same_content_has_the_same_bytes():
    assert canonical({"b": 1, "a": "Đ"}) == canonical({"a": "Đ", "b": 1}) == '{"a":"Đ","b":1}'.encode()

"""An honest ledger is found sound; one that was changed by whoever owns the database is not."""

import pytest
from django.db import connection, transaction
from django.utils import translation

from history import checkpoints, keys
from history.ledger import Entry, record, record_many
from history.models import Checkpoint, Event, EventText, StreamHead
from history.verifying import verify

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def entry(stream="unit:1", **more):
    return Entry(stream=stream, kind="unit.changed", actor="system", **more)


@pytest.fixture
def ledger():
    for number in range(12):
        record_many(
            [entry(f"s{number % 3}", action=f"a{number}", text={"name": f"Lê Văn {number}"}), entry("t")]
        )
        if number % 4 == 0:
            checkpoints.make()
    checkpoints.make()
    record(entry("s0"))  # one that waits for its place


def forge(*statements):
    """As a superuser of the database, its triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def found():
    return [str(fault) for fault in verify().faults]


def test_an_honest_ledger_is_sound(ledger):
    report = verify()
    assert report.faults == []
    assert (report.events, report.size) == (26, 25)
    assert report.sound


def test_an_empty_ledger_is_sound():
    assert verify().sound


def test_a_verification_goes_on_from_a_checkpoint_that_was_good(ledger):
    middle = Checkpoint.objects.get(number=3)
    report = verify(middle)
    assert report.faults == []
    assert report.events == 26 - middle.size
    forge("UPDATE history_event SET action = 'x' WHERE stream = 's0' AND sequence = 1")
    assert verify(middle).sound  # it lies before: the full verification finds it
    assert not verify().sound


def test_a_key_that_was_handed_over_is_sound(ledger, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        keys.rotate(by="console")
    checkpoints.make()
    assert found() == []
    assert verify(Checkpoint.objects.order_by("-number")[1]).sound


@pytest.mark.parametrize(
    ("statements", "named"),
    [
        (["UPDATE history_event SET actor = 'other' WHERE stream = 's1' AND sequence = 2"], "s1 2: the columns"),
        (["UPDATE history_event SET hash = sha256('x') WHERE stream = 's1' AND sequence = 2"], "s1 2: the log"),
        (["DELETE FROM history_event WHERE stream = 's1' AND sequence = 2"], "s1 3: follows 1"),
        (
            [
                "UPDATE history_event SET data = (repeat('[', 2000) || repeat(']', 2000))::jsonb"
                " WHERE stream = 's1' AND sequence = 2"
            ],
            "s1 2: the columns do not lead",
        ),
        (
            ["UPDATE history_eventtext SET body = '{\"x\": 1e400}' WHERE body @> '{\"name\": \"Lê Văn 4\"}'"],
            "s1 2: its text",
        ),
        (["UPDATE history_eventtext SET body = jsonb_build_object('name', 'Another')"], "s0 1: its text"),
        (["UPDATE history_eventtext SET body = '{}', salt = ''"], "s0 1: its text was emptied"),
        (["DELETE FROM history_eventtext"], "s0 1: its text is missing"),
        (["UPDATE history_leaf SET number = -1 WHERE number = 1", "UPDATE history_leaf SET number = 1 WHERE number = 2",
          "UPDATE history_leaf SET number = 2 WHERE number = -1"], "checkpoint 2:"),
        (["DELETE FROM history_leaf WHERE number = 24"], "signs 25 events, the log ends at 24"),
        (["UPDATE history_node SET hash = sha256('x') WHERE level = 2 AND position = 1"], "log 2/1"),
        (["DELETE FROM history_node WHERE level = 3"], "log 3: 0 subtrees"),
        (["UPDATE history_node SET position = 7 WHERE level = 4"], "log 4/7"),
        (["UPDATE history_node SET position = -1 WHERE level = 4"], "log 4/-1"),
        (["UPDATE history_checkpoint SET root = repeat('0', 64) WHERE number = 2"], "checkpoint 2:"),
        (["UPDATE history_checkpoint SET at = at + interval '1 s' WHERE number = 2"], "checkpoint 2: the signature"),
        (["DELETE FROM history_checkpoint WHERE number = 2"], "checkpoint 3: follows 1"),
        (["DELETE FROM history_checkpoint WHERE number = 4"], "checkpoint 4: is kept outside"),
        (["DELETE FROM history_unsealed"], "s0 5: has no place"),
        (["INSERT INTO history_unsealed SELECT event FROM history_leaf WHERE number = 0"], "s0 1: waits for a place"),
        (["INSERT INTO history_unsealed VALUES (-1)"], "log: waits for a place"),
        (["INSERT INTO history_eventtext VALUES ('0', '0', '{}')"], "text 0: no event points at this text"),
        (["UPDATE history_streamhead SET sequence = 9 WHERE stream = 't'"], "t 13: the stream ends at 12"),
        (["DELETE FROM history_streamhead WHERE stream = 't'"], "t 12: the stream has no head"),
    ],
)  # fmt: skip
def test_what_the_owner_of_the_database_changes_is_found(ledger, statements, named):
    forge(*statements)
    assert any(named in line for line in found()), found()


def test_a_tail_that_was_cut_off_with_its_checkpoints_is_known_outside(ledger):
    """All tables are as on an earlier day: only what the operator keeps elsewhere tells."""
    kept = Checkpoint.objects.get(number=3)
    forge(
        "DELETE FROM history_unsealed",
        f"DELETE FROM history_event USING history_leaf WHERE event = history_event.id AND number >= {kept.size}",
        "DELETE FROM history_event WHERE NOT EXISTS (SELECT FROM history_leaf WHERE event = history_event.id)",
        "DELETE FROM history_eventtext WHERE digest NOT IN (SELECT text_digest FROM history_event)",
        f"DELETE FROM history_leaf WHERE number >= {kept.size}",
        f"DELETE FROM history_node WHERE (position + 1) << level > {kept.size}",
        "DELETE FROM history_checkpoint WHERE number > 3",
    )
    for head in StreamHead.objects.all():
        last = Event.objects.filter(stream=head.stream).order_by("-sequence").first()
        StreamHead.objects.filter(pk=head.pk).update(sequence=last.sequence, hash=last.hash)
    assert found() == [f"witness 4: signs 25 events, the log ends at {kept.size}"]


def test_a_text_is_erased_by_an_event_and_the_proofs_stay(ledger):
    event = Event.objects.get(stream="s1", sequence=2)
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        EventText.objects.filter(digest=event.text_digest).update(salt="", body={})
    record(Entry(stream="erasures", kind="text.erased", actor="system", data={"text": event.text_digest}))
    EventText.objects.filter(digest=event.text_digest).update(salt="", body={})
    assert found() == []
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        EventText.objects.filter(digest=event.text_digest).update(body={"name": "x"})

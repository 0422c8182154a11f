"""The log: every committed event gets its place once, in an order that proofs can rest on."""

import threading

import pymerkle
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import connection, transaction
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from history import checkpoints, keys, log, merkle
from history.canonical import canonical
from history.envelope import COLUMNS, as_object, event_bytes, event_hash, row_of
from history.ledger import Entry, record, record_many
from history.models import Checkpoint, Event, Leaf, Node, Unsealed
from history.verifying import verify
from tests.holding import elsewhere


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def entry(stream="unit:1", **more):
    return Entry(stream=stream, kind="unit.changed", actor="system", **more)


@given(
    st.dictionaries(
        st.text(st.characters(max_codepoint=126, min_codepoint=32)),
        st.recursive(
            st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("abcÀ"[:3]), inner),
            max_leaves=8,
        ),
    ),
    st.text(),
)
@settings(deadline=None)
def test_the_bytes_of_an_event_are_canonical_json(data, action):
    """The fast way to write an event agrees with the library for RFC 8785, whatever the event holds."""
    event = Event(
        action=action, at="2026-11-25T00:00:00+00:00", data=data, legal_day="2026-11-25", sequence=1
    )
    event.at, event.legal_day = (
        Event._meta.get_field("at").to_python(event.at),
        Event._meta.get_field("legal_day").to_python(event.legal_day),
    )
    assert event_bytes(row_of(event)) == canonical(as_object(row_of(event)))


def test_every_column_is_hashed():
    left_out = {field.name for field in Event._meta.fields} - set(COLUMNS)
    assert left_out == {"id", "hash"}
    assert list(COLUMNS) == sorted(COLUMNS)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data", [{"x": 1.5}, {"x": 2**53}, {"đ": 1}, {"x": "\ud800"}, {"x": "\0"}, {"x": object()}]
)
def test_what_could_be_written_in_two_ways_is_refused(data):
    for part in ({"data": data}, {"text": data}):
        with pytest.raises(ValueError), transaction.atomic():
            record(entry(**part))
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_each_event_holds_the_hash_of_the_one_before_it():
    one, other, two = record_many([entry("a"), entry("b"), entry("a")])
    three = record(entry("a"))
    assert one.previous == other.previous == ""
    assert (two.previous, three.previous) == (one.hash.hex(), two.hash.hex())
    for event in Event.objects.all():
        assert event_hash(row_of(event)) == bytes(event.hash)


@pytest.mark.django_db
def test_the_sealer_gives_each_event_its_place_once():
    events = record_many([entry(f"s{n}") for n in range(11)])
    assert log.seal() == 11
    assert log.seal() == 0
    assert list(Leaf.objects.order_by("number").values_list("event", flat=True)) == [e.pk for e in events]
    assert not Unsealed.objects.exists()
    assert Node.objects.count() == 5 + 2 + 1
    record(entry())
    assert (log.seal(), log.size()) == (1, 12)


@pytest.mark.django_db
def test_batches_of_the_sealer_build_the_same_tree(monkeypatch):
    monkeypatch.setattr(log, "BATCH", 3)
    growing = merkle.Growing()
    for event in record_many([entry(f"s{n}") for n in range(10)]):
        growing.add(event.hash)
    assert log.seal() == 10
    assert log.tree(10).root() == growing.root()


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=80), st.data())
@settings(deadline=None)
def test_our_tree_agrees_with_an_independent_one(entries, data):
    """Roots, inclusion and consistency against the package `pymerkle`."""
    theirs = pymerkle.InmemoryTree(algorithm="sha256")
    ours, nodes, roots = merkle.Growing(), {}, []
    for number, value in enumerate(entries):
        theirs.append_entry(value)
        leaf = pymerkle.hasher.MerkleHasher("sha256", True).hash_buff(value)
        nodes[0, number] = leaf
        nodes.update(ours.add(leaf))
        roots.append(ours.root())
    size = len(entries)
    read = lambda places: {place: nodes[place] for place in places}  # noqa: E731
    assert ours.root() == theirs.get_root()
    number = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion_proof(number, size, read)
    proof = theirs.prove_inclusion(number + 1, size)
    pymerkle.verify_inclusion(nodes[0, number], ours.root(), proof)
    assert merkle.root_from_inclusion(nodes[0, number], number, size, path) == ours.root()
    older = number + 1
    pymerkle.verify_consistency(roots[older - 1], ours.root(), theirs.prove_consistency(older, size))
    path = merkle.consistency_proof(older, size, read)
    assert merkle.is_consistent(older, roots[older - 1], size, ours.root(), path)
    assert older == size or not merkle.is_consistent(older, ours.root(), size, roots[older - 1], path)
    if size > 1:
        assert (
            merkle.root_from_inclusion(nodes[0, number], (number + 1) % size, size, [*path, b"x"])
            != ours.root()
        )


def test_an_event_written_first_and_committed_last_is_sealed_later(cloned_db):
    """Commit order is not key order: nobody waits, nothing is lost."""
    with elsewhere(lambda: record(entry("slow"))):
        with transaction.atomic():
            record(entry("fast"))
        assert log.seal() == 1
    assert log.seal() == 1
    order = [
        Event.objects.get(pk=pk).stream
        for pk in Leaf.objects.order_by("number").values_list("event", flat=True)
    ]
    assert order == ["fast", "slow"]


def test_two_sealers_at_once_give_each_place_once(cloned_db):
    with transaction.atomic():
        record_many([entry(f"s{n}") for n in range(300)])
    counts = []

    def seal():
        counts.append(log.seal())
        connection.close()

    threads = [threading.Thread(target=seal) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.seal()
    assert log.size() == Leaf.objects.count() == 300


def test_the_log_is_verified_while_others_write(cloned_db):
    with transaction.atomic():
        record(entry())
    checkpoints.make()
    assert verify().sound
    assert log.size() == 2


def sealing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('history.log'))")


def test_no_key_signs_a_log_that_does_not_hold_its_introduction(cloned_db, monkeypatch):
    """Another sealer is at work when the key is handed over: the new one waits until its event has its place."""
    monkeypatch.setattr(checkpoints, "PATIENCE", 0.1)
    checkpoints.make()
    with elsewhere(sealing):
        keys.rotate(by="console")
        with pytest.raises(RuntimeError, match="no place in the log yet"):
            checkpoints.make(always=True)
    assert checkpoints.make().key == keys.introduced()[-1].key
    assert verify().sound


@pytest.mark.django_db
class TestCheckpoints:
    def test_a_checkpoint_is_signed_and_kept_outside(self):
        record(entry())
        made = checkpoints.make()
        note = checkpoints.note_of(made)
        (key,) = keys.introduced()
        assert (made.number, made.size) == (1, 2)  # the key's own introduction is in the log
        assert keys.is_signed(key.public, note.signature, note.message())
        assert list(checkpoints.kept_outside().notes) == [note]
        assert checkpoints.make() is None  # nothing has grown
        assert checkpoints.make(always=True).number == 2

    def test_the_key_is_the_owners_alone(self, settings):
        checkpoints.make()
        assert settings.LEDGER_KEY_FILE.stat().st_mode & 0o777 == 0o600

    def test_another_key_does_not_sign(self, settings):
        checkpoints.make()
        settings.LEDGER_KEY_FILE.unlink()
        with pytest.raises(RuntimeError, match="is missing"):  # and none is made in its place
            checkpoints.make(always=True)
        other = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        settings.LEDGER_KEY_FILE.write_bytes(other)
        with pytest.raises(RuntimeError, match="another key"):
            checkpoints.make(always=True)

    def test_a_rotation_whose_file_waits_is_finished_by_whoever_signs_next(self, settings):
        """Its event stands, and the process ended before the files were changed: neither key is lost."""
        checkpoints.make()
        old = settings.LEDGER_KEY_FILE.read_bytes()
        new = keys.rotate(by="console")  # in the test's transaction: nothing follows the commit
        assert settings.LEDGER_KEY_FILE.read_bytes() == old
        assert checkpoints.make().key == new
        aside = settings.LEDGER_KEY_FILE.with_suffix(f".{keys.introduced()[0].key[:16]}.pem")
        assert aside.read_bytes() == old
        keys._finish()
        assert aside.read_bytes() == old and verify().sound

    def test_what_is_kept_outside_and_cannot_be_read_is_a_fault_and_stops_signing(self, settings):
        checkpoints.make()
        with settings.LEDGER_WITNESS_FILE.open("a") as file:
            file.write('{"torn')
        assert [fault.where for fault in verify().faults] == ["witness file, line 2"]
        with pytest.raises(RuntimeError, match="cannot be read"):
            checkpoints.make(always=True)

    def test_a_key_is_handed_over_by_the_key_before_it(self, django_capture_on_commit_callbacks, settings):
        checkpoints.make()
        with django_capture_on_commit_callbacks(execute=True):
            new = keys.rotate(by="console")
        made = checkpoints.make()
        assert made.key == new == keys.introduced()[-1].key
        first, second = keys.introduced()
        assert keys.fault_of(None, first) == keys.fault_of(first, second) == ""
        assert len(list(settings.LEDGER_KEY_FILE.parent.glob("*.pem"))) == 2
        stolen = keys.Introduced(**{**vars(second), "signature": "00" * 64})
        assert "not handed over" in keys.fault_of(first, stolen)

    def test_a_log_that_lost_its_tail_is_not_signed_again(self):
        record(entry())
        with transaction.atomic():
            checkpoints.make()
            transaction.set_rollback(True)  # an old copy of the database comes back
        with pytest.raises(RuntimeError, match="old copy"):
            checkpoints.make()
        assert not Checkpoint.objects.exists()

    def test_the_short_code_is_twelve_letters_of_the_root(self):
        assert checkpoints.short_code("00" * 32) == "AAAA-AAAA-AAAA"

    def test_what_covers_an_event(self):
        first = checkpoints.make()
        event = record(entry())
        assert checkpoints.covering(event) is None
        second = checkpoints.make()
        assert checkpoints.covering(event) == second != first

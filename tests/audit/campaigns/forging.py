"""Tampering that takes more than one row: moved, inserted, rewritten, cut off, signed by another, put back."""

from dataclasses import replace
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from history import checkpoints, keys, kinds, log
from history.envelope import text_digest
from history.ledger import Entry, record
from history.models import Checkpoint, Event, Leaf
from tests.audit.campaigns.attacker import rebuild, sql
from tests.audit.campaigns.honest import Honest

Named = tuple[str, ...]
WITNESS = ("witness *",)


def _sealed(random: Random) -> tuple[int, str, str]:
    """An event that a checkpoint covers: its key, its name, and the name of the first checkpoint over it."""
    last = checkpoints.latest()
    number = random.randrange(last.size)
    event = Event.objects.get(pk=Leaf.objects.get(number=number).event)
    return event.pk, _name(event), f"checkpoint {checkpoints.covering(event).number}"


def _name(event: Event) -> str:
    return f"{event.stream} {event.sequence}"


def swapped_sequences(honest: Honest, random: Random) -> Named:
    """Two events of one stream change places."""
    [[stream, first, second]] = random.sample(
        sql(
            "SELECT stream, sequence, sequence + 1 FROM history_event AS event WHERE EXISTS (SELECT FROM history_event"
            " AS next WHERE (next.stream, next.sequence) = (event.stream, event.sequence + 1)) ORDER BY 1, 2"
        ),
        1,
    )
    move = "UPDATE history_event SET sequence = %s WHERE stream = %s AND sequence = %s"
    for now, before in ((999, first), (first, second), (second, 999)):
        sql(move, now, stream, before)
    return f"{stream} {first}", f"{stream} {second}"


def swapped_leaves(honest: Honest, random: Random) -> Named:
    """Two places of the log are exchanged, and the tree above them made anew."""
    size = Leaf.objects.count()
    one, two = random.sample(range(size), 2)
    for now, before in ((-1, one), (one, two), (two, -1)):
        sql("UPDATE history_leaf SET number = %s WHERE number = %s", now, before)
    events = dict(Leaf.objects.values_list("event", "number"))
    first = min(one, two)
    found = Event.objects.get(pk=next(pk for pk, number in events.items() if number == first))
    covering = Checkpoint.objects.filter(size__gt=first).first()
    return _name(found), f"checkpoint {covering.number}"


def inserted(honest: Honest, random: Random) -> Named:
    """An event that was never written, at the end of a stream, and no place for it in the log."""
    event = record(Entry(stream="unit:30280", kind=kinds.UNIT_CHANGED, actor="system", data={"forged": 1}))
    sql("DELETE FROM history_unsealed WHERE event = %s", event.pk)
    return (_name(event),)


def inserted_between(honest: Honest, random: Random) -> Named:
    """An event put between two others: everything after it renumbered, and every hash made anew."""
    pk, _event, checkpoint = _sealed(random)
    stream, sequence = Event.objects.values_list("stream", "sequence").get(pk=pk)
    sql(
        "UPDATE history_event SET sequence = sequence + 1000000 WHERE stream = %s AND sequence >= %s",
        stream,
        sequence,
    )
    [[fresh]] = sql(
        "INSERT INTO history_event (stream, sequence, kind, at, legal_day, actor, behalf, post, role, unit, step, action,"
        " from_state, to_state, reason_code, content_digest, text_digest, data, automatic, request_id, previous, hash)"
        " SELECT stream, %s, kind, at, legal_day, actor, behalf, post, role, unit, step, action, from_state, to_state,"
        " reason_code, content_digest, '', data, automatic, request_id, previous, hash FROM history_event WHERE id = %s"
        " RETURNING id",
        sequence, pk,
    )  # fmt: skip
    [[number]] = sql("SELECT number FROM history_leaf WHERE event = %s", pk)
    sql("UPDATE history_leaf SET number = -number - 2 WHERE number >= %s", number)
    sql("UPDATE history_leaf SET number = -number - 1 WHERE number < 0")
    sql(
        "INSERT INTO history_leaf (number, event, hash) SELECT %s, %s, hash FROM history_event WHERE id = %s",
        number,
        fresh,
        fresh,
    )
    rebuild()
    return (checkpoint,)


def rewritten(honest: Honest, random: Random) -> Named:
    """Another actor from event k on, with every later hash, leaf, subtree and head made anew."""
    pk, _event, checkpoint = _sealed(random)
    sql("UPDATE history_event SET actor = 'forged' WHERE id = %s", pk)
    rebuild()
    return (checkpoint,)


def rewritten_name(honest: Honest, random: Random) -> Named:
    """Another name in a text, with a digest of its own and everything after it made anew."""
    [[pk]] = random.sample(
        sql("SELECT event FROM history_leaf JOIN history_event ON id = event WHERE text_digest <> '' AND number <"
            " (SELECT max(size) FROM history_checkpoint) ORDER BY number"), 1,
    )  # fmt: skip
    event = Event.objects.get(pk=pk)
    checkpoint = f"checkpoint {checkpoints.covering(event).number}"
    digest = text_digest("00", {"actor": "Nguyễn Văn Khác"})
    sql(
        "UPDATE history_eventtext SET salt = '00', body = jsonb_build_object('actor', 'Nguyễn Văn Khác'), digest = %s"
        " WHERE digest = %s",
        digest, event.text_digest,
    )  # fmt: skip
    sql("UPDATE history_event SET text_digest = %s WHERE id = %s", digest, pk)
    rebuild()
    return (checkpoint,)


def rewritten_without_checkpoints(honest: Honest, random: Random) -> Named:
    rewritten(honest, random)
    sql("DELETE FROM history_checkpoint")
    return WITNESS


def rewritten_and_signed(honest: Honest, random: Random) -> Named:
    """The first key replaced by the attacker's, the whole log made anew and signed with it."""
    rewritten(honest, random)
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    key = keys.Introduced(keys.fingerprint(public), public.hex())
    first, *later = Event.objects.filter(kind=kinds.LEDGER_KEY).order_by("sequence")
    Event.objects.filter(pk=first.pk).update(data=vars(key))
    for event in later:  # the hand-over becomes something harmless
        Event.objects.filter(pk=event.pk).update(kind=kinds.UNIT_CHANGED, data={}, actor="system")
    rebuild()
    for stored in Checkpoint.objects.all():
        _sign_anew(stored, private, key)
    return WITNESS


def cut_off(honest: Honest, random: Random) -> Named:
    """The tail of the log is gone, the checkpoints are not."""
    size = random.randrange(1, checkpoints.latest().size)
    _cut(size)
    rebuild()
    return (f"checkpoint {Checkpoint.objects.filter(size__gt=size).first().number}",)


def cut_off_with_checkpoints(honest: Honest, random: Random) -> Named:
    """The tail is gone with its checkpoints: what is kept outside tells."""
    size = random.randrange(1, checkpoints.latest().size)
    _cut(size)
    rebuild()
    sql("DELETE FROM history_checkpoint WHERE size > %s", size)
    return WITNESS


def old_backup(honest: Honest, random: Random) -> Named:
    """The ledger is as it was at an earlier checkpoint."""
    number = random.randrange(1, checkpoints.latest().number)
    _cut(Checkpoint.objects.get(number=number).size)
    rebuild()
    sql("DELETE FROM history_checkpoint WHERE number > %s", number)
    return (f"witness {number + 1}",)


def another_key_signs(honest: Honest, random: Random) -> Named:
    """A stored checkpoint is signed anew, by a key that the log does not know."""
    stored = random.choice(list(Checkpoint.objects.all()))
    _sign_anew(stored, Ed25519PrivateKey.generate(), None)
    return (f"checkpoint {stored.number}",)


def forged_checkpoint(honest: Honest, random: Random) -> Named:
    """One more checkpoint, of the right size and root, by another key under the fingerprint of the right one."""
    last = checkpoints.latest()
    made = Checkpoint.objects.create(**{**_columns(last), "number": last.number + 1})
    _sign_anew(made, Ed25519PrivateKey.generate(), keys.introduced()[-1])
    return (f"checkpoint {made.number}",)


def exchanged_checkpoints(honest: Honest, random: Random) -> Named:
    """The signature of one checkpoint stands under another."""
    one, two = random.sample(list(Checkpoint.objects.all()), 2)
    Checkpoint.objects.filter(pk=one.pk).update(signature=two.signature)
    return (f"checkpoint {one.number}",)


def forged_key(honest: Honest, random: Random) -> Named:
    """A key of the attacker's, introduced with a correct chain, signed by itself; and a checkpoint by it."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    before = keys.introduced()[-1].key
    signature = private.sign(keys.introduction(public.hex(), before)).hex()
    key = keys.Introduced(keys.fingerprint(public), public.hex(), before, signature)
    event = record(Entry(stream=keys.STREAM, kind=kinds.LEDGER_KEY, actor="system", data=vars(key)))
    log.seal()
    size = log.size()
    last = checkpoints.latest()
    columns = {**_columns(last), "number": last.number + 1, "size": size, "root": log.tree(size).root().hex()}
    _sign_anew(Checkpoint.objects.create(**columns), private, key)
    return (_name(event),)


def changed_key(honest: Honest, random: Random) -> Named:
    """A key in the log is not the one that it was, or no key at all."""
    event = random.choice(list(Event.objects.filter(kind=kinds.LEDGER_KEY).order_by("sequence")))
    data = random.choice(
        ({**event.data, "public": "no key"}, {**event.data, "public": "00" * 32}, {}, {"x": 1})
    )
    Event.objects.filter(pk=event.pk).update(data=data)
    return (_name(event),)


def unreadable(honest: Honest, random: Random) -> Named:
    """A moment that never comes: no program can read it."""
    pk, name, _checkpoint = _sealed(random)
    sql("UPDATE history_event SET at = 'infinity' WHERE id = %s", pk)
    return "log", name


def emptied(honest: Honest, random: Random) -> Named:
    """A text is emptied, and no event says so."""
    texts = sql("SELECT digest, stream || ' ' || sequence FROM history_eventtext JOIN history_event ON text_digest = digest ORDER BY history_event.id")  # fmt: skip
    digest, name = random.choice(texts)
    sql("UPDATE history_eventtext SET salt = '', body = '{}' WHERE digest = %s", digest)
    return (name,)


def exchanged_texts(honest: Honest, random: Random) -> Named:
    """Two events exchange their texts."""
    texts = sql("SELECT digest, salt, body::text, stream || ' ' || sequence FROM history_eventtext JOIN history_event ON text_digest = digest ORDER BY history_event.id")  # fmt: skip
    one, two = random.sample(texts, 2)
    for to, source in ((one, two), (two, one)):
        sql(
            "UPDATE history_eventtext SET salt = %s, body = %s::jsonb WHERE digest = %s",
            source[1],
            source[2],
            to[0],
        )
    return one[3], two[3]


def queued_twice(honest: Honest, random: Random) -> Named:
    """An event that has its place is told to wait for one: the sealer would stop at it."""
    pk, name, _checkpoint = _sealed(random)
    sql("INSERT INTO history_unsealed (event) VALUES (%s)", pk)
    return (name,)


def queued_nothing(honest: Honest, random: Random) -> Named:
    sql("INSERT INTO history_unsealed (event) VALUES (%s)", 10**6 + random.randrange(1000))
    return ("log",)


def _cut(size: int) -> None:
    sql("DELETE FROM history_event WHERE id IN (SELECT event FROM history_leaf WHERE number >= %s)", size)
    sql("DELETE FROM history_event WHERE id IN (SELECT event FROM history_unsealed)")
    sql("DELETE FROM history_unsealed")
    sql("DELETE FROM history_leaf WHERE number >= %s", size)


def _columns(stored: Checkpoint) -> dict:
    return {field.name: getattr(stored, field.name) for field in Checkpoint._meta.fields}


def _sign_anew(stored: Checkpoint, private: Ed25519PrivateKey, key: keys.Introduced | None) -> None:
    note = checkpoints.note_of(stored)
    root = log.tree(note.size).root().hex()
    note = replace(note, root=root, key=key.key if key else note.key, signature="")
    Checkpoint.objects.filter(pk=stored.pk).update(
        root=root, key=note.key, signature=private.sign(note.message()).hex()
    )


KINDS = {
    made.__name__.replace("_", " "): made
    for made in (
        swapped_sequences, swapped_leaves, inserted, inserted_between, rewritten, rewritten_name,
        rewritten_without_checkpoints, rewritten_and_signed, cut_off, cut_off_with_checkpoints, old_backup,
        another_key_signs, forged_checkpoint, exchanged_checkpoints, forged_key, changed_key, unreadable, emptied, exchanged_texts,
        queued_twice, queued_nothing,
    )
}  # fmt: skip

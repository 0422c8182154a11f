"""The search index follows the ledger in the order of its log, and can be made anew at any time.

The order of the log is that of commits: keys of events are not, and a cursor over keys would pass by an
event that was written early and committed late.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from audit import subjects, words
from audit.models import Entry, Indexed
from history import facts, kinds, log
from history.facts import Fact
from history.models import Leaf

BATCH = 1_000  # events in one transaction
ON_OPENING = 500  # events that the desk waits for when it is opened
COLUMNS = (
    "event", "at", "stream", "actor", "role", "unit", "kind", "action", "programme", "scope", "subject", "words",
)  # fmt: skip

_STORE = """
    INSERT INTO audit_entry
        (event, at, stream, actor, role, unit, kind, action, programme, scope_id, subject, words)
    SELECT event, at, stream, actor, role, unit, kind, action, programme, scope, subject,
        array_to_tsvector(string_to_array(words, ' '))
    FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
        %s::text[], %s::text[], %s::bigint[], %s::text[], %s::text[])
        AS fresh (event, at, stream, actor, role, unit, kind, action, programme, scope, subject, words)
    ON CONFLICT (event) DO UPDATE SET
        at = EXCLUDED.at, stream = EXCLUDED.stream, actor = EXCLUDED.actor, role = EXCLUDED.role,
        unit = EXCLUDED.unit, kind = EXCLUDED.kind, action = EXCLUDED.action, programme = EXCLUDED.programme,
        scope_id = EXCLUDED.scope_id, subject = EXCLUDED.subject, words = EXCLUDED.words
"""


def catch_up(at_most: int | None = None) -> int:
    """Index what has got its place in the log since the last time; return how many events.

    Only one indexer works at a time: another returns 0 at once.
    """
    if not _is_behind():
        return 0
    done = 0
    while at_most is None or done < at_most:
        size = BATCH if at_most is None else min(BATCH, at_most - done)
        count = _batch(size)
        done += count
        if count < size:
            break
    return done


def _is_behind() -> bool:
    """Whether the log has places that were not indexed yet; without a lock, which one statement need not take."""
    return Indexed.objects.filter(Exists(Leaf.objects.filter(number__gte=OuterRef("leaves")))).exists()


def follow() -> int:
    """Seal what is committed, then index it; return how many events were indexed."""
    log.seal()
    return catch_up()


def anew() -> int:
    """Make the index anew from the ledger; return how many events it holds. Waits for an indexer at work."""
    with transaction.atomic():
        Indexed.objects.select_for_update().update(leaves=0)
        Entry.objects.all().delete()
    return follow()


def again(names: Iterable[tuple[str, int]]) -> None:
    """Index events (stream and sequence) once more, since the text of one was erased."""
    found = facts.by_key(facts.keys_of(names))
    known = set(Entry.objects.filter(event__in=found).values_list("event", flat=True))
    _store({key: fact for key, fact in found.items() if key in known})


def rows(found: Mapping[int, Fact]) -> list[tuple[Any, ...]]:
    """Return the row of each event as the index has to hold it: `COLUMNS`, the words with blanks between them."""
    about, names = subjects.about(found.values()), subjects.names(found.values())
    return [
        (
            key, fact.at, fact.stream, fact.actor, fact.role, fact.unit, fact.kind, fact.action, it.programme,
            it.scope, subjects.subject_of(fact), words.of(fact, it.reference, names.get(fact.content_digest, ())),
        )
        for (key, fact), it in zip(found.items(), about, strict=True)
    ]  # fmt: skip


@transaction.atomic
def _batch(size: int) -> int:
    reached = Indexed.objects.select_for_update(skip_locked=True).first()
    if reached is None:
        return 0
    found, after = facts.in_places(reached.leaves, size)
    if after == reached.leaves:
        return 0
    _store(found)
    again((f.data["stream"], f.data["sequence"]) for f in found.values() if f.kind == kinds.TEXT_ERASED)
    _move(found.values())
    count, reached.leaves = after - reached.leaves, after
    reached.save(update_fields=["leaves"])
    return count


def _store(found: Mapping[int, Fact]) -> None:
    """Write the rows of these events; those that are there are written over."""
    if found:
        with connection.cursor() as cursor:
            cursor.execute(_STORE, [list(column) for column in zip(*rows(found), strict=True)])


def _move(found: Collection[Fact]) -> None:
    """A file that was handed over belongs to another unit, with all that had happened to it; so does a code used again."""
    moved = [fact for fact in found if fact.action == "hand_over"]
    for fact, about in zip(moved, subjects.about(moved), strict=True):
        Entry.objects.filter(subject=fact.stream).update(scope=about.scope)
    codes = {code for code in map(subjects.dated_code, found) if code}
    bearing = Entry.objects.filter(subjects.by_code(), unit__in=codes).values_list("event", flat=True)
    _store(facts.by_key(bearing) if codes else {})

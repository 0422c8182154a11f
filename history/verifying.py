"""Is the ledger still what was written? Chains, gaps, texts, the tree, the checkpoints, the witness."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import psycopg
from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from psycopg.abc import Buffer
from psycopg.types.json import JsonbLoader

from history import checkpoints, kept, keys, kinds, log
from history.envelope import COLUMNS, event_hash, rows_sql, text_digest
from history.merkle import Growing
from history.models import Checkpoint, Event, Leaf
from history.notes import Kept
from history.report import Report
from history.snapshot import snapshot

CHUNK = 2_000  # rows of one fetch
UNREADABLE = object()

KIND, PREVIOUS, SEQUENCE, STREAM, TEXT, DATA = (
    COLUMNS.index(name) for name in ("kind", "previous", "sequence", "stream", "text_digest", "data")
)
_EVENT = f"event.hash, text.salt, text.body, {rows_sql('event')}"
_IN_THE_LOG = f"""
    SELECT leaf.number, leaf.hash, {_EVENT} FROM history_leaf AS leaf
    LEFT JOIN history_event AS event ON event.id = leaf.event
    LEFT JOIN history_eventtext AS text ON text.digest = event.text_digest
    WHERE leaf.number >= %s ORDER BY leaf.number
"""  # noqa: S608 (the columns are ours)
_NOT_IN_THE_LOG = f"""
    SELECT EXISTS (SELECT FROM history_unsealed AS waits WHERE waits.event = event.id), {_EVENT}
    FROM history_event AS event
    LEFT JOIN history_eventtext AS text ON text.digest = event.text_digest
    WHERE NOT EXISTS (SELECT FROM history_leaf AS leaf WHERE leaf.event = event.id) ORDER BY event.id
"""  # noqa: S608


class _Json(JsonbLoader):
    """Reads a column of JSON fast; one that nobody can read becomes what has no canonical form."""

    def load(self, data: Buffer) -> Any:
        try:
            return orjson.loads(data)
        except orjson.JSONDecodeError:
            return UNREADABLE


def verify(
    since: Checkpoint | None = None, outside: Kept | None = None, report: Report | None = None
) -> Report:
    """Check every event, or those after the checkpoint `since` that was found good before; reads only.

    One snapshot of the database is read, while others go on writing; `outside`, what is kept outside, is read
    before it, so that it is never younger: whoever opens the snapshot around this has to bring it along.
    What is found is added to `report`, a new one without it.
    """
    outside = outside or checkpoints.kept_outside()
    with snapshot():
        return _Verification(since, outside, report or Report()).run()


@dataclass
class _Head:
    sequence: int = 0
    hash: str = ""


class _Verification:
    """One walk over the log; what it has seen so far."""

    def __init__(self, since: Checkpoint | None, outside: Kept, report: Report):
        self.since = since
        self.outside = outside.notes
        self.start = since.size if since else 0
        self.report = report
        for line in outside.unreadable:
            self.report.fault(_("witness file, line %(line)s") % {"line": line}, _("cannot be read"))
        self.heads: dict[str, _Head] = {}
        self.keys: list[keys.Introduced] = []
        self.erased: set[str] | None = None

    def run(self) -> Report:
        growing = Growing()
        if self.since:
            try:
                growing = log.tree(self.start)
            except LookupError as error:
                self.report.fault("log", str(error))
                return self.report
            if growing.root().hex() != self.since.root:
                self.report.fault(
                    f"checkpoint {self.since.number}",
                    _("the stored tree does not lead to the root that was signed"),
                )
                return self.report
            self.keys = _keys_before(self.start)
        try:
            self._walk(growing)
        except psycopg.DataError as error:  # such as a moment that never comes
            self.report.fault("log", _("holds what cannot be read: %(error)s") % {"error": error})
            return self.report
        self.report.size = growing.size
        self._after_the_log()
        ends = {stream: (head.sequence, head.hash) for stream, head in self.heads.items()}
        for where, what in kept.faults(ends, self.start, growing.size):
            self.report.fault(where, what)
        return self.report

    def _walk(self, growing: Growing) -> None:
        """The events in the order of the log, with the checkpoints between them."""
        number_before = self.since.number if self.since else 0
        stored_notes = Checkpoint.objects.filter(number__gt=number_before).order_by("number")
        due = [(f"checkpoint {item.number}", checkpoints.note_of(item)) for item in stored_notes]
        stored = {note.number for _where, note in due}
        for before, (where, note) in enumerate(due, start=number_before):
            if note.number != before + 1:
                self.report.fault(
                    where, _("follows %(before)s: checkpoints are missing") % {"before": before}
                )
                break
        due += [(f"witness {note.number}", note) for note in self.outside if note.size >= self.start]
        due.sort(key=lambda item: item[1].size)
        due = self._judge(growing, due)
        for number, leaf, told, salt, body, *values in _rows(_IN_THE_LOG, [self.start]):
            while growing.size < number:  # nothing after a missing place can lead to a signed root
                self.report.fault(f"log {growing.size}", _("this place of the log is missing"))
                growing.add(b"")
            growing.add(leaf)
            if told is None:
                self.report.fault(f"log {number}", _("the event of this place is missing"))
            else:
                if told != leaf:
                    self.report.fault(_name(values), _("the log holds another hash of this event"))
                self._event(values, told, salt, body)
            if due and due[0][1].size == growing.size:
                due = self._judge(growing, due)
        for where, note in due:
            told = {"size": note.size, "end": growing.size}
            self.report.fault(where, _("signs %(size)s events, the log ends at %(end)s") % told)
        for number in sorted({note.number for note in self.outside if note.size <= growing.size} - stored):
            if number > number_before:
                self.report.fault(f"checkpoint {number}", _("is kept outside, and not stored any more"))

    def _judge(
        self, growing: Growing, due: list[tuple[str, checkpoints.Note]]
    ) -> list[tuple[str, checkpoints.Note]]:
        """The checkpoints of the size reached, stored and kept outside: root, key and signature."""
        while due and due[0][1].size <= growing.size:
            where, note = due.pop(0)
            if (note.size, note.root) != (growing.size, growing.root().hex()):
                self.report.fault(
                    where, _("%(size)s events do not lead to the root that was signed") % {"size": note.size}
                )
            self._signature(where, note)
        return due

    def _signature(self, where: str, note: checkpoints.Note) -> None:
        if note.log != settings.LEDGER_NAME:
            self.report.fault(where, _("signs another log: %(log)s") % {"log": note.log})
        if not self.keys or self.keys[-1].key != note.key:
            self.report.fault(where, _("is not signed by the key in force"))
        elif not keys.is_signed(self.keys[-1].public, note.signature, note.message()):
            self.report.fault(where, _("the signature is not right"))

    def _event(self, values: list[Any], stored: bytes, salt: str | None, body: Any) -> None:
        self.report.events += 1
        stream, sequence = values[STREAM], values[SEQUENCE]
        head = self.heads.get(stream)
        if head is None:
            head = self.heads[stream] = self._before(stream, sequence)
        if _computed(event_hash, values) != stored:
            self.report.fault(_name(values), _("the columns do not lead to the hash"))
        if sequence != head.sequence + 1:
            self.report.fault(
                _name(values),
                _("follows %(before)s in its stream: some are missing or moved") % {"before": head.sequence},
            )
        if values[PREVIOUS] != head.hash:
            self.report.fault(_name(values), _("does not continue the event before it in its stream"))
        head.sequence, head.hash = sequence, stored.hex()
        if values[KIND] == kinds.LEDGER_KEY:
            self._key(values)
        if values[KIND] not in kinds.KINDS:
            self.report.fault(_name(values), _("is of an unknown kind: %(kind)s") % {"kind": values[KIND]})
        if values[TEXT]:
            self._text(values, salt, body)

    def _key(self, values: list[Any]) -> None:
        try:
            key = keys.Introduced(**values[DATA])
            what = keys.fault_of(self.keys[-1] if self.keys else None, key)
        except (TypeError, ValueError):
            self.report.fault(_name(values), _("does not describe a key"))
            return
        if what:
            self.report.fault(_name(values), what)
        self.keys.append(key)

    def _text(self, values: list[Any], salt: str | None, body: Any) -> None:
        if salt is None:
            self.report.fault(_name(values), _("its text is missing"))
        elif salt and _computed(text_digest, salt, body) != values[TEXT]:
            self.report.fault(
                _name(values), _("its text (names, positions, reasons) is not what was written")
            )
        elif not salt and (body or values[TEXT] not in self._erased()):
            self.report.fault(_name(values), _("its text was emptied, and no event says so"))

    def _erased(self) -> set[str]:
        """What the events say was erased, asked once and only if anything is empty."""
        if self.erased is None:
            rows = Event.objects.filter(kind=kinds.TEXT_ERASED).values_list("data__text", flat=True)
            self.erased = set(rows)
        return self.erased

    def _before(self, stream: str, sequence: int) -> _Head:
        """Where a stream stood at the checkpoint from which this verification goes on."""
        if not self.since or sequence == 1:
            return _Head()
        last = (
            Event.objects.filter(stream=stream, sequence=sequence - 1).values_list("hash", flat=True).first()
        )
        return _Head(sequence - 1, bytes(last).hex()) if last else _Head()

    def _after_the_log(self) -> None:
        """The events that wait for their place, and those that neither have one nor wait for it."""
        for waits, stored, salt, body, *values in _rows(_NOT_IN_THE_LOG, []):
            if not waits:
                self.report.fault(_name(values), _("has no place in the log and does not wait for one"))
            self._event(values, stored, salt, body)


def _keys_before(size: int) -> list[keys.Introduced]:
    leaves = Leaf.objects.filter(number__lt=size, event=OuterRef("pk"))
    rows = Event.objects.filter(Exists(leaves), stream=keys.STREAM, kind=kinds.LEDGER_KEY).order_by(
        "sequence"
    )
    return [keys.Introduced(**data) for data in rows.values_list("data", flat=True)]


def _rows(sql: str, values: list[Any]) -> Iterator[Sequence[Any]]:
    """Yield rows as psycopg reads them, a chunk at a time, from a cursor of the server's."""
    connection.ensure_connection()
    with connection.connection.cursor(name=f"verify_{uuid.uuid4().hex}") as cursor:
        cursor.itersize = CHUNK
        cursor.adapters.register_loader("jsonb", _Json)  # Django leaves it as text
        cursor.execute(sql, values)
        yield from cursor


def _computed(hashed: Callable[..., Any], *values: Any) -> Any:
    """The hash of what was read; None for what has no canonical form."""
    try:
        return hashed(*values)
    except (TypeError, ValueError):
        return None


def _name(values: Sequence[Any]) -> str:
    return f"{values[STREAM]} {values[SEQUENCE]}"

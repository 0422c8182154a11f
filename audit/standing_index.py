"""The search index holds every event of the log up to where it has come, as the ledger tells it, and no other."""

from django.db import DataError, connection
from django.utils.translation import gettext as _

from audit import indexing, subjects
from audit.models import Entry, Indexed
from history import facts, log
from history.facts import Fact
from history.report import Report

BROKEN = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
)  # an event that was changed may lack what is read of it
MOVING = ("scope", "words")  # of an entry: what later events change
_OF_NO_EVENT = """
    SELECT entry.event FROM audit_entry AS entry
    LEFT JOIN history_leaf AS leaf ON leaf.event = entry.event AND leaf.number < %s
    WHERE leaf.number IS NULL ORDER BY entry.event
"""


def check(report: Report) -> None:
    """Add to `report` what the search index hides, invents or tells otherwise."""
    reached = Indexed.objects.first()
    if reached is None or reached.leaves > log.size():
        report.fault("index", _("it does not say how far it has come in the log"))
        return
    try:
        _StandingIndex(report, reached.leaves).run()
    except (DataError, *BROKEN) as error:  # such as a moment that never comes
        report.fault("log", str(error))


class _StandingIndex:
    """One walk over the log beside the index, a batch at a time."""

    def __init__(self, report: Report, reached: int):
        self.fault, self.reached = report.fault, reached
        self.unsettled = _unsettled(reached)

    def run(self) -> None:
        place = 0
        while place < self.reached:
            found, place = facts.in_places(place, min(indexing.BATCH, self.reached - place))
            self._batch(found)
        with connection.cursor() as cursor:
            cursor.execute(_OF_NO_EVENT, [self.reached])
            for (event,) in cursor.fetchall():
                self.fault(f"index {event}", _("no event of the log stands behind this entry"))

    def _batch(self, found: dict[int, Fact]) -> None:
        try:
            wanted = indexing.rows(found)
        except BROKEN as error:
            self._narrow(found, error)
            return
        stored = {row[0]: row for row in Entry.objects.filter(event__in=found).values_list(*indexing.COLUMNS)}
        for (key, fact), row in zip(found.items(), wanted, strict=True):
            if key not in stored:
                self.fault(fact.name, _("the search index does not hold it"))
            else:
                self._compare(fact, row, stored[key])

    def _narrow(self, found: dict[int, Fact], error: Exception) -> None:
        """Find the events of a batch that nobody could index."""
        keys = list(found)
        if len(keys) == 1:
            what = {"what": error}
            self.fault(found[keys[0]].name, _("the event lacks what its kind has to say (%(what)s)") % what)
            return
        for half in (keys[: len(keys) // 2], keys[len(keys) // 2 :]):
            self._batch({key: found[key] for key in half})

    def _compare(self, fact: Fact, wanted: tuple, stored: tuple) -> None:
        *columns, words = zip(indexing.COLUMNS, wanted, stored, strict=True)
        other = [name for name, want, have in columns if want != have]
        if set(words[1].split()) != {word.strip("'") for word in words[2].split()}:
            other.append(words[0])
        if {fact.stream, fact.unit, subjects.subject_of(fact)} & self.unsettled:
            other = [name for name in other if name not in MOVING]
        if other:
            what = {"what": ", ".join(other)}
            self.fault(fact.name, _("the search index tells it otherwise: %(what)s") % what)


def _unsettled(reached: int) -> set[str]:
    """The streams and codes about which something happened that the index has not come to yet.

    A file that is handed over, a text that is erased and a unit with new days change entries of what was before.
    """
    found = {""}
    for fact in facts.beyond(reached):
        found |= {subjects.subject_of(fact), subjects.dated_code(fact)}
    return found - {""}

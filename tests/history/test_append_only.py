"""What happened cannot be changed or emptied: the database itself refuses, whoever asks."""

import pytest
from django.db import ProgrammingError, connection, transaction

from history import checkpoints
from history.ledger import Entry, record
from history.models import Checkpoint, Event, EventText

pytestmark = pytest.mark.django_db

TABLES = {
    "history_event": "action",
    "history_eventtext": "salt",
    "history_leaf": "hash",
    "history_node": "hash",
    "history_checkpoint": "root",
}


@pytest.fixture
def event():
    event = record(Entry(stream="unit:1", kind="unit.created", actor="system", text={"name": "Sở Nội vụ"}))
    checkpoints.make()
    return event


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "verb", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}", "TRUNCATE {} CASCADE"]
)
def test_the_database_refuses(event, table, verb):
    column = TABLES[table]
    with (
        pytest.raises(ProgrammingError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb.format(table, column, column))
    assert (Event.objects.count(), EventText.objects.count(), Checkpoint.objects.count()) == (2, 1, 1)


def test_the_models_are_refused_too(event):
    event.action = "other"
    for attempt in (event.save, event.delete, Event.objects.all().delete, EventText.objects.all().delete):
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            attempt()


def test_history_points_at_nothing_that_could_take_it_along():
    relations = [f for model in (Event, EventText) for f in model._meta.get_fields() if f.is_relation]
    assert relations == []

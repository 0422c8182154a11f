"""What happened cannot be changed or emptied: the database itself refuses, whoever asks."""

import pytest
from django.db import ProgrammingError, connection, transaction

from history.ledger import Entry, record
from history.models import Event, EventText

pytestmark = pytest.mark.django_db

TABLES = ("history_event", "history_eventtext")


@pytest.fixture
def event():
    return record(Entry(stream="unit:1", kind="unit.created", actor="system", text={"name": "Sở Nội vụ"}))


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "verb", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}", "TRUNCATE {} CASCADE"]
)
def test_the_database_refuses(event, table, verb):
    column = "action" if table == "history_event" else "salt"
    with (
        pytest.raises(ProgrammingError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb.format(table, column, column))
    assert Event.objects.count() == EventText.objects.count() == 1


def test_the_models_are_refused_too(event):
    event.action = "other"
    for attempt in (event.save, event.delete, Event.objects.all().delete, EventText.objects.all().delete):
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            attempt()


def test_history_points_at_nothing_that_could_take_it_along():
    relations = [f for model in (Event, EventText) for f in model._meta.get_fields() if f.is_relation]
    assert relations == []

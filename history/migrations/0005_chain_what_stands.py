"""Events of before the chain get their hashes, in the order of their sequences, and their place in the queue."""

from django.db import migrations

from history.envelope import COLUMNS, event_hash


def chain(apps, schema_editor):
    Event, StreamHead = apps.get_model("history", "Event"), apps.get_model("history", "StreamHead")
    if not Event.objects.exists():
        return
    execute = schema_editor.execute
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    execute("ALTER TABLE history_event DISABLE TRIGGER history_event_append_only")
    heads = {}
    for event in Event.objects.order_by("stream", "sequence").iterator(2000):
        event.previous = heads[event.stream].hex() if event.stream in heads else ""
        heads[event.stream] = event_hash([getattr(event, name) for name in COLUMNS])
        Event.objects.filter(pk=event.pk).update(previous=event.previous, hash=heads[event.stream])
    for stream, last in heads.items():
        StreamHead.objects.filter(stream=stream).update(hash=last)
    execute("ALTER TABLE history_event ENABLE TRIGGER history_event_append_only")
    execute("INSERT INTO history_unsealed (event) SELECT id FROM history_event ON CONFLICT DO NOTHING")


class Migration(migrations.Migration):
    dependencies = [("history", "0004_append_only_log")]
    operations = [migrations.RunPython(chain, migrations.RunPython.noop)]

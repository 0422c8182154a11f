"""The log is append-only as the events are; each new event waits for its place in it."""

from django.db import migrations

TABLES = ("history_leaf", "history_node", "history_checkpoint")

REFUSE = "".join(
    f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION history_refuse();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION history_refuse();
"""
    for table in TABLES
)
ALLOW = "".join(
    f"DROP TRIGGER {table}_no_truncate ON {table}; DROP TRIGGER {table}_append_only ON {table};"
    for table in TABLES
)

QUEUE = """
CREATE FUNCTION history_queue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO history_unsealed (event) SELECT id FROM fresh;
    RETURN NULL;
END
$$;
CREATE TRIGGER history_event_queue AFTER INSERT ON history_event
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION history_queue();
"""
UNQUEUE = "DROP TRIGGER history_event_queue ON history_event; DROP FUNCTION history_queue();"

# A text may be emptied by law, once an event says so; it is never rewritten.
ERASE = """
CREATE FUNCTION history_erase_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.digest = OLD.digest AND NEW.salt = '' AND NEW.body = '{}'::jsonb
       AND EXISTS (SELECT FROM history_event WHERE kind = 'text.erased' AND data->>'text' = OLD.digest)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'history is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;
DROP TRIGGER history_eventtext_append_only ON history_eventtext;
CREATE TRIGGER history_eventtext_append_only BEFORE UPDATE OR DELETE ON history_eventtext
    FOR EACH ROW EXECUTE FUNCTION history_erase_only();
"""
NO_ERASE = """
DROP TRIGGER history_eventtext_append_only ON history_eventtext;
CREATE TRIGGER history_eventtext_append_only BEFORE UPDATE OR DELETE ON history_eventtext
    FOR EACH ROW EXECUTE FUNCTION history_refuse();
DROP FUNCTION history_erase_only();
"""


class Migration(migrations.Migration):
    dependencies = [("history", "0003_log")]
    operations = [
        migrations.RunSQL(REFUSE, ALLOW),
        migrations.RunSQL(QUEUE, UNQUEUE),
        migrations.RunSQL(ERASE, NO_ERASE),
    ]

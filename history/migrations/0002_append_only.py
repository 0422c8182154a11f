"""The database itself refuses to change or to empty what happened."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION history_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER history_event_append_only BEFORE UPDATE OR DELETE ON history_event
    FOR EACH ROW EXECUTE FUNCTION history_refuse();
CREATE TRIGGER history_event_no_truncate BEFORE TRUNCATE ON history_event
    FOR EACH STATEMENT EXECUTE FUNCTION history_refuse();
CREATE TRIGGER history_eventtext_append_only BEFORE UPDATE OR DELETE ON history_eventtext
    FOR EACH ROW EXECUTE FUNCTION history_refuse();
CREATE TRIGGER history_eventtext_no_truncate BEFORE TRUNCATE ON history_eventtext
    FOR EACH STATEMENT EXECUTE FUNCTION history_refuse();
"""

ALLOW = """
DROP TRIGGER history_eventtext_no_truncate ON history_eventtext;
DROP TRIGGER history_eventtext_append_only ON history_eventtext;
DROP TRIGGER history_event_no_truncate ON history_event;
DROP TRIGGER history_event_append_only ON history_event;
DROP FUNCTION history_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("history", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]

# Time limits and calendar in one question, which holds the calendar for the length of the transaction.
from django.db import migrations

# plpgsql and volatile on purpose: what is read after the lock is what was committed before it.
FUNCTION = """
CREATE FUNCTION nominations_clock_tables(on_day date, OUT limits json, OUT days json) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock_shared(6820418) THEN
        RAISE EXCEPTION 'the calendar of working days is being changed' USING ERRCODE = 'lock_not_available';
    END IF;
    SELECT json_agg(row_to_json(policy)) INTO limits FROM nominations_deadlinepolicy AS policy
     WHERE valid_from <= on_day AND (valid_to IS NULL OR valid_to > on_day);
    SELECT json_agg(json_build_array(day, kind)) INTO days FROM nominations_calendarday;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("nominations", "0021_the_laws_clock")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION nominations_clock_tables(date)"),
    ]

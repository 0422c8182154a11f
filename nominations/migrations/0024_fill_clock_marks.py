# Clocks that run already: they began with the stay, and are looked at once to find what is to be told next.
from django.db import migrations

FILL = """
UPDATE {table} SET clock_since = since, remind_on = CASE WHEN due IS NOT NULL THEN clock_from END
 WHERE deadline_id IS NOT NULL;
"""
TABLES = ("nominations_nomination", "nominations_awarddecision")


class Migration(migrations.Migration):
    dependencies = [("nominations", "0023_clock_marks")]

    operations = [
        migrations.RunSQL("".join(FILL.format(table=table) for table in TABLES), migrations.RunSQL.noop)
    ]

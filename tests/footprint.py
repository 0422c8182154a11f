"""What the whole database holds, in one statement: a refusal must leave it as it was."""

from django.apps import apps
from django.db import connection


def footprint() -> dict[str, str]:
    """Return, for each table, how many rows it holds and a digest of them all."""
    models = apps.get_models(include_auto_created=True)
    tables = sorted({model._meta.db_table for model in models if model._meta.managed})
    parts = [
        f"SELECT '{table}', count(*) || ' ' || coalesce(md5(string_agg(r::text, '|' ORDER BY r::text)), '') "
        f'FROM "{table}" r'
        for table in tables
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


def statements(captured) -> list[str]:
    """The statements that do work: beginning, ending and savepoints of transactions left out."""
    words = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
    return [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(words)]

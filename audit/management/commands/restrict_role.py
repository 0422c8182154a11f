"""`manage.py restrict_role NAME`: let the application's database role write history, and never rewrite it."""

import re
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

# What the role may do with each table of the ledger and of what was verified; with every other table of ours it may do everything.
LEDGER = {
    "history_event": "SELECT, INSERT",
    "history_eventtext": "SELECT, INSERT, UPDATE (salt, body)",  # lawful erasure; the trigger asks for its event
    "history_leaf": "SELECT, INSERT",
    "history_node": "SELECT, INSERT",
    "history_checkpoint": "SELECT, INSERT",
    "history_streamhead": "SELECT, INSERT, UPDATE",
    "history_unsealed": "SELECT, INSERT, DELETE",
    "audit_verification": "SELECT, INSERT",
    "django_migrations": "SELECT",
}


class Command(BaseCommand):
    help = (
        "Give an existing database role what the application needs, and no more: run as the owner of the tables "
        "after every migration. The role cannot switch off triggers, nor change, delete or truncate history."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="an existing role that may log in and owns nothing")
        parser.add_argument("--dry-run", action="store_true", help="only print the statements")

    def handle(self, *args: Any, role: str, dry_run: bool, **options: Any) -> None:
        if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", role):
            raise CommandError("A role's name has lower-case letters, digits and underscores.")
        statements = list(self._statements(role))
        for statement in statements:
            self.stdout.write(statement + ";")
        if dry_run:
            return
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [role])
            found = cursor.fetchone()
            if found is None or found[0]:
                raise CommandError(
                    "The role does not exist, or it is a superuser: make one that may only log in."
                )
            for statement in statements:
                cursor.execute(statement)

    def _statements(self, role: str) -> list[str]:
        tables = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)})
        return [
            f"GRANT USAGE ON SCHEMA public TO {role}",
            f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            *(
                f"GRANT {LEDGER.get(table, 'SELECT, INSERT, UPDATE, DELETE')} ON {table} TO {role}"
                for table in sorted({*tables, *LEDGER})
            ),
        ]

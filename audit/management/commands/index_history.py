"""`manage.py index_history [--anew]`: bring the auditor's search index up to the ledger."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from audit import indexing


class Command(BaseCommand):
    help = "Index what happened since the last time; with --anew everything, from the ledger alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anew", action="store_true", help="empty the index first")

    def handle(self, *args: Any, anew: bool, **options: Any) -> None:
        count = indexing.anew() if anew else indexing.follow()
        self.stdout.write(_("%(count)s events indexed.") % {"count": count})

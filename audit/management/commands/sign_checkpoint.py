"""`manage.py sign_checkpoint`: sign the ledger as it stands, now."""

from typing import Any

from django.core.management.base import BaseCommand

from history import checkpoints
from history.canonical import written


class Command(BaseCommand):
    help = "Seal what is committed, sign the log, and print the checkpoint and its short code."

    def handle(self, *args: Any, **options: Any) -> None:
        made = checkpoints.make(always=True)
        assert made is not None, "always"
        self.stdout.write(written(vars(checkpoints.note_of(made))))
        self.stdout.write(checkpoints.short_code(made.root))

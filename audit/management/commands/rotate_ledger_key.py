"""`manage.py rotate_ledger_key`: hand over to a new signing key, signed by the old one."""

from typing import Any

from django.core.management.base import BaseCommand

from history import checkpoints, keys


class Command(BaseCommand):
    help = "Make a new key, let the old one sign it into the log, and sign a checkpoint with the new one."

    def handle(self, *args: Any, **options: Any) -> None:
        checkpoints.make()
        self.stdout.write(keys.rotate(by="console"))
        checkpoints.make()

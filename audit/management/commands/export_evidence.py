"""`manage.py export_evidence NOMINATION|DECISION|all`: one ZIP that an outsider can check."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from audit import files
from audit.evidence.choosing import EVERYTHING, Subject, subject_of
from audit.evidence.exporting import export
from history import checkpoints


class Command(BaseCommand):
    help = "Write the evidence of a file, a decision or everything into one ZIP with what checks it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "subject", help="uid or number of a file (HS-…) or decision (DT-…, or NUMBER/YEAR), or “all”"
        )
        parser.add_argument("--out", type=Path, help="the ZIP to write (default: chung-cu-….zip here)")
        parser.add_argument("--digests-only", action="store_true", help="without the bytes of the documents")

    def handle(self, *args: Any, **options: Any) -> None:
        subject = self._subject(options["subject"])
        path = options["out"] or Path(f"chung-cu-{subject.reference or 'toan-bo'}.zip")
        partial = path.with_name(f"{path.name}.part")
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600)  # personal data: its owner's alone
        try:
            with partial.open("w+b") as file:
                done = export(subject, file, by=None, attachments=not options["digests_only"])
            partial.replace(path)
        except RuntimeError as error:
            raise CommandError(str(error)) from error
        finally:
            partial.unlink(missing_ok=True)
        code = checkpoints.short_code(done.checkpoint.root)
        self.stdout.write(f"{path}\nsha256 {done.sha256}\n{done.checkpoint.key}\n{code}")

    def _subject(self, text: str) -> Subject:
        if text == EVERYTHING.about:
            return EVERYTHING
        row = files.named(text)
        if row is None:
            raise CommandError(
                _("No file or decision has this number or identity: %(text)s.") % {"text": text}
            )
        return subject_of(row)

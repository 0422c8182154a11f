"""`manage.py verify_history`: is the ledger what was written, and was everything allowed? Exit code 0 or 1."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from audit import verification


class Command(BaseCommand):
    help = (
        "Verify the ledger: chains, log, checkpoints, contents, documents, tables; with --replay every act."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--replay", action="store_true", help="judge every event again by the law of its second"
        )
        parser.add_argument(
            "--incremental", action="store_true", help="only what came after the last checkpoint found good"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        kept, report = verification.run(full=not options["incremental"], replayed=options["replay"])
        for fault in report.faults:
            self.stderr.write(f"{fault}")
        if report.count > len(report.faults):
            self.stderr.write(_("… and %(count)s more") % {"count": report.count - len(report.faults)})
        said = {
            "events": kept.events,
            "size": kept.size,
            "seconds": f"{kept.seconds:.1f}",
            "count": kept.count,
        }
        self.stdout.write(
            _("%(events)s events, %(size)s of them in the log, verified in %(seconds)s s: %(count)s faults.")
            % said
        )
        if kept.console:
            told = _(
                "%(count)s posts, accounts and units were changed by whoever runs the server, not by an officer."
            )
            self.stdout.write(told % {"count": kept.console})
        if report.count:
            raise SystemExit(1)

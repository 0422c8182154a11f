"""Compare the grants with the posts, their roles and the delegations, and put right what differs, as often as one likes."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from permissions import reconcile, reconcile_delegations


class Command(BaseCommand):
    help = "List the grants that differ from their posts and roles, and put them right."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only list; exit with 1 if there are any")

    def handle(self, *args: Any, check: bool, verbosity: int, **options: Any) -> None:
        drifts = reconcile.find()
        lent = reconcile_delegations.find()
        if verbosity:
            for drift in (*drifts, *lent):
                self.stdout.write(str(drift))
        if check:
            if drifts or lent:
                sys.exit(1)
            return
        mended = reconcile.mend(drifts) + reconcile_delegations.mend()
        if mended or verbosity:
            self.stdout.write(_("Grants put right: %(count)s.") % {"count": mended})

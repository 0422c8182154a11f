"""List the open files that nobody can move, each with its gap."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from workflows import stuck


class Command(BaseCommand):
    help = "List the open nominations and decisions that nobody may move today, and why. Exit code 1 if any."

    def handle(self, *args, **options):
        gaps = stuck.report()
        for gap in gaps:
            state = gap.subject.get_state_display()
            self.stdout.write(f"{gap.subject.reference}\t{state}\t{gap.subject.holder}\t{gap.sentence}")
        if gaps:
            raise SystemExit(1)
        self.stdout.write(_("Every open file has somebody who may act on it."))

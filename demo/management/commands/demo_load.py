"""Load the demo: units, programme, people, sample files. As often as one likes."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from demo import people, samples


class Command(BaseCommand):
    help = "Load the demo's units, programme, people and files; what exists is left alone."

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError(_("The demo is off: set DEMO=1 to load it."))
        call_command("load_units", stdout=self.stdout)
        call_command("load_programme", stdout=self.stdout)
        counts = {"people": people.load(), "files": samples.load()}
        self.stdout.write(_("Demo: %(people)s people and %(files)s files are new.") % counts)

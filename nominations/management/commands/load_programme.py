"""Load the programme, its rules, rounds and routes from the file in the repository; once."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand

from nominations.programmes import load

DEFAULT = Path(__file__).parents[2] / "data" / "programme.json"


class Command(BaseCommand):
    help = "Load a programme with its rules, rounds and routes; what exists is left alone."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, default=DEFAULT)

    def handle(self, *args, file: Path, **options):
        programme = load(json.loads(file.read_text(encoding="utf-8")))
        self.stdout.write(f"{programme.code}: {programme.rounds.count()} rounds")

"""Load the programme with its rules, rounds and routes, the time limits and the calendar, from the repository's files; once."""

import csv
import json
from pathlib import Path

from django.core.management.base import BaseCommand

from nominations import calendar_days, time_limits
from nominations.programmes import load

DATA = Path(__file__).parents[2] / "data"
DEFAULT = DATA / "programme.json"


class Command(BaseCommand):
    help = "Load a programme with its rules, rounds and routes; what exists is left alone."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, default=DEFAULT)

    def handle(self, *args, file: Path, **options):
        programme = load(json.loads(file.read_text(encoding="utf-8")))
        time_limits.load(json.loads((DATA / "deadlines.json").read_text(encoding="utf-8"))["limits"])
        with (DATA / "calendar.csv").open(encoding="utf-8", newline="") as rows:
            calendar_days.load(csv.DictReader(rows))
        self.stdout.write(f"{programme.code}: {programme.rounds.count()} rounds")

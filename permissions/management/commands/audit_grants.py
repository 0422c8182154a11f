"""List what can whom do, where, since when and by whom, on a legal day."""

import csv
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from history import clock
from permissions import audit
from permissions.catalogue import ROLES, Right
from permissions.models import Officer, Unit


class Command(BaseCommand):
    help = "List the grants in force, one row for each officer, right and unit, with the post they come from."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--officer", help="user name")
        parser.add_argument("--unit", help="official code of a unit that exists on the day")
        parser.add_argument("--below", action="store_true", help="also the units below it")
        parser.add_argument("--right", choices=Right.values, default="")
        parser.add_argument("--role", choices=sorted(ROLES), default="")
        parser.add_argument("--on", type=date.fromisoformat, help="legal day, 2026-11-24; default today")
        parser.add_argument("--csv", action="store_true", help="as CSV with all columns")

    def handle(self, *args: Any, officer: str, unit: str, on: date | None, **options: Any) -> None:
        day = on or clock.today()
        found = audit.find(
            day,
            officer=self._officer(officer),
            unit=self._unit(unit, day),
            below=options["below"],
            right=options["right"],
            role=options["role"],
        )
        if options["csv"]:
            writer = csv.writer(self.stdout)
            writer.writerow(audit.HEADS)
            for row in audit.rows(found):
                writer.writerow([audit.spreadsheet_safe(cell) for cell in row.cells])
            return
        for row in audit.rows(found):
            last = f"{row.last_day:%d/%m/%Y}" if row.last_day else "…"
            source = f"{row.position} ({row.document})"
            if row.delegated_by:
                source += " ← " + _("delegated by %(name)s") % {"name": row.delegated_by}
            self.stdout.write(
                f"{row.username}\t{row.right}\t{row.unit_code} {row.unit}\t{row.valid_from:%d/%m/%Y} – {last}\t{source}"
            )

    def _officer(self, username: str | None) -> Officer | None:
        if not username:
            return None
        found = Officer.objects.filter(username=username).first()
        if found is None:
            raise CommandError(_("There is no officer with this user name."))
        return found

    def _unit(self, code: str | None, day: date) -> Unit | None:
        if not code:
            return None
        found = Unit.objects.on(day).filter(code=code).first()
        if found is None:
            raise CommandError(
                _("No unit has the code %(code)s on %(day)s.") % {"code": code, "day": f"{day:%d/%m/%Y}"}
            )
        return found

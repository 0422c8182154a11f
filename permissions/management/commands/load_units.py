"""Load units, their parents and successors from CSV files: all or nothing, and as often as one likes."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from permissions import unit_checks, unit_files
from permissions.errors import Invalid
from permissions.models import Unit, UnitParent, UnitSuccessor
from permissions.unit_checks import Stored
from permissions.unit_files import Files, Key
from permissions.units import add_successors, add_units, change_unit, end_parents, set_parents

DEFAULT = Path(__file__).parents[2] / "data"


class Command(BaseCommand):
    help = "Load units.csv, parents.csv and successors.csv; what is stored already is left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT)

    @transaction.atomic
    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        known = unit_checks.stored()
        try:
            files = unit_files.read(folder)
        except (FileNotFoundError, UnicodeDecodeError) as error:
            raise CommandError(_("The files cannot be read: %(error)s") % {"error": error}) from error
        if problems := unit_checks.check(files, known):
            heading = _("Nothing was loaded; correct these rows first:")
            raise CommandError("\n".join([heading, *map(str, problems)]))
        try:
            counts = _write(files, known)
        except Invalid as error:
            raise CommandError("\n".join([_("Nothing was loaded:"), *error.messages])) from error
        self.stdout.write(
            _("Units: %(added)s added, %(changed)s changed. Parents: %(linked)s added, %(ended)s ended. "
              "Successors: %(successors)s added.") % counts
        )  # fmt: skip


def _write(files: Files, known: Stored) -> dict[str, int]:
    """Write what differs: first what ends, so that codes and days are free for what begins."""
    changed = _change_units(files, known)
    added = add_units(
        Unit(code=row.key[0], valid_from=row.key[1], **row.facts)
        for row in files.units
        if row.key not in known.units
    )
    units = {**known.units, **{(unit.code, unit.valid_from): unit for unit in added}}
    ends = _ends(files, known)
    if ends:
        end_parents(ends)
    links = [
        UnitParent(
            unit=units[row.unit], parent=units[row.parent], valid_from=row.period[0], valid_to=row.period[1]
        )
        for row in files.parents
        if (row.unit, row.period[0]) not in known.parents
    ]
    if changed or added or ends or links:
        set_parents(links)  # redraws the tree, new units without a parent included
    successors = _successors(files, known, units)
    add_successors(successors)
    return {
        "added": len(added), "changed": changed, "linked": len(links), "ended": len(ends),
        "successors": len(successors),
    }  # fmt: skip


def _change_units(files: Files, known: Stored) -> int:
    count = 0
    for row in files.units:
        unit = known.units.get(row.key)
        changes = {name: value for name, value in row.facts.items() if unit and getattr(unit, name) != value}
        if unit and changes:
            change_unit(unit, **changes)
            count += 1
    return count


def _ends(files: Files, known: Stored) -> list[tuple[UnitParent, date]]:
    found = []
    for row in files.parents:
        link, end = known.parents.get((row.unit, row.period[0])), row.period[1]
        if link and end and link.valid_to != end:
            found.append((link, end))
    return found


def _successors(files: Files, known: Stored, units: dict[Key, Unit]) -> list[UnitSuccessor]:
    return [
        UnitSuccessor(old=units[row.old], new=units[row.new], on=row.on, source=row.source)
        for row in files.successors
        if (row.old, row.new) not in known.successors
    ]

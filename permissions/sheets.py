"""The sheet of officers and posts: its template, and a refused one with its faults."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from permissions import books
from permissions.catalogue import ROLES
from permissions.importing import COLUMNS, NAMES, Fault, Line
from permissions.models import Unit


def template(units: Sequence[Unit]) -> bytes:
    """Return an empty list with drop-downs for roles and codes of units; numbers stay text."""
    choices = {
        NAMES.index("role"): [[str(role.label)] for role in ROLES.values()],
        NAMES.index("unit"): [[unit.code, unit.name] for unit in units],
    }
    return books.template(_("Officers and posts"), _headings(), choices)


def annotated(lines: Sequence[Line], faults: Sequence[Fault]) -> bytes:
    """Return the rows as they were read, each bad cell marked and explained."""
    rows = [(line.row, [line.cells[name] for name in NAMES]) for line in lines]
    told = [(f.row, NAMES.index(f.column), f"{f.heading}: {f.message}") for f in faults]
    return books.annotated(_("Officers and posts"), _headings(), rows, told)


def _headings() -> list[str]:
    return [f"{heading}{' *' if owed else ''}" for _name, heading, owed in COLUMNS]

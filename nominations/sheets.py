"""The sheet of nominees: its template for a file, and a refused one with its faults."""

from django.utils.translation import gettext as _

from nominations.intake import MARKS, Column, Report
from nominations.models.programmes import NomineeKind
from permissions import books


def template(columns: list[Column]) -> bytes:
    """Return an empty list of nominees with drop-downs for the kind and for yes."""
    places = {column.name: place for place, column in enumerate(columns)}
    choices = {places["kind"]: [[str(kind.label)] for kind in NomineeKind]}
    choices |= {places[name]: [["x"]] for name in MARKS}
    return books.template(_("Nominees"), [column.heading for column in columns], choices)


def annotated(report: Report) -> bytes:
    """Return the rows of a report as they were read, each bad cell marked and explained.

    Rows that came without headings move down by one, below ours.
    """
    down = 1 if report.rows and report.rows[0][0] == 1 else 0
    places = {column.name: place for place, column in enumerate(report.columns)}
    faults = [(f.row + down, places.get(f.column, 0), f"{f.heading}: {f.message}") for f in report.faults]
    headings = [column.heading for column in report.columns]
    return books.annotated(_("Nominees"), headings, [(n + down, cells) for n, cells in report.rows], faults)

"""The rows of a list of officers and posts, checked all at once: each fault with its rule and remedy."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from permissions import appointing, grants
from permissions.catalogue import ROLES
from permissions.identity import identity_hash
from permissions.importing import COLUMNS, DATE_FORMATS, Line, Report
from permissions.models import Appointment, Officer, PendingAppointment, Unit
from permissions.text import search_key


def check(lines: list[Line], by: Officer) -> Report:
    """Check every row at once, with a fixed number of statements; nothing is written."""
    names = {line.cells["username"] for line in lines}
    known = {officer.username: officer for officer in Officer.objects.filter(username__in=names)}
    codes = {line.cells["unit"] for line in lines}
    units: dict[str, list[Unit]] = {}
    for unit in Unit.objects.filter(code__in=codes):
        units.setdefault(unit.code, []).append(unit)
    managed = set(appointing.managed_units(by).filter(code__in=codes).order_by().values_list("pk", flat=True))
    waiting = set(
        PendingAppointment.objects.filter(status="pending", officer__in=known.values()).values_list(
            "officer__username", "role", "unit"
        )
    )
    held = _held(known)
    roles = {search_key(str(role.label)): role.name for role in ROLES.values()} | {
        name: name for name in ROLES
    }
    spelled: dict[str, str] = {}
    seen: dict[tuple[str, str, str, str], int] = {}
    for line in lines:
        _check_officer(line, known, spelled, by)
        _check_post(line, units, managed, roles)
        _check_once(line, seen, waiting, held)
    return Report(lines, known)


def _check_officer(line: Line, known: dict[str, Officer], spelled: dict[str, str], by: Officer) -> None:
    cells = line.cells
    for name, heading, owed in COLUMNS:
        if owed and not cells[name]:
            line.bad(name, _("“%(column)s” is missing: fill it in.") % {"column": heading})
        elif name in ("full_name", "position", "document") and len(cells[name]) > 120:
            line.bad(name, _("At most 120 characters: shorten it."))
    username = cells["username"]
    if username and (
        len(username) > 60 or not username.isascii() or " " in username or username != username.lower()
    ):
        line.bad(
            "username", _("A user name has lower-case letters, digits and dots, no accents, 60 at most.")
        )
    officer = known.get(username)
    name = officer.full_name if officer else spelled.setdefault(username, cells["full_name"])
    if name != cells["full_name"] and cells["full_name"]:
        line.bad(
            "full_name", _("This user name belongs to %(name)s: correct one of the two.") % {"name": name}
        )
    if officer and officer.pk == by.pk:
        line.bad("username", _("Nobody gives themselves a post: another administrator does."))
    if cells["email"]:
        try:
            validate_email(cells["email"])
        except ValidationError:
            line.bad("email", _("This is no e-mail address: correct it or leave it empty."))
    number = cells["identity"]
    if number and not (number.isascii() and number.isdecimal() and len(number) == 12):
        lost = _("were leading zeros lost? Format the column as text, then type the number again.")
        remedy = lost if number.isdecimal() and len(number) < 12 else _("correct it or leave it empty.")
        line.bad("identity", _("An identity number has 12 digits: %(remedy)s") % {"remedy": remedy})
    if number and officer and officer.identity_hash and officer.identity_hash != identity_hash(number):
        line.bad(
            "identity", _("Another identity number is stored for this officer: leave it empty or ask why.")
        )


def _check_post(line: Line, units: dict[str, list[Unit]], managed: set[int], roles: dict[str, str]) -> None:
    cells = line.cells
    line.role = roles.get(cells["role"]) or roles.get(search_key(cells["role"]), "")
    if cells["role"] and not line.role:
        line.bad("role", _("There is no such role: choose one of the template's list."))
    line.first = _day(line, "first")
    last = _day(line, "last")
    line.end = last + timedelta(days=1) if last else None
    if not cells["unit"] or line.first is None:
        return
    found = [
        unit
        for unit in units.get(cells["unit"], [])
        if unit.valid_from <= line.first and not unit.has_ended(line.first)
    ]
    if not found:
        line.bad("unit", _("No unit has this code on the first day: look it up in the list of units."))
    elif found[0].pk not in managed:
        line.bad("unit", _("The posts of this unit are not managed by a post held today."))
    else:
        line.unit = found[0]
        if line.role:
            try:
                grants.fitting_end(line.role, line.unit, line.first, line.end)
            except ValidationError as error:
                line.bad("role" if "role" in error.message_dict else "first", " ".join(error.messages))


def _check_once(
    line: Line,
    seen: dict[tuple[str, str, str, str], int],
    waiting: set[tuple[str, str, int]],
    held: set[tuple[str, str, int, date]],
) -> None:
    key = (line.cells["username"], line.role, line.cells["unit"], line.cells["first"])
    if key in seen:
        line.bad("role", _("Row %(row)s gives the same post: remove one of them.") % {"row": seen[key]})
    seen.setdefault(key, line.row)
    if line.unit and (line.cells["username"], line.role, line.unit.pk) in waiting:
        line.bad("role", _("This post is proposed already and waits for another administrator."))
    if line.unit and line.first and (line.cells["username"], line.role, line.unit.pk, line.first) in held:
        line.bad("role", _("The officer has this post from this day already: remove the row."))


def _held(known: dict[str, Officer]) -> set[tuple[str, str, int, date]]:
    posts = Appointment.objects.filter(officer__in=known.values())
    return {
        (username, role, unit, start)
        for username, role, unit, start, end in posts.values_list(
            "officer__username", "role", "unit", "valid_from", "valid_to"
        )
        if end != start
    }


def _day(line: Line, column: str) -> date | None:
    text = line.cells[column]
    if not text:
        return None
    for pattern in DATE_FORMATS:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    line.bad(column, _("This is no day: write it as dd/mm/yyyy."))
    return None

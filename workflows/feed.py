"""What is due, for a person's calendar program: under an address of their own that can be taken back."""

import hashlib
import secrets
from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from django.utils.translation import gettext as _

from history import clock
from permissions.models import Officer
from workflows import inbox
from workflows.models import CalendarFeed

LONGEST = 75  # octets of a line (RFC 5545, 3.1)


def make(officer: Officer) -> str:
    """Give `officer` a new address and return its secret, which is not kept; the one before holds no more."""
    secret = secrets.token_urlsafe(32)
    known = {"digest": _digest(secret), "created": clock.now()}
    CalendarFeed.objects.update_or_create(officer=officer, defaults=known)
    return secret


def take_back(officer: Officer) -> None:
    """Let the address of `officer` hold no more."""
    CalendarFeed.objects.filter(officer=officer).delete()


def whose(secret: str) -> Officer | None:
    """Return the active officer whose address has this secret; None for any other, alike."""
    feed = CalendarFeed.objects.filter(digest=_digest(secret), officer__is_active=True)
    found = feed.select_related("officer").first()
    return found.officer if found else None


def calendar(officer: Officer, address: str) -> str:
    """Return as RFC 5545 what waits for `officer` now and is due on a day; `address` is that of the site.

    It names the step, the file's number and the unit, and no person.
    """
    now, site = clock.now(), address.split("//")[-1]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{site}//deadlines//VI", "METHOD:PUBLISH"]
    name = _("Due for me")
    lines.append(f"X-WR-CALNAME:{_text(name)}")
    for item in inbox.inbox(officer):
        if item.due:
            lines += _event(item, item.due, now, site)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in _folded(line))


def _event(item: inbox.Item, due: date, now: datetime, site: str) -> list[str]:
    ends = datetime.combine(due, clock.CLOSES, clock.VIETNAM).astimezone(UTC)
    begins = datetime.combine(due, time(clock.CLOSES.hour - 1), clock.VIETNAM).astimezone(UTC)
    summary = _("Due: %(reference)s, %(state)s") % {"reference": item.reference, "state": item.state_label}
    where = _("%(unit)s. Due by 17:00.") % {"unit": item.unit_name}
    return [
        "BEGIN:VEVENT",
        f"UID:{item.kind}-{item.uid}@{site}",
        f"DTSTAMP:{_moment(now)}",
        f"DTSTART:{_moment(begins)}",
        f"DTEND:{_moment(ends)}",
        f"SUMMARY:{_text(summary)}",
        f"DESCRIPTION:{_text(where)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """A text as the format wants it (RFC 5545, 3.3.11)."""
    for mark in ("\\", ";", ","):
        value = value.replace(mark, f"\\{mark}")
    return "\\n".join(value.splitlines())


def _folded(line: str) -> Iterator[str]:
    """A line in parts of at most 75 octets, never in the middle of a letter; each but the first begins with a space."""
    part, size = "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > LONGEST:
            yield part
            part, size = " ", 1
        part, size = part + letter, size + octets
    yield part


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

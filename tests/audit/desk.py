"""Short ways to the auditor's desk: a ledger that is indexed, auditors, and what a page shows."""

from django.urls import reverse

from audit import indexing
from audit.models import Entry
from history import facts
from permissions import grants
from permissions.models import Officer
from tests import world as w
from tests.pages import enter

DESK = reverse("audit:desk")


def auditor(world, place):
    """A new auditor of a unit and of all below it."""
    officer = Officer.objects.create_user(f"looker.{place}", f"Kiểm Tra {place}")
    grants.appoint(officer, "auditor", world.units[place], position="KT", document="QĐ", valid_from=w.OLD)
    return officer


def shown(officer, **asked):
    """The names of the events that the desk shows, the newest first."""
    response = enter(officer).get(DESK, asked)
    assert response.status_code == 200, response.context["form"].errors
    return names(response.context["window"].entries)


def names(entries):
    found = facts.by_key(entry.event for entry in entries)
    return [found[entry.event].name for entry in entries]


def indexed():
    """Seal and index everything; return the entries by the name of their event."""
    indexing.follow()
    entries = list(Entry.objects.order_by("event"))
    return dict(zip(names(entries), entries, strict=True))

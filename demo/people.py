"""The people of the demo: read from a file, appointed once, offered on the login page."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from demo.days import THREE_LEVELS, TWO_LEVELS, Day
from permissions import grants
from permissions.models import Appointment, Officer, Unit

FILE = Path(__file__).parent / "data" / "people.csv"

# The heading of each group of the file, and the days on which its people hold their posts.
GROUPS: dict[str, tuple[str, tuple[Day, ...]]] = {
    "2024 · ba cấp": (_("2024: communes and districts"), (THREE_LEVELS,)),
    "2026 · hai cấp": (_("2026: communes, departments and their units"), (TWO_LEVELS,)),
    "Cấp tỉnh": (_("The province, on either day"), (THREE_LEVELS, TWO_LEVELS)),
}


@dataclass(frozen=True)
class Person:
    """One button of the login page."""

    username: str
    full_name: str
    position: str
    unit: str


@dataclass(frozen=True)
class Group:
    """People who can be walked on the same days."""

    title: str
    days: tuple[Day, ...]
    people: list[Person]


@cache
def rows() -> list[dict[str, str]]:
    """Return the appointments of the file, in its order."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def usernames() -> list[str]:
    """Return the user names that the demo may sign in, in the order of the file."""
    return list(dict.fromkeys(row["username"] for row in rows()))


def day_for(username: str, chosen: date) -> date:
    """Return the chosen day if the person holds a post on it, else the person's own demo day."""
    days = next(GROUPS[row["group"]][1] for row in rows() if row["username"] == username)
    return chosen if chosen in [item.day for item in days] else days[0].day


def groups() -> list[Group]:
    """Return who can be signed in, by group, with one statement; nobody before `demo_load`."""
    stored = {
        post.officer.username: post
        for post in Appointment.objects.filter(officer__username__in=usernames(), officer__is_active=True)
        .select_related("officer", "unit")
        .order_by("-pk")  # the first post of each person wins
    }
    found = []
    for name, members in groupby(rows(), key=lambda row: row["group"]):
        title, days = GROUPS[name]
        names = dict.fromkeys(row["username"] for row in members)
        people = [_person(stored[username]) for username in names if username in stored]
        found.append(Group(title, days, people))
    return [group for group in found if group.people]


def summary() -> Iterator[str]:
    """Yield lines for the terminal: who there is, and on which day."""
    for group in groups():
        days = ", ".join(f"{day.day:%d/%m/%Y}" for day in group.days)
        yield f"{group.title} ({days})"
        for person in group.people:
            yield f"  {person.full_name}: {person.position}, {person.unit}"


@transaction.atomic
def load() -> int:
    """Create the people and appoint them; who exists is left alone. Return how many are new.

    They have no password: the demo's button is their only way in.
    """
    units = {(unit.code, unit.valid_from): unit for unit in Unit.objects.all()}
    officers = {o.username: o for o in Officer.objects.filter(username__in=usernames())}
    posts = set(
        Appointment.objects.filter(officer__in=officers.values()).values_list(
            "officer__username", "role", "unit__code", "valid_from"
        )
    )
    before = len(officers)
    for row in rows():
        start = date.fromisoformat(row["from"])
        if (row["username"], row["role"], row["unit_code"], start) in posts:
            continue
        if row["username"] not in officers:
            address = f"{row['username']}@demo.invalid"  # no letter leaves: it lands in the demo's mailbox
            officers[row["username"]] = Officer.objects.create_user(
                row["username"], row["full_name"], email=address
            )
        grants.appoint(
            officers[row["username"]],
            row["role"],
            units[row["unit_code"], date.fromisoformat(row["unit_valid_from"])],
            position=row["position"],
            document=row["document"],
            valid_from=start,
            valid_to=date.fromisoformat(row["to"]) if row["to"] else None,
        )
    return len(officers) - before


def _person(post: Appointment) -> Person:
    return Person(post.officer.username, post.officer.full_name, post.position, post.unit.name)

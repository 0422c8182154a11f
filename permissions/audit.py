"""What can whom do, where, since when and by whom: the grants in force, one row each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from permissions.catalogue import ROLES, Right
from permissions.models import Officer, Unit, UnitClosure, UnitGrant
from permissions.text import search_key

HEADS = (
    "username", "officer", "active", "right", "unit_code", "unit", "from", "last_day", "role", "position",
    "document", "granted_by", "delegated_by", "delegation_document",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One right of one officer at one unit, with where it comes from."""

    username: str
    officer: str
    active: bool
    right: str
    unit_code: str
    unit: str
    valid_from: date
    last_day: date | None
    role: str
    position: str
    document: str
    granted_by: str
    delegated_by: str
    delegation_document: str

    @property
    def right_label(self) -> str:
        return str(Right(self.right).label)

    @property
    def cells(self) -> list[str]:
        """The row as text, in the order of `HEADS`."""
        last = f"{self.last_day:%d/%m/%Y}" if self.last_day else ""
        return [
            self.username, self.officer, "1" if self.active else "0", self.right, self.unit_code, self.unit,
            f"{self.valid_from:%d/%m/%Y}", last, self.role, self.position, self.document, self.granted_by,
            self.delegated_by, self.delegation_document,
        ]  # fmt: skip


def find(
    day: date, *, within: QuerySet[Unit] | None = None, officer: Officer | None = None, words: str = "",
    unit: Unit | None = None, below: bool = False, right: str = "", role: str = "",
) -> QuerySet[UnitGrant]:  # fmt: skip
    """Return the grants in force on the legal day `day`, narrowed by what is given.

    `within` are the units that the asker manages (None: all); `words` are parts of an officer's
    name or user name; `below` takes in the units below `unit` on that day.
    """
    found = UnitGrant.objects.on(day)
    if within is not None:
        found = found.filter(content_object__in=within.order_by().values("pk"))
    if officer is not None:
        found = found.filter(user=officer)
    if words:
        found = found.filter(
            Q(user__name_search__contains=search_key(words)) | Q(user__username__icontains=words)
        )
    if unit is not None:
        tree = UnitClosure.objects.on(day).filter(ancestor=unit).values("unit")
        found = found.filter(content_object__in=tree) if below else found.filter(content_object=unit)
    if right:
        found = found.filter(permission__codename=right)
    if role:
        found = found.filter(appointment__role=role)
    return found.select_related(
        "user",
        "permission",
        "content_object",
        "appointment__granted_by",
        "appointment__officer",
        "delegation",
    ).order_by(
        "user__name_sort", "user", "content_object__name_sort", "content_object", "permission__codename", "pk"
    )


def rows(found: QuerySet[UnitGrant] | list[UnitGrant]) -> Iterator[Row]:
    """Return the rows of what `find` found."""
    for grant in found.iterator(chunk_size=2000) if isinstance(found, QuerySet) else found:
        post = grant.appointment
        yield Row(
            username=grant.user.username,
            officer=grant.user.full_name,
            active=grant.user.is_active,
            right=grant.permission.codename,
            unit_code=grant.content_object.code,
            unit=grant.content_object.name,
            valid_from=grant.valid_from,
            last_day=grant.last_day,
            role=post.role,
            position=post.position,
            document=post.document,
            granted_by=post.granted_by.full_name if post.granted_by else "",
            delegated_by=post.officer.full_name if grant.delegation else "",
            delegation_document=grant.delegation.document if grant.delegation else "",
        )


def spreadsheet_safe(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def role_label(role: str) -> str:
    return str(ROLES[role].label)


def filters_of(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the filters as they are recorded with an export."""
    return {name: str(value) for name, value in values.items() if value}

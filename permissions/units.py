"""The only writer of units and of the dated tree they stand in."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from history import kinds
from history.ledger import Entry, record_many
from permissions.dated import overlaps
from permissions.errors import Invalid
from permissions.models import Officer, Unit, UnitClosure, UnitParent, UnitSuccessor
from permissions.text import normalised, search_key, sort_key

Interval = tuple[date, date | None]
DEEPEST = 10  # no public body stands below ten others; more means a circle


@transaction.atomic
def add_units(units: Iterable[Unit], *, by: Officer | None = None) -> list[Unit]:
    """Store new units and their events; one code belongs to one unit at a time.

    Raises Invalid when a unit of the same code exists on one of the days.
    """
    units = list(units)
    _lock_tree()
    for unit in units:
        unit.name = normalised(unit.name)
        unit.name_sort, unit.name_search = sort_key(unit.name), search_key(unit.name)
        if Unit.objects.filter(overlaps(unit.valid_from, unit.valid_to), code=unit.code).exists():
            raise Invalid(
                "code",
                _("The code %(code)s belongs to another unit in these days: end that unit first."),
                code=unit.code,
            )
    units = Unit.objects.bulk_create(units)
    record_many([_entry(kinds.UNIT_CREATED, unit, by) for unit in units])
    return units


@transaction.atomic
def change_unit(unit: Unit, *, by: Officer | None = None, **changes: object) -> None:
    """Change the stored facts of a unit (kind, name, dates, source) and record it; new dates redraw the tree."""
    _lock_tree()
    before = {name: str(getattr(unit, name)) for name in changes}
    for name, value in changes.items():
        setattr(unit, name, value)
    unit.save()
    record_many([_entry(kinds.UNIT_CHANGED, unit, by, before=before)])
    if {"valid_from", "valid_to"} & changes.keys():
        redraw_closure()


@transaction.atomic
def set_parents(links: Iterable[UnitParent], *, by: Officer | None = None) -> None:
    """Say who manages which unit from when to when; record it and redraw the tree.

    Raises Invalid when a unit would have two parents on one day, or would stand below itself.
    """
    links = list(links)
    _lock_tree()
    for link in links:
        same = UnitParent.objects.filter(overlaps(link.valid_from, link.valid_to), unit=link.unit)
        if same.exists():
            raise Invalid("parent", _("%(unit)s has another parent in these days."), unit=link.unit)
        link.save()
    record_many([_link_entry(link, by) for link in links])
    redraw_closure()


def named(text: str) -> Unit | None:
    """Return the unit of this official code or name, the latest first; else one of which it is a part."""
    found = Unit.objects.order_by("-valid_from")
    exact = found.filter(Q(code=text) | Q(name_search=search_key(text)))
    return exact.first() or found.filter(name_search__contains=search_key(text)).first()


@transaction.atomic
def end_parents(ends: Iterable[tuple[UnitParent, date]], *, by: Officer | None = None) -> None:
    """Say from which legal day each link no longer holds; record it and redraw the tree.

    Raises Invalid when a link would end before its second day, or later than it does already.
    """
    links = []
    _lock_tree()
    for link, day in ends:
        if day <= link.valid_from or (link.valid_to and day > link.valid_to):
            raise Invalid(
                "on",
                _("%(unit)s: a link ends after its first day, and only earlier than stored."),
                unit=link.unit,
            )
        link.valid_to = day
        link.save(update_fields=["valid_to"])
        links.append(link)
    record_many([_link_entry(link, by) for link in links])
    redraw_closure()


@transaction.atomic
def add_successors(successors: Iterable[UnitSuccessor], *, by: Officer | None = None) -> None:
    """Say which units carry on for which, and record it at the old unit."""
    successors = UnitSuccessor.objects.bulk_create(successors)
    record_many(
        [
            _entry(kinds.UNIT_CHANGED, item.old, by, successor=item.new.code, on=item.on.isoformat())
            for item in successors
        ]
    )


@transaction.atomic
def redraw_closure() -> None:
    """Rewrite the closure table from the dated parents (it is derived, so it has no events)."""
    _lock_tree()
    rows = closure()
    UnitClosure.objects.all().delete()
    UnitClosure.objects.bulk_create(rows, batch_size=1000)


def closure() -> list[UnitClosure]:
    """Return who stands below whom, as the dated parents lead to; not stored. Raises Invalid for a circle."""
    parents: dict[int, list[UnitParent]] = defaultdict(list)
    for link in UnitParent.objects.order_by("pk"):
        parents[link.unit_id].append(link)
    return [row for unit in Unit.objects.order_by("pk") for row in _ancestors(unit, parents)]


def _ancestors(unit: Unit, parents: dict[int, list[UnitParent]]) -> list[UnitClosure]:
    found = [
        UnitClosure(ancestor=unit, unit=unit, depth=0, valid_from=unit.valid_from, valid_to=unit.valid_to)
    ]
    frontier: list[tuple[int, Interval]] = [(unit.pk, (unit.valid_from, unit.valid_to))]
    depth = 0
    while frontier:
        depth += 1
        if depth > DEEPEST:
            raise Invalid("parent", _("%(unit)s stands below a circle of units."), unit=unit)
        above: list[tuple[int, Interval]] = []
        for pk, interval in frontier:
            for link in parents[pk]:
                common = _common(interval, (link.valid_from, link.valid_to))
                if common is None:
                    continue
                if link.parent_id == unit.pk:
                    raise Invalid("parent", _("%(unit)s would stand below itself."), unit=unit)
                above.append((link.parent_id, common))
                found.append(
                    UnitClosure(
                        ancestor_id=link.parent_id,
                        unit=unit,
                        depth=depth,
                        valid_from=common[0],
                        valid_to=common[1],
                    )
                )
        frontier = above
    return found


def _common(one: Interval, other: Interval) -> Interval | None:
    start = max(one[0], other[0])
    ends = [end for end in (one[1], other[1]) if end]
    end = min(ends) if ends else None
    return None if end and end <= start else (start, end)


def _lock_tree() -> None:
    """One writer at a time: the tree's invariants span rows, so no row lock can hold them."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE permissions_unitparent IN SHARE ROW EXCLUSIVE MODE")


def _link_entry(link: UnitParent, by: Officer | None) -> Entry:
    return _entry(
        kinds.UNIT_CHANGED,
        link.unit,
        by,
        parent=link.parent.code,
        parent_from=link.valid_from.isoformat(),
        parent_to=link.valid_to.isoformat() if link.valid_to else None,
    )


def _entry(kind: str, unit: Unit, by: Officer | None, **data: object) -> Entry:
    return Entry(
        stream=f"unit:{unit.code}:{unit.valid_from.isoformat()}",
        kind=kind,
        actor=str(by.uid) if by else "system",
        unit=unit.code,
        data={
            "kind": unit.kind,
            "from": unit.valid_from.isoformat(),
            "to": unit.valid_to.isoformat() if unit.valid_to else None,
            **data,
        },
        text={"name": unit.name, "by": by.full_name if by else ""},
    )

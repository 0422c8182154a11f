"""Where on its route a file stands: the one writer of legs."""

from collections.abc import Iterable
from datetime import datetime

from nominations import stops
from nominations.models import Nomination, RouteLeg
from permissions.models import Unit


def lay(nomination: Nomination, units: Iterable[Unit], now: datetime) -> None:
    """Write the route of a version just submitted; the file arrives at its first body."""
    nomination.route_version = nomination.version
    RouteLeg.objects.bulk_create(
        [
            RouteLeg(
                nomination=nomination,
                version=nomination.version,
                n=n,
                unit=unit,
                arrived=now if n == 1 else None,
            )
            for n, unit in enumerate(units, start=1)
        ]
    )


def stand_at(legs: list[RouteLeg], here: RouteLeg | None, now: datetime) -> None:
    """Let the file stand at the leg `here`, or at none of them; `legs` are those in force."""
    changed = []
    for leg in legs:
        before = (leg.arrived, leg.left)
        if leg is here:
            leg.arrived, leg.left = (now if leg.arrived is None or leg.left else leg.arrived), None
        elif leg.arrived and not leg.left:
            leg.left = now
        if before != (leg.arrived, leg.left):
            changed.append(leg)
    for leg in changed:
        leg.save(update_fields=["arrived", "left"])


def leave(nomination: Nomination, now: datetime) -> int | None:
    """Let the file leave the body where it stands; return that leg's key, None if it is at none."""
    leg = stops.current(stops.legs_of(nomination))
    if leg is not None:
        stand_at([leg], None, now)
    return leg.pk if leg else None


def replace(nomination: Nomination, unit: Unit | None, now: datetime) -> None:
    """Close what remains of the route and lead the file to `unit` instead; None: straight to intake."""
    legs = stops.legs_of(nomination)
    here = stops.current(legs)
    remaining = [leg for leg in legs if leg is here or not leg.arrived]
    last = max((leg.n for leg in nomination.legs.filter(version=nomination.route_version)), default=0)
    new = None
    if unit is not None:
        new = RouteLeg.objects.create(
            nomination=nomination,
            version=nomination.route_version,
            n=last + 1,
            unit=unit,
            arrived=now,
        )
    for leg in remaining:
        leg.left, leg.dropped, leg.replaced_by = (now if leg is here else None), True, new
        leg.save(update_fields=["left", "dropped", "replaced_by"])

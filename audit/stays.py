"""How long a file lay where: the time between the acts that moved it, from its events alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from history.facts import Fact


@dataclass(frozen=True)
class Stay:
    """One stay of a file at a step: by whom it was held, from which event on, until when (None: still)."""

    holder: str  # the code of the unit
    step: str
    since: datetime
    until: datetime | None
    ended: int | None  # the sequence of the event that led it away

    def lasted(self, now: datetime) -> timedelta:
        return (self.until or now) - self.since


def stays(facts: Iterable[Fact]) -> list[Stay]:
    """Return the stays of one file in order; an act that leaves it at its step ends none."""
    moves = [fact for fact in facts if fact.to_state and fact.to_state != fact.from_state]
    return [
        Stay(
            fact.after.get("holder", fact.unit),
            fact.to_state,
            fact.at,
            following.at if following else None,
            following.sequence if following else None,
        )
        for fact, following in zip(moves, [*moves[1:], None], strict=True)
        if following or fact.after.get("holder", fact.unit)  # nothing lies where a file has ended
    ]


def by_holder(found: Sequence[Stay], now: datetime) -> list[tuple[str, int, timedelta]]:
    """Return each holder with the number of its stays and how long they lasted together, the longest first."""
    sums: dict[str, tuple[int, timedelta]] = {}
    for stay in found:
        count, lasted = sums.get(stay.holder, (0, timedelta()))
        sums[stay.holder] = count + 1, lasted + stay.lasted(now)
    return sorted(((code, *total) for code, total in sums.items()), key=lambda row: row[2], reverse=True)

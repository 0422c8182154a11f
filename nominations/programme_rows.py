"""The rows behind a programme: its register, rule sets, routes and rounds. Written for `programmes` alone."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from history import kinds
from history.ledger import Entry, record
from nominations.models import Criterion, Programme, Quota, Register, Round, RoutePolicy, RuleSet
from permissions.models import Officer, Unit


def open_round(
    rule_set: RuleSet,
    year: int,
    window: tuple[date, date],
    quotas: Mapping[str, int],
    by: Officer | None,
    more: Mapping[str, Any] | None = None,
) -> Round:
    """Write a round with its quotas; record it, with what `more` there is to say."""
    opens, closes = window
    round = Round.objects.create(
        programme=rule_set.programme, rule_set=rule_set, year=year, opens=opens, closes=closes
    )
    Quota.objects.bulk_create([Quota(round=round, kind=kind, count=count) for kind, count in quotas.items()])
    days = {"opens": opens.isoformat(), "closes": closes.isoformat()}
    record_change(kinds.ROUND_OPENED, round, by, {**days, "quotas": dict(quotas), **(more or {})})
    return round


def store_register(data: Mapping[str, Any]) -> Register:
    """Return the register of outgoing documents; several programmes may share one."""
    unit = Unit.objects.get(code=data["unit"], valid_to=None)
    register, _created = Register.objects.get_or_create(
        code=data["code"], defaults={"unit": unit, "symbol": data["symbol"]}
    )
    return register


def store_rule_set(programme: Programme, data: Mapping[str, Any]) -> RuleSet:
    """Write a rule set with its criteria, in the order given."""
    rule_set = RuleSet.objects.create(
        programme=programme,
        number=data["number"],
        legal_basis=data["legal_basis"],
        valid_from=date.fromisoformat(data["valid_from"]),
    )
    Criterion.objects.bulk_create(
        [
            Criterion(rule_set=rule_set, position=position, **row)
            for position, row in enumerate(data["criteria"], start=1)
        ]
    )
    return rule_set


def store_routes(rows: list[Mapping[str, Any]]) -> None:
    """Write the route policies; "straight to intake" is a row with an empty leg."""
    if RoutePolicy.objects.exists():
        return
    RoutePolicy.objects.bulk_create(
        [
            RoutePolicy(
                unit_kind=row["unit_kind"],
                position=position,
                through=through,
                legal_basis=row["legal_basis"],
                valid_from=date.fromisoformat(row["valid_from"]),
                valid_to=date.fromisoformat(row["valid_to"]) if row.get("valid_to") else None,
            )
            for row in rows
            for position, through in enumerate(row["through"] or [""], start=1)
        ]
    )


def record_change(kind: str, round: Round, by: Officer | None, data: dict[str, Any], **text: str) -> None:
    """Record what was done to a round, in its stream."""
    record(
        Entry(
            stream=f"round:{round.programme.code}:{round.year}",
            kind=kind,
            actor=str(by.uid) if by else "system",
            data=data,
            text={"by": by.full_name, **text} if by else text,
        )
    )

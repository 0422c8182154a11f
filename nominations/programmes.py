"""The only writer of programmes, rounds, quotas, criteria and routes: each change is recorded."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from history import kinds
from history.ledger import Entry, record
from nominations import procedure, ranking, rules
from nominations.models import Criterion, Programme, Quota, Register, Round, RoutePolicy, RuleSet
from nominations.states import SIGNED
from permissions.models import Officer, Unit


@transaction.atomic
def load(data: Mapping[str, Any], *, by: Officer | None = None) -> Programme:
    """Create the programme that `data` describes, with rules, rounds, routes and procedure; once.

    What exists already is left as the administrators have made it. Units are named by code.
    """
    procedure.load(data["procedure"], by=by)
    spec = dict(data["programme"])
    for role in ("appraising_unit", "office_unit", "deciding_unit"):
        spec[role] = Unit.objects.get(code=spec[role], valid_to=None)
    existing = Programme.objects.filter(code=spec["code"]).first()
    if existing:
        return existing
    spec["register"] = _register(data["register"])
    programme = Programme.objects.create(**spec)
    rule_set = _rule_set(programme, data["rule_set"])
    for row in data["rounds"]:
        round = Round.objects.create(
            programme=programme,
            rule_set=rule_set,
            year=row["year"],
            opens=date.fromisoformat(row["opens"]),
            closes=date.fromisoformat(row["closes"]),
        )
        Quota.objects.bulk_create(
            [Quota(round=round, kind=kind, count=count) for kind, count in data["quotas"].items()]
        )
        _record(
            kinds.ROUND_OPENED,
            round,
            by,
            {"opens": row["opens"], "closes": row["closes"], "quotas": data["quotas"]},
        )
    _routes(data["routes"])
    record(
        Entry(
            stream=f"programme:{programme.code}",
            kind=kinds.RULES_CHANGED,
            actor=str(by.uid) if by else "system",
            action="load",
            data={"rule_set": data["rule_set"], "routes": data["routes"]},
        )
    )
    return programme


@transaction.atomic
def change_round(round: Round, *, opens: date, closes: date, quotas: Mapping[str, int], by: Officer) -> None:
    """Change the window (both days included) and the quota of a round; record it.

    Raises PermissionDenied, and ValidationError for a window that ends before it begins, a
    closed round, or a quota below what has been signed already.
    """
    locked = _managed(round, by)
    if closes < opens:
        raise ValidationError({"closes": _("The last day of submission lies before the first.")})
    signed = ranking.used(locked, SIGNED)
    for kind, count in quotas.items():
        if count < signed[kind]:
            raise ValidationError(
                {
                    f"quota_{kind}": _("%(count)s have been awarded already: the quota cannot be lower.")
                    % {"count": signed[kind]}
                }
            )
    before = {"opens": locked.opens.isoformat(), "closes": locked.closes.isoformat()}
    locked.opens, locked.closes = opens, closes
    locked.save(update_fields=["opens", "closes"])
    for kind, count in quotas.items():
        Quota.objects.update_or_create(round=locked, kind=kind, defaults={"count": count})
    _record(
        kinds.RULES_CHANGED,
        locked,
        by,
        {"before": before, "opens": opens.isoformat(), "closes": closes.isoformat(), "quotas": dict(quotas)},
    )


@transaction.atomic
def change_criterion(
    round: Round,
    criterion: Criterion,
    *,
    label_vi: str,
    label_en: str,
    max_points: int,
    min_points: int,
    by: Officer,
) -> None:
    """Change a criterion of the round's rule set; record it.

    Raises PermissionDenied, and ValidationError once a file has been submitted under the
    rule set: who has proposed is judged by the rules that stood then.
    """
    locked = _managed(round, by)
    if min_points > max_points:
        raise ValidationError({"min_points": _("More points would be needed than can be given.")})
    if locked.rule_set.rounds.filter(nominations__version__gte=1).exists():
        raise ValidationError(
            _(
                "A file has been submitted under these criteria: they are fixed for this round. "
                "Make a new rule set for the next one."
            )
        )
    if criterion.rule_set_id != locked.rule_set_id:
        raise ValidationError(_("The criterion belongs to another rule set."))
    criterion.label_vi, criterion.label_en = label_vi, label_en
    criterion.max_points, criterion.min_points = max_points, min_points
    criterion.save()
    _record(
        kinds.RULES_CHANGED,
        locked,
        by,
        {
            "criterion": criterion.code,
            "max": max_points,
            "min": min_points,
            "label_vi": label_vi,
            "label_en": label_en,
        },
    )


def _managed(round: Round, by: Officer) -> Round:
    locked = (
        Round.objects.select_for_update(of=("self",), no_key=True)
        .select_related("rule_set", "programme")
        .get(pk=round.pk)
    )
    if not Round.objects.filter(rules.may_manage(by), pk=locked.pk).exists():
        raise PermissionDenied(_("Changing a round belongs to the programme administrator."))
    if locked.closed_on:
        raise ValidationError(_("The round is closed: it can no longer be changed."))
    return locked


def _register(data: Mapping[str, Any]) -> Register:
    """Return the register of outgoing documents; several programmes may share one."""
    unit = Unit.objects.get(code=data["unit"], valid_to=None)
    register, _created = Register.objects.get_or_create(
        code=data["code"], defaults={"unit": unit, "symbol": data["symbol"]}
    )
    return register


def _rule_set(programme: Programme, data: Mapping[str, Any]) -> RuleSet:
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


def _routes(rows: list[Mapping[str, Any]]) -> None:
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


def _record(kind: str, round: Round, by: Officer | None, data: dict[str, Any]) -> None:
    record(
        Entry(
            stream=f"round:{round.programme.code}:{round.year}",
            kind=kind,
            actor=str(by.uid) if by else "system",
            data=data,
            text={"by": by.full_name} if by else {},
        )
    )

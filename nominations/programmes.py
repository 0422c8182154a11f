"""The only writer of programmes, rounds, quotas, criteria and routes: each change is recorded."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from history import kinds
from history.ledger import Entry, record
from nominations import procedure, ranking, rules
from nominations.models import Criterion, Programme, Quota, Round
from nominations.programme_rows import (
    open_round,
    record_change,
    store_register,
    store_routes,
    store_rule_set,
)
from nominations.states import SIGNED
from permissions.models import Officer, Unit
from permissions.text import normalised

CRITERION = ("code", "label_vi", "label_en", "max_points", "min_points")  # what is copied to the next year

BODIES = ("appraising_unit", "office_unit", "deciding_unit")


@transaction.atomic
def load(data: Mapping[str, Any], *, by: Officer | None = None) -> Programme:
    """Create the programme that `data` describes, with rules, rounds, routes and procedure; once.

    What exists already is left as the administrators have made it. Units are named by code.
    """
    procedure.load(data["procedure"], by=by)
    spec = dict(data["programme"])
    for role in BODIES:
        spec[role] = Unit.objects.get(code=spec[role], valid_to=None)
    existing = Programme.objects.filter(code=spec["code"]).first()
    if existing:
        return existing
    spec["register"] = store_register(data["register"])
    programme = Programme.objects.create(**spec)
    rule_set = store_rule_set(programme, data["rule_set"])
    for row in data["rounds"]:
        window = date.fromisoformat(row["opens"]), date.fromisoformat(row["closes"])
        open_round(rule_set, row["year"], window, data["quotas"], by)
    store_routes(data["routes"])
    record(
        Entry(
            stream=f"programme:{programme.code}",
            kind=kinds.RULES_CHANGED,
            actor=str(by.uid) if by else "system",
            action="load",
            data={
                "rule_set": data["rule_set"],
                "routes": data["routes"],
                "bodies": {role: spec[role].code for role in BODIES},
            },
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
    record_change(
        kinds.RULES_CHANGED,
        locked,
        by,
        {"before": before, "opens": opens.isoformat(), "closes": closes.isoformat(), "quotas": dict(quotas)},
    )


@transaction.atomic
def extend_window(round: Round, *, closes: date, document: str, by: Officer) -> None:
    """Move the last day of submission later, also when it has passed, by a legal document; record it.

    Raises PermissionDenied, and ValidationError for a closed round, a day not later than the
    stored one, or a missing document.
    """
    locked = _managed(round, by)
    document = normalised(document)
    faults = {}
    if closes <= locked.closes:
        faults["closes"] = _("The last day is %(day)s already: an extension needs a later day.") % {
            "day": f"{locked.closes:%d/%m/%Y}"
        }
    if not document:
        faults["document"] = _("A window is extended by a legal document: give its number and date.")
    if faults:
        raise ValidationError(faults)
    days = {"before": locked.closes.isoformat(), "closes": closes.isoformat()}
    locked.closes = closes
    locked.save(update_fields=["closes"])
    record_change(kinds.ROUND_EXTENDED, locked, by, days, document=document)


@transaction.atomic
def open_next(source: Round, *, opens: date, closes: date, by: Officer) -> Round:
    """Open the year after `source`, the newest round of its programme, as a copy of it; record it.

    Quotas and criteria are copied: the new ones can be edited while those of `source` stay.
    Raises PermissionDenied, and ValidationError when the next round exists already, when the
    programme ends before it, or for a window that does not fit the year.
    """
    programme = Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=source.programme_id)
    _refuse_unless_managed(source, by)
    year = source.year + 1
    _refuse_year(programme, year)
    _refuse_window(year, opens, closes)
    rules_of_year = {
        "number": programme.rule_sets.aggregate(Max("number"))["number__max"] + 1,
        "legal_basis": source.rule_set.legal_basis,
        "valid_from": opens.isoformat(),
        "criteria": list(source.rule_set.criteria.values(*CRITERION)),
    }
    return open_round(
        store_rule_set(programme, rules_of_year),
        year,
        (opens, closes),
        dict(source.quotas.values_list("kind", "count")),
        by,
        {"copied_from": source.year, "rule_set": rules_of_year},
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
    record_change(
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
    _refuse_unless_managed(locked, by)
    if locked.closed_on:
        raise ValidationError(_("The round is closed: it can no longer be changed."))
    return locked


def _refuse_unless_managed(round: Round, by: Officer) -> None:
    if not Round.objects.filter(rules.may_manage(by), pk=round.pk).exists():
        raise PermissionDenied(_("Changing a round belongs to the programme administrator."))


def _refuse_year(programme: Programme, year: int) -> None:
    """Under the lock of the programme: of two who open the next round at once, one is refused here."""
    newest = programme.rounds.aggregate(Max("year"))["year__max"]
    if newest >= year:
        raise ValidationError(
            _("The round of %(year)s is open already: change that one, or copy the newest round.")
            % {"year": newest}
        )
    if year > programme.last_year:
        raise ValidationError(
            _("The programme ends with %(year)s: a round of a later year needs a new programme.")
            % {"year": programme.last_year}
        )


def _refuse_window(year: int, opens: date, closes: date) -> None:
    faults = {}
    if opens.year not in (year - 1, year):
        faults["opens"] = _("The round of %(year)s opens in that year or the year before: choose such a day.")
    if closes < opens:
        faults["closes"] = _("The last day of submission lies before the first.")
    elif closes.year not in (year, year + 1):
        faults["closes"] = _("The round of %(year)s ends in that year or the year after: choose such a day.")
    if faults:
        raise ValidationError({name: text % {"year": year} for name, text in faults.items()})

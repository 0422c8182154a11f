"""The dated rules of separation of duties: begun and ended from a day on, by legal document, recorded."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from history import clock, kinds
from history.ledger import Entry, record
from nominations.models import SeparationKind, SeparationRule
from nominations.procedure import may_lay_down
from permissions.dated import overlaps
from permissions.errors import Invalid
from permissions.models import Officer
from permissions.text import normalised

STREAM = "separation"


def rules() -> QuerySet[SeparationRule]:
    """Return every rule, past and to come, by kind, the latest first."""
    return SeparationRule.objects.order_by("kind", "-valid_from")


@transaction.atomic
def begin(kind: str, *, valid_from: date, legal_basis: str, by: Officer) -> SeparationRule:
    """Put a rule into force from a legal day on. Raises PermissionDenied and Invalid (`_check`, or it holds already)."""
    _check(valid_from, legal_basis, by)
    if SeparationRule.objects.filter(overlaps(valid_from, None), kind=kind).exists():
        raise Invalid("valid_from", _("This rule is in force already in these days."))
    rule = SeparationRule.objects.create(
        kind=kind, valid_from=valid_from, legal_basis=normalised(legal_basis)
    )
    _record(rule, "begin", legal_basis, by)
    return rule


@transaction.atomic
def end(kind: str, *, on: date, legal_basis: str, by: Officer) -> SeparationRule:
    """End a rule: from the legal day `on` it binds nobody. Raises PermissionDenied and Invalid."""
    _check(on, legal_basis, by)
    rule = SeparationRule.objects.on(on).filter(kind=kind).first()
    if rule is None or rule.valid_from >= on:
        raise Invalid("on", _("This rule is not in force on the day before."))
    rule.valid_to = on
    rule.save(update_fields=["valid_to"])
    _record(rule, "end", legal_basis, by)
    return rule


def _check(day: date, legal_basis: str, by: Officer) -> None:
    """Only whoever lays down rules; from tomorrow on, since nobody lifts a rule that bars them today; by document."""
    if not may_lay_down(by):
        raise PermissionDenied(_("Rules of separation are laid down by the programme administrator."))
    with connection.cursor() as cursor:  # one writer at a time: that days do not overlap spans rows
        cursor.execute("LOCK TABLE nominations_separationrule IN SHARE ROW EXCLUSIVE MODE")
    if day <= clock.today():
        raise Invalid("valid_from", _("Rules of separation change from tomorrow on at the earliest."))
    if not normalised(legal_basis):
        raise Invalid("legal_basis", _("Rules rest on a legal basis: name the document."))


def _record(rule: SeparationRule, action: str, document: str, by: Officer) -> None:
    record(
        Entry(
            stream=STREAM,
            kind=kinds.RULES_CHANGED,
            actor=str(by.uid),
            action=action,
            data={
                "kind": rule.kind,
                "from": rule.valid_from.isoformat(),
                "to": rule.valid_to.isoformat() if rule.valid_to else None,
            },
            text={"legal_basis": normalised(document), "by": by.full_name},
        )
    )


__all__ = ["SeparationKind", "begin", "end", "rules"]

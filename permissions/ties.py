"""Ties declared by officers: of whose files they keep away. Declared by oneself, ended by an administrator."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history import clock, kinds
from history.ledger import Entry, record
from permissions import accounts
from permissions.errors import Invalid
from permissions.identity import identity_hash
from permissions.models import DeclaredTie, Officer
from permissions.text import normalised, search_key

NOT_BY_EITHER = gettext_lazy("A declared tie is ended by an administrator who is neither of the two.")


@transaction.atomic
def declare(
    officer: Officer, relation: str, name: str, *, other: Officer | None = None, identity: str = ""
) -> DeclaredTie:
    """Declare that somebody is near to `officer`, from today; `identity` is a 12-digit number, kept as a digest.

    Raises Invalid when neither account nor identity number says who it is, or it is the officer.
    """
    if other is None and not identity:
        raise Invalid(
            "identity", _("Choose the account or give the identity number: a name alone is not unique.")
        )
    if other == officer or (identity and identity_hash(identity) == officer.identity_hash):
        raise Invalid("other", _("A tie is to somebody else."))
    named = normalised(name or (other.full_name if other else ""))
    tie = DeclaredTie.objects.create(
        officer=officer,
        relation=relation,
        name=named,
        name_search=search_key(named),
        other=other,
        identity_hash=identity_hash(identity) if identity else "",
        identity_tail=identity[-3:],
        valid_from=clock.today(),
    )
    record(_entry(kinds.TIE_DECLARED, tie, officer))
    return tie


@transaction.atomic
def end(tie: DeclaredTie, *, reason: str, by: Officer) -> DeclaredTie:
    """End a declared tie from today: by an administrator of accounts who is no part of it.

    Raises PermissionDenied otherwise, and Invalid without a reason or when it has ended already.
    """
    locked = DeclaredTie.objects.select_for_update(of=("self",)).select_related("officer").get(pk=tie.pk)
    if not may_end(by, locked):
        raise PermissionDenied(NOT_BY_EITHER)
    if not normalised(reason):
        raise Invalid("reason", _("State why the tie no longer holds."))
    if locked.has_ended(clock.today()):
        raise Invalid("tie", _("This tie has ended already."))
    locked.valid_to = clock.today()
    locked.save(update_fields=["valid_to"])
    record(_entry(kinds.TIE_ENDED, locked, by, reason=normalised(reason)))
    return locked


def may_end(officer: Officer, tie: DeclaredTie) -> bool:
    """Whether `officer` manages accounts today and is neither of the two."""
    return not is_party(officer, tie) and accounts.may_manage(officer)


def is_party(officer: Officer, tie: DeclaredTie) -> bool:
    """Whether `officer` is one of the two: who declared it, or whom it names by account or identity number."""
    if officer.pk in (tie.officer_id, tie.other_id):
        return True
    return bool(officer.identity_hash) and officer.identity_hash == tie.identity_hash


def visible_to(officer: Officer) -> QuerySet[DeclaredTie]:
    """Return the officer's own ties; to an administrator of accounts, everybody's."""
    every = DeclaredTie.objects.select_related("officer", "other").order_by("-valid_from", "-pk")
    if accounts.may_manage(officer):
        return every
    return every.filter(officer=officer)


def found(ties: QuerySet[DeclaredTie], words: str) -> QuerySet[DeclaredTie]:
    """Return those of `ties` of which one of the two has this name, or a part of it, or this user name."""
    key = search_key(words)
    query = Q(name_search__contains=key)
    for who in ("officer", "other"):
        query |= Q(**{f"{who}__name_search__contains": key}) | Q(**{f"{who}__username__icontains": words})
    return ties.filter(query)


def _entry(kind: str, tie: DeclaredTie, by: Officer, reason: str = "") -> Entry:
    return Entry(
        stream=f"officer:{tie.officer.uid}",
        kind=kind,
        actor=str(by.uid),
        data={
            "tie": str(tie.uid),
            "relation": tie.relation,
            "other": str(tie.other.uid) if tie.other else "",
        },
        text={"name": tie.name, "by": by.full_name, "reason": reason, "identity": tie.identity_hash},
    )

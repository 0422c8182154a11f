"""Lawful erasure: the names and words of an event go, its facts and every proof stay."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit import indexing
from history import ledger
from history.models import Event


@transaction.atomic
def erase(stream: str, sequence: int, *, basis: str, by: str) -> Event:
    """Empty the text of one event on the legal basis `basis`; return the event that says so.

    It leaves the search index at once. Decree 13/2023/NĐ-CP, Art. 16 [K]. Raises ValidationError without a
    basis, or when there is no such text.
    """
    if not basis.strip():
        raise ValidationError({"basis": _("Erasure rests on a legal basis: name the document.")})
    try:
        erased = ledger.erase(stream, sequence, basis=basis.strip(), by=by)
    except LookupError as error:
        raise ValidationError({"event": _("There is no such event, or it holds no text.")}) from error
    indexing.again([(stream, sequence)])
    return erased

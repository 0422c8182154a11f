"""Unfinished typing is kept on the server as it is, until it can be saved; nobody but its writer sees it."""

from django.http import QueryDict

from history import clock
from nominations.models import Nomination, Typed
from permissions.models import Officer

# Never kept: identity numbers are stored as a coded form only, and a token is no text.
LEFT_OUT = ("csrfmiddlewaretoken", "revision")


def keep(nomination: Nomination, officer: Officer, data: QueryDict, *, revision: int) -> None:
    """Keep what `officer` typed on `revision` of the file, in place of what was kept before."""
    fields = data.copy()
    for name in [n for n in fields if n in LEFT_OUT or n.endswith("-identity")]:
        del fields[name]
    Typed.objects.update_or_create(
        nomination=nomination,
        officer=officer,
        defaults={"revision": revision, "fields": fields.urlencode(), "at": clock.now()},
    )


def of(nomination: Nomination, officer: Officer) -> Typed | None:
    """Return what `officer` typed and what is not saved yet; None when everything is."""
    return Typed.objects.filter(nomination=nomination, officer=officer).first()


def fields_of(typed: Typed) -> QueryDict:
    """Return the fields as the form sent them."""
    return QueryDict(typed.fields)


def forget(nomination: Nomination, officer: Officer) -> None:
    """Drop what was kept: it is saved, or given up."""
    Typed.objects.filter(nomination=nomination, officer=officer).delete()

"""How a file looks as one row of a table: `components/file_table.html` draws it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nominations.models import Nomination, Nominee

NAMED = 2  # nominees who are named; the others are counted


def with_nominees(nominations: QuerySet[Nomination]) -> QuerySet[Nomination]:
    """Return `nominations` with all that `row` needs, in two statements."""
    nominees = Nominee.objects.filter(present=True)
    return nominations.select_related("unit", "holder", "round").prefetch_related(
        Prefetch("nominees", nominees, to_attr="present_nominees")
    )


def row(nomination: Nomination) -> dict[str, Any]:
    """Return a file as the table of files shows it."""
    elsewhere = nomination.holder and nomination.holder != nomination.unit
    return {
        "url": reverse("workflows:nomination", kwargs={"uid": nomination.uid}),
        "reference": nomination.reference,
        "title": title_of([nominee.name for nominee in nomination.present_nominees]),
        "unit": nomination.unit.name,
        "state": nomination.state,
        "state_label": nomination.get_state_display(),
        "where": nomination.holder.name if elsewhere else "",
        "due": nomination.due,
        "since": nomination.since,
    }


def title_of(names: Sequence[str]) -> str:
    """Return the title of a file: its first nominees, and how many more there are."""
    title = ", ".join(names[:NAMED]) or _("No nominee yet")
    rest = len(names) - NAMED
    if rest <= 0:
        return title
    more = ngettext("and %(count)s more", "and %(count)s more", rest) % {"count": rest}
    return f"{title} {more}"


def names_of(keys: Iterable[int]) -> dict[int, list[str]]:
    """Return the nominees' names of each nomination among `keys` (primary keys), in one statement."""
    found: dict[int, list[str]] = defaultdict(list)
    nominees = Nominee.objects.filter(nomination__in=list(keys), present=True)
    for key, name in nominees.values_list("nomination", "name"):
        found[key].append(name)
    return found

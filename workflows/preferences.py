"""By which way an officer hears of each kind of notice by e-mail: what was chosen, else what the table says."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from permissions.models import Officer
from workflows.models import Channel, Preference


def of_hearers(hears: Q, kind: str, usual: str) -> list[tuple[int, str]]:
    """Return the active officers among `hears`, each with the channel by which `kind` is told; one statement.

    Who has no address gets no letter, whatever was chosen. `usual` is the channel of who chose nothing.
    """
    chosen = Preference.objects.filter(officer=OuterRef("pk"), kind=kind).values("channel")
    officers = Officer.objects.filter(hears, is_active=True).order_by("pk")
    rows = officers.annotate(chosen=Subquery(chosen)).values_list("pk", "chosen", "email")
    return [(pk, (channel or usual) if email else Channel.NONE) for pk, channel, email in rows]


def chosen(officer: Officer) -> dict[str, str]:
    """Return what `officer` chose: channels by kind."""
    return dict(Preference.objects.filter(officer=officer).values_list("kind", "channel"))


SCREEN = ("language", "density", "keyboard", "opens_next")  # what an officer's own row keeps


def choose(
    officer: Officer, channels: Mapping[str, str], usual: Mapping[str, str], screen: Mapping[str, object]
) -> None:
    """Keep the `channels` that differ from `usual`, so that a better table reaches whoever never chose.

    `screen` holds the values of `SCREEN`, all of them.
    """
    rows = [
        Preference(officer=officer, kind=kind, channel=channel)
        for kind, channel in channels.items()
        if channel != usual[kind]
    ]
    with transaction.atomic():
        Officer.objects.filter(pk=officer.pk).update(**{name: screen[name] for name in SCREEN})
        Preference.objects.filter(officer=officer).delete()
        Preference.objects.bulk_create(rows)

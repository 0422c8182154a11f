"""How delivery stands: what waits, for how long, what was set aside, and when the clock last beat."""

from typing import Any

from django.db.models import Count, Min, Q

from history import clock
from workflows.models import OutboxMessage, Pulse

BEAT = "beat"
LATE_BEAT = 120  # seconds without a beat after which it is said that the clock stands


def state() -> dict[str, Any]:
    """Return numbers for whoever watches: seconds, counts, and the oldest moment (UTC); two statements and a clock.

    `lag` is how long the oldest message that waits has waited; `beat` how long ago the clock beat, None if never.
    """
    now = clock.now()
    waiting = Q(delivered=None, set_aside=None)
    undone = OutboxMessage.objects.filter(delivered=None).aggregate(
        waiting=Count("pk", filter=waiting),
        oldest=Min("created", filter=waiting),
        set_aside=Count("pk", filter=Q(set_aside__isnull=False)),
    )
    beat = Pulse.objects.filter(name=BEAT).values_list("at", flat=True).first()
    return {
        "waiting": undone["waiting"],
        "lag": round((now - undone["oldest"]).total_seconds(), 1) if undone["oldest"] else 0,
        "oldest": undone["oldest"].isoformat() if undone["oldest"] else None,
        "set_aside": undone["set_aside"],
        "beat": round((now - beat).total_seconds(), 1) if beat else None,
    }

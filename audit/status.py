"""How far the ledger is proved: the last checkpoint, the last verifications, and what waits for its place."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import verification
from audit.models import Verification
from history import checkpoints, clock, log


@dataclass(frozen=True)
class Status:
    """What the box shows: facts as label and value, how much was found, and the first of it in words."""

    facts: list[dict[str, str]]
    faults: int
    found: list[str]


def status() -> Status:
    """Return the status in words; three statements."""
    last, waiting = checkpoints.latest(), log.waiting()
    full, part = verification.latest_of_both()
    signed = ""
    if last:
        signed = _("No. %(number)s, %(at)s, over %(size)s events; code %(code)s") % {
            "number": last.number,
            "at": clock.moment(last.at),
            "size": _number(last.size),
            "code": checkpoints.short_code(last.root),
        }
    facts = [
        {"label": _("Last signed checkpoint"), "value": signed},
        {"label": _("Last full verification"), "value": _verified(full)},
        {"label": _("Last verification of what was new"), "value": _verified(part)},
        {
            "label": _("Not yet in the log"),
            "value": ngettext("%(count)s event", "%(count)s events", waiting) % {"count": _number(waiting)},
        },
    ]
    if full and full.console:
        facts.append({"label": _("Done by whoever runs the server"), "value": _number(full.console)})
    worst = max((found for found in (full, part) if found), key=lambda found: found.count, default=None)
    return Status(facts, worst.count if worst else 0, worst.faults if worst else [])


def _verified(found: Verification | None) -> str:
    if found is None:
        return ""
    result = (
        ngettext("%(count)s fault", "%(count)s faults", found.count) % {"count": _number(found.count)}
        if found.count
        else _("nothing altered")
    )
    values = {
        "at": clock.moment(found.at),
        "events": _number(found.events),
        "result": result,
    }
    if found.replayed:
        return _("%(at)s, %(events)s events, every act judged again: %(result)s") % values
    return _("%(at)s, %(events)s events: %(result)s") % values


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")

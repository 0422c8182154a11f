"""What the plan prefers, counted: who works directly on the task, and who is at the grassroots."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from nominations.models import Nominee
from nominations.models.programmes import NomineeKind


def of(nominees: Sequence[Nominee]) -> list[dict[str, Any]]:
    """Return the share of direct workers among the individuals and of the grassroots among all, as a page shows them."""
    people = [nominee for nominee in nominees if nominee.kind == NomineeKind.INDIVIDUAL]
    return [
        share(_("Individuals who work directly on the task"), [one.is_direct_worker for one in people]),
        share(_("Nominees at the grassroots"), [one.is_grassroots for one in nominees]),
    ]


def share(label: str, marks: Sequence[bool]) -> dict[str, Any]:
    """Return how many of `marks` are set; `warn` when none is, though there are some to count."""
    count = sum(marks)
    value = _("%(count)s of %(total)s") % {"count": count, "total": len(marks)} if marks else ""
    return {"label": label, "value": value, "warn": bool(marks) and not count}

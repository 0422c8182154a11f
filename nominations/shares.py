"""What the plan prefers, counted: who works directly on the task, and who is at the grassroots."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _


def of(direct: Sequence[bool], grassroots: Sequence[bool]) -> list[dict[str, Any]]:
    """Return both shares as a page shows them: `direct` is the mark of each individual, `grassroots` of each nominee."""
    return [
        _share(_("Individuals who work directly on the task"), direct),
        _share(_("Nominees at the grassroots"), grassroots),
    ]


def _share(label: str, marks: Sequence[bool]) -> dict[str, Any]:
    """How many of `marks` are set; `warn` when none is, though there are some to count."""
    count = sum(marks)
    value = _("%(count)s of %(total)s") % {"count": count, "total": len(marks)} if marks else ""
    return {"label": label, "value": value, "warn": bool(marks) and not count}

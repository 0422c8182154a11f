"""An act that counts as done by the end of a time limit, with all that makes it lawful, as the ledger tells it."""

from dataclasses import replace
from typing import Any

from audit import law
from history.ledger import Entry
from tests.audit.campaigns.insider import Insider, uid

OVER, NOT_OVER = "2024-11-04", "2024-11-05"  # the second is the legal day itself, which is not over


def deemed(
    i: Insider, name: str = "forward", *, due: str = OVER, by: str = "", **limit: Any
) -> tuple[Entry, ...]:
    """All that makes an act count as done lawfully: the account, its post, the limit, the due day, and the act.

    `by` names another account in the limit; `limit` is what it says otherwise.
    """
    act, account, post = i.lawful[name], uid(), uid()
    given = i.lawful["appoint"]
    rights = sorted(law.ROLES[act.role].split())
    ruler = str(i.honest.world["programme_administrator@home"].uid)
    which = {"step": act.step, "award": "", "unit_kind": ""}
    says = {**which, "from": "2024-01-01", "days": 8, "unit": "working", "at_expiry": "deemed"} | limit
    rules = Entry(stream="deadlines", kind="rules.changed", actor=ruler, action="lay_down")
    moved = {"day": "2024-11-06", "kind": "holiday", "due": {act.stream: ["2024-11-20", due]}}
    told = {**which, "from": "2024-01-01", "due": due}
    return (
        replace(given, stream=f"officer:{account}", kind="officer.created", post="", role="", unit="",
                data={"automatic": True}, text={}),
        replace(given, stream=f"officer:{account}", post=post, role=act.role, unit=act.unit,
                data={**given.data, "rights": rights}, text={}),
        replace(rules, data={**says, "deemed_by": by or account}),
        replace(rules, stream="calendar", action="put", data=moved),
        replace(act, actor=account, post=post, automatic=True, data={**act.data, "deemed": told}),
    )  # fmt: skip

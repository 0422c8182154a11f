"""Until when each file and decision is due, as its last act and the changes of the calendar since led to it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from history.facts import Fact
from nominations.models import AwardDecision, Nomination


class StandingClocks:
    """Learns the due days from the events, stream by stream, and compares them with the tables."""

    def __init__(self, fault: Callable[[str, str], None]):
        self.fault = fault
        self.due: dict[str, tuple[datetime, str]] = {}
        self.moved: dict[str, list[tuple[datetime, str]]] = {}  # by a change of the calendar

    def learn_acts(self, stream: str, last: Fact) -> None:
        self.due[stream] = last.at, last.data.get("due", "")

    def learn_calendar(self, facts: list[Fact]) -> None:
        for fact in facts:
            for stream, (_before, now) in fact.data.get("due", {}).items():
                self.moved.setdefault(stream, []).append((fact.at, now))

    def check(self) -> None:
        models: tuple[tuple[str, Any], ...] = (("nomination", Nomination), ("decision", AwardDecision))
        for about, model in models:
            for uid, due in model.objects.order_by("pk").values_list("uid", "due"):
                stream = f"{about}:{uid}"
                at, led = self.due.get(stream, (None, ""))
                led = next(
                    (now for when, now in reversed(self.moved.get(stream, ())) if at and when > at), led
                )
                stored = due.isoformat() if due else ""
                if at is not None and led != stored:
                    what = {"what": "due", "led": led, "stored": stored}
                    self.fault(
                        stream, _("%(what)s: the events lead to “%(led)s”, stored is “%(stored)s”") % what
                    )

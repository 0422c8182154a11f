"""Units, the tree that they make, and the rounds against what their events lead to."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from audit.replay.people import People
from history.facts import Fact
from nominations.models import Quota, Round
from permissions import units
from permissions.models import Unit, UnitClosure, UnitParent

Fault = Callable[[str, str], None]
DAYS = ("valid_from", "valid_to")


class StandingCountry:
    """What the events about rounds lead to, beside what the tables hold; units come from `people`."""

    def __init__(self, fault: Fault, people: People):
        self.fault = fault
        self.people = people
        self.rounds: dict[str, dict[str, Any]] = {}  # by programme and year
        self.names: dict[
            str, str
        ] = {}  # of units as printed, by stream; the rules know them without diacritics

    def learn(self, events: Iterable[Fact]) -> None:
        """Take over the events of one stream, in order."""
        for fact in events:
            if fact.about == "unit":
                self.names[fact.stream] = fact.text.get("name", "")
            elif fact.about == "round":
                told = self.rounds.setdefault(fact.key, {"quotas": {}, "closed_on": None})
                told |= {
                    name: date.fromisoformat(fact.data[name])
                    for name in ("opens", "closes")
                    if name in fact.data
                }
                told["quotas"] |= fact.data.get("quotas", {})
                if fact.kind == "round.closed":
                    told["closed_on"] = fact.legal_day

    def check(self) -> None:
        """Compare all with the tables."""
        self._units()
        self._tree()
        self._rounds()

    def _units(self) -> None:
        told = {(code, unit.start): unit for code, known in self.people.units.items() for unit in known}
        for code, kind, name, start, end in Unit.objects.order_by("pk").values_list(
            "code", "kind", "name", *DAYS
        ):
            unit = told.pop((code, start), None)
            stream = f"unit:{code}:{start}"
            told_name = self.names.get(stream) or name  # erased: nothing to compare
            if unit is None or (unit.kind, unit.end, told_name) != (kind, end, name):
                self.fault(stream, _("the unit stands otherwise than its events lead to"))
        for code, start in told:
            self.fault(f"unit:{code}:{start}", _("the ledger tells of it, but it is not stored any more"))

    def _tree(self) -> None:
        """The parents are those of the events, and who stands below whom follows from them."""
        rows = UnitParent.objects.values_list("unit__code", "parent__code", *DAYS)
        told = {
            (code, parent, days.start, days.end)
            for code, links in self.people.parents.items()
            for parent, days in links
        }
        for code, *_link in sorted(told ^ set(rows), key=str):
            self.fault(f"unit:{code}", _("the unit stands below another than its events lead to"))
        names = ("ancestor_id", "unit_id", "depth", *DAYS)
        drawn = {tuple(getattr(row, name) for name in names) for row in units.closure()}
        for _ancestor, unit, *_days in sorted(drawn ^ set(UnitClosure.objects.values_list(*names)), key=str):
            self.fault(f"unit {unit}", _("who stands below whom does not follow from the tree"))

    def _rounds(self) -> None:
        quotas: dict[int, dict[str, int]] = {}
        for pk, kind, count in Quota.objects.values_list("round", "kind", "count"):
            quotas.setdefault(pk, {})[kind] = count
        for round in Round.objects.select_related("programme").order_by("pk"):
            key = f"{round.programme.code}:{round.year}"
            stands = {
                "opens": round.opens, "closes": round.closes, "closed_on": round.closed_on,
                "quotas": quotas.get(round.pk, {}),
            }  # fmt: skip
            if self.rounds.pop(key, None) != stands:
                self.fault(f"round:{key}", _("the round stands otherwise than its events lead to"))
        for key in self.rounds:
            self.fault(f"round:{key}", _("the ledger tells of it, but it is not stored any more"))

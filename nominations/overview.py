"""What the files of a round say together: where they wait, how far units came, who is put forward, who was on time.

Everything is counted over what the reader may read, each set of figures by one statement.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from nominations import deadlines, ranking, rules
from nominations.figures import Figures, Series
from nominations.models import Handling, Nomination, Nominee, Round
from nominations.models.programmes import NomineeKind
from nominations.states import OPEN, Outcome, State
from permissions.models import Officer

MOST_UNITS = 12  # bars that can be read; the rest stand together
MOST_YEARS = 6
DAY = 24 * 60 * 60
CHOSEN = (Outcome.AWARDED,)
PEOPLE = Q(kind=NomineeKind.INDIVIDUAL)
GROUPS = {
    "direct": PEOPLE & Q(is_direct_worker=True),
    "leaders": PEOPLE & Q(is_direct_worker=False),
    "grassroots": Q(is_grassroots=True),
}


def rounds() -> QuerySet[Round]:
    """Return the rounds to choose from, the latest first."""
    return Round.objects.select_related("programme").order_by("-year", "programme__code")


@dataclass
class Sight:
    """What is counted: the files of `round` that `officer` may read, at the moment `now` (UTC)."""

    officer: Officer
    round: Round
    now: datetime

    @property
    def files(self) -> QuerySet[Nomination]:
        return Nomination.objects.filter(rules.readable(self.officer), round=self.round).order_by()

    @cached_property
    def by_unit(self) -> list[dict[str, Any]]:
        """The nominees of each unit, counted by all that two pictures ask; one statement for both."""
        chosen = Q(outcome__in=CHOSEN)
        asked: dict[str, Any] = {
            "all": Count("pk"),
            "sent": Count("pk", filter=Q(nomination__version__gt=0)),
            "chosen": Count("pk", filter=chosen),
        }
        for name, group in GROUPS.items():
            asked[f"{name}_all"] = Count("pk", filter=group)
            asked[f"{name}_chosen"] = Count("pk", filter=group & chosen)
        nominees = Nominee.objects.filter(present=True, nomination__in=self.files.values("pk")).order_by()
        rows = nominees.values(body_key=F("nomination__unit"), called=F("nomination__unit__name"))
        return list(rows.annotate(**asked).order_by("-all", "called"))


def every(of: Sight) -> list[Figures]:
    """Return all sets of figures."""
    return [make(of) for make in SETS.values()]


def waiting(of: Sight) -> Figures:
    """Where the open files wait, on the flow itself: in time and late, and how many days on average."""
    late = deadlines.late(of.now)
    rows = (
        of.files.filter(holder__isnull=False)
        .values("state")
        .annotate(all=Count("pk"), late=Count("pk", filter=late), wait=Avg(of.now - F("since")))
    )
    nothing = {"all": 0, "late": 0, "wait": None}
    known = {row["state"]: row for row in rows}
    counts = [known.get(state, nothing) for state in OPEN]
    labels = [
        _waits(state, round_days(row["wait"])) if row["all"] else str(state.label)
        for state, row in zip(OPEN, counts, strict=True)
    ]
    return Figures(
        "cho",
        _("Where files wait"),
        _("Step (average wait)"),
        tuple(labels),
        (
            Series(_("in time"), "main", tuple(row["all"] - row["late"] for row in counts)),
            Series(_("overdue"), "bad", tuple(row["late"] for row in counts)),
        ),
        tuple(_list(round=of.round.pk, state=state.value) for state in OPEN),
        way="flow",
    )


def units(of: Sight) -> Figures:
    """How far the nominees of each unit came: put forward, submitted, awarded; the units with most first."""
    found = of.by_unit
    shown, rest = found[:MOST_UNITS], found[MOST_UNITS:]
    labels = [row["called"] for row in shown]
    urls = [_list(round=of.round.pk, unit=row["body_key"]) for row in shown]
    if rest:
        labels.append(_("%(count)s more units") % {"count": len(rest)})
        urls.append(_list(round=of.round.pk))
        shown.append({key: sum(row[key] for row in rest) for key in ("all", "sent", "chosen")})
    return Figures(
        "don-vi",
        _("From unit to award"),
        _("Unit"),
        tuple(labels),
        (
            Series(_("put forward"), "quiet", tuple(row["all"] for row in shown)),
            Series(_("submitted"), "main", tuple(row["sent"] for row in shown)),
            Series(_("awarded"), "good", tuple(row["chosen"] for row in shown)),
        ),
        tuple(urls),
        way="beside",
    )


def quota(of: Sight) -> Figures:
    """How much of the quota stands on decisions, and how much is left."""
    places, used = ranking.quota(of.round), ranking.used(of.round)
    kinds = list(NomineeKind)
    return Figures(
        "chi-tieu",
        _("Quota"),
        _("Kind of nominee"),
        tuple(str(kind.label) for kind in kinds),
        (
            Series(_("on decisions"), "main", tuple(used[kind.value] for kind in kinds)),
            Series(
                _("left"),
                "quiet",
                tuple(max(places.get(kind.value, 0) - used[kind.value], 0) for kind in kinds),
            ),
        ),
        (_round(of.round),) * len(kinds),
    )


def shares(of: Sight) -> Figures:
    """Direct workers against leaders among the individuals, and the grassroots: put forward and awarded."""
    row = {
        key: sum(unit[key] for unit in of.by_unit)
        for name in GROUPS
        for key in (f"{name}_all", f"{name}_chosen")
    }
    labels = {
        "direct": _("Works directly on the task"),
        "leaders": _("Leaders and others"),
        "grassroots": _("At the grassroots"),
    }
    return Figures(
        "co-cau",
        _("Direct workers and leaders"),
        _("Group"),
        tuple(labels.values()),
        (
            Series(_("put forward"), "main", tuple(row[f"{name}_all"] for name in GROUPS)),
            Series(_("awarded"), "good", tuple(row[f"{name}_chosen"] for name in GROUPS)),
        ),
        (_list(round=of.round.pk),) * len(GROUPS),
        way="beside",
        note=_("A nominee at the grassroots is also counted in one of the other groups."),
    )


def on_time(of: Sight) -> Figures:
    """Of the acts that had a time limit, how many were done in time, by step."""
    rows = (
        Handling.objects.filter(nomination__in=of.files.values("pk"), late__isnull=False)
        .order_by()
        .values("step")
        .annotate(good=Count("pk", filter=Q(late=False)), bad=Count("pk", filter=Q(late=True)))
    )
    known = {row["step"]: row for row in rows}
    states = [state for state in State if state in known]
    return Figures(
        "dung-han",
        _("Handled in time"),
        _("Step"),
        tuple(str(state.label) for state in states),
        (
            Series(_("in time"), "good", tuple(known[state]["good"] for state in states)),
            Series(_("overdue"), "bad", tuple(known[state]["bad"] for state in states)),
        ),
        tuple(_list(round=of.round.pk, state=state.value) for state in states),
    )


def years(of: Sight) -> Figures:
    """The same programme year against year: nominees put forward, and awarded."""
    rows = (
        Nominee.objects.filter(
            present=True,
            nomination__round__in=_last_years(of.round),
            nomination__in=Nomination.objects.filter(rules.readable(of.officer)).order_by().values("pk"),
        )
        .order_by()
        .values(year=F("nomination__round__year"), key=F("nomination__round"))
        .annotate(all=Count("pk"), chosen=Count("pk", filter=Q(outcome__in=CHOSEN)))
        .order_by("year")
    )
    found = list(rows)
    return Figures(
        "cac-nam",
        _("Year against year"),
        _("Year"),
        tuple(str(row["year"]) for row in found),
        (
            Series(_("put forward"), "main", tuple(row["all"] for row in found)),
            Series(_("awarded"), "good", tuple(row["chosen"] for row in found)),
        ),
        tuple(_list(round=row["key"]) for row in found),
        way="beside",
    )


SETS: dict[str, Callable[[Sight], Figures]] = {
    "cho": waiting,
    "don-vi": units,
    "chi-tieu": quota,
    "co-cau": shares,
    "dung-han": on_time,
    "cac-nam": years,
}


def _waits(state: State, days: float) -> str:
    return _("%(step)s (%(days)s days)") % {"step": state.label, "days": f"{days:g}".replace(".", ",")}


def round_days(wait: Any) -> float:
    """Return a span as days, to one decimal."""
    return round(wait.total_seconds() / DAY, 1)


def _last_years(round: Round) -> QuerySet[Round]:
    """The rounds of the same programme of the last years, this one's among them."""
    return Round.objects.filter(programme=round.programme_id, year__gt=round.year - MOST_YEARS).values("pk")


def _list(**wanted: Any) -> str:
    return f"{reverse('nominations:list')}?{urlencode(wanted)}"


def _round(round: Round) -> str:
    return reverse("nominations:round", kwargs={"pk": round.pk})

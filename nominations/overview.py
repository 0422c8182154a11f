"""What the files of a round say together: where they wait, how far units came, who is put forward, who was on time.

Everything is counted over what the reader may read, each set of figures by one statement.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from nominations import deadlines, ranking, rules
from nominations.figures import Figures, Series
from nominations.models import Handling, Nomination, Nominee, Round
from nominations.models.programmes import NomineeKind
from nominations.states import Outcome, State
from permissions.models import Officer

MOST_UNITS = 12  # bars that can be read; the rest stand together
MOST_YEARS = 6
DAY = 24 * 60 * 60
CHOSEN = (Outcome.AWARDED,)


def rounds() -> QuerySet[Round]:
    """Return the rounds to choose from, the latest first."""
    return Round.objects.select_related("programme").order_by("-year", "programme__code")


def every(officer: Officer, round: Round, now: datetime) -> list[Figures]:
    """Return all sets of figures of `round` for `officer` at the moment `now` (UTC)."""
    return [make(officer, round, now) for make in SETS.values()]


def waiting(officer: Officer, round: Round, now: datetime) -> Figures:
    """Where the open files wait, in the order of the flow: in time and late, and how many days on average."""
    late = deadlines.late(now)
    rows = (
        _files(officer, round)
        .filter(holder__isnull=False)
        .order_by()
        .values("state")
        .annotate(all=Count("pk"), late=Count("pk", filter=late), wait=Avg(now - F("since")))
    )
    known = {row["state"]: row for row in rows}
    states = [state for state in State if state in known]
    counts = [known[state] for state in states]
    days = [round_days(row["wait"]) for row in counts]
    labels = [
        _("%(step)s (%(days)s days)") % {"step": state.label, "days": str(number).replace(".", ",")}
        for state, number in zip(states, days, strict=True)
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
        tuple(_list(round=round.pk, state=state.value) for state in states),
    )


def units(officer: Officer, round: Round, _now: datetime) -> Figures:
    """How far the nominees of each unit came: put forward, submitted, awarded; the units with most first."""
    sent = Q(nomination__version__gt=0)
    rows = (
        _nominees(officer, round)
        .values(body_key=F("nomination__unit"), called=F("nomination__unit__name"))
        .annotate(
            all=Count("pk"), sent=Count("pk", filter=sent), chosen=Count("pk", filter=Q(outcome__in=CHOSEN))
        )
        .order_by("-all", "called")
    )
    found = list(rows)
    shown, rest = found[:MOST_UNITS], found[MOST_UNITS:]
    labels = [row["called"] for row in shown]
    urls = [_list(round=round.pk, unit=row["body_key"]) for row in shown]
    if rest:
        labels.append(_("%(count)s more units") % {"count": len(rest)})
        urls.append(_list(round=round.pk))
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


def quota(_officer: Officer, round: Round, _now: datetime) -> Figures:
    """How much of the quota stands on decisions, and how much is left."""
    places, used = ranking.quota(round), ranking.used(round)
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
        (_round(round),) * len(kinds),
    )


def shares(officer: Officer, round: Round, _now: datetime) -> Figures:
    """Direct workers against leaders among the individuals, and the grassroots: put forward and awarded."""
    chosen = Q(outcome__in=CHOSEN)
    people = Q(kind=NomineeKind.INDIVIDUAL)
    groups = {
        "direct": people & Q(is_direct_worker=True),
        "leaders": people & Q(is_direct_worker=False),
        "grassroots": Q(is_grassroots=True),
    }
    asked: dict[str, Any] = {}
    for name, group in groups.items():
        asked |= {
            f"{name}_all": Count("pk", filter=group),
            f"{name}_chosen": Count("pk", filter=group & chosen),
        }
    row = _nominees(officer, round).aggregate(**asked)
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
            Series(_("put forward"), "main", tuple(row[f"{name}_all"] for name in groups)),
            Series(_("awarded"), "good", tuple(row[f"{name}_chosen"] for name in groups)),
        ),
        (_list(round=round.pk),) * len(groups),
        way="beside",
        note=_("A nominee at the grassroots is also counted in one of the other groups."),
    )


def on_time(officer: Officer, round: Round, _now: datetime) -> Figures:
    """Of the acts that had a time limit, how many were done in time, by step."""
    rows = (
        Handling.objects.filter(
            nomination__in=_files(officer, round).order_by().values("pk"), late__isnull=False
        )
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
        tuple(_list(round=round.pk, state=state.value) for state in states),
    )


def years(officer: Officer, round: Round, _now: datetime) -> Figures:
    """The same programme year against year: nominees put forward, and awarded."""
    rows = (
        Nominee.objects.filter(
            present=True,
            nomination__round__programme=round.programme_id,
            nomination__in=Nomination.objects.filter(rules.readable(officer)).order_by().values("pk"),
        )
        .order_by()
        .values(year=F("nomination__round__year"), key=F("nomination__round"))
        .annotate(all=Count("pk"), chosen=Count("pk", filter=Q(outcome__in=CHOSEN)))
        .order_by("-year")[:MOST_YEARS]
    )
    found = list(rows)[::-1]
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


SETS: dict[str, Callable[[Officer, Round, datetime], Figures]] = {
    "cho": waiting,
    "don-vi": units,
    "chi-tieu": quota,
    "co-cau": shares,
    "dung-han": on_time,
    "cac-nam": years,
}


def round_days(wait: Any) -> float:
    """Return a span as days, to one decimal."""
    return round(wait.total_seconds() / DAY, 1)


def _files(officer: Officer, round: Round) -> QuerySet[Nomination]:
    return Nomination.objects.filter(rules.readable(officer), round=round)


def _nominees(officer: Officer, round: Round) -> QuerySet[Nominee]:
    files = _files(officer, round).order_by().values("pk")
    return Nominee.objects.filter(present=True, nomination__in=files).order_by()


def _list(**wanted: Any) -> str:
    return f"{reverse('nominations:list')}?{urlencode(wanted)}"


def _round(round: Round) -> str:
    return reverse("nominations:round", kwargs={"pk": round.pk})

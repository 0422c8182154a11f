"""How each finding is answered: by the ledger, or by the tables that every verification compares with it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from audit.asking import Ask
from audit.files import MODELS
from audit.finding_rows import MOST, Found, Named, Row, acts, found, moment, named
from audit.law import CLOSES
from audit.spans import lasting
from history import clock, patterns
from history.ledger import texts_of
from nominations import deadlines
from nominations.models import Nominee, Programme
from nominations.models.programmes import NomineeKind
from nominations.states import DECISION_ENDED, ENDED, LEVELS, DecisionState, Outcome, State
from permissions.tables import Cell

LINKED = 5  # timelines to which a row leads
RETURNS = ("return", "send_back", "request_supplement")
OVERRIDING = ("settle_tie", "reorder", "leave_off", "restore")  # a person sets the computed list aside
APPROVING = (  # step and act by which somebody lets a file go on in their name
    ("sign_proposal", "submit"),
    ("endorse", "endorse"),
    ("confirm", "confirm"),
    ("submit", "submit"),
    ("check", "pass"),
    ("sign", "sign"),
)


def odd_hours(ask: Ask) -> Found:
    hours = {"first": ask.values["from_hour"], "last": ask.values["to_hour"]}
    events = patterns.at_hours(ask.only(), **hours, weekends=ask.values["weekends"])
    return found(_of_acts(), acts(events[: MOST + 1]))


def one_day(ask: Ask) -> Found:
    levels = {str(step): str(level) for step, level in LEVELS.items()}
    rows = patterns.in_one_day(ask.only(), levels=levels, at_least=ask.values["levels"])[: MOST + 1]
    files = named({row["stream"] for row in rows})
    return found(
        [_("File"), _("Levels"), _("First act of the day"), _("Last act of the day")],
        [Row([files[row["stream"]].cell(), Cell(str(row["count"])), *_moments(row)]) for row in rows],
    )


def returned(ask: Ask) -> Found:
    rows = patterns.repeated(ask.only(), actions=RETURNS, at_least=ask.values["times"])[: MOST + 1]
    files = named({row["stream"] for row in rows})
    return found(
        [_("File"), _("Times"), _("First"), _("Last")],
        [Row([files[row["stream"]].cell(), Cell(str(row["count"])), *_moments(row)]) for row in rows],
    )


def unchecked(ask: Ask) -> Found:
    events = patterns.unchecked(
        ask.only(), overriding=OVERRIDING, check="pass", signing="sign", beginning="propose"
    )
    return found(_of_acts(), acts(events[: MOST + 1]))


def late(ask: Ask) -> Found:
    """The due date is the tables' alone, and few files have one yet; the ledger says how long they lay."""
    resting = [*ENDED, *DECISION_ENDED, State.DRAFT]
    longer = timedelta(days=ask.values["days"])
    events = list(patterns.long_stays(ask.only(), longer=longer, ended=resting)[: MOST + 1])
    overdue = _overdue(ask)
    files = named({event.stream for event in events} | set(overdue))
    rows = [
        Row([files[stream].cell(), Cell(label), Cell(_("Due %(day)s") % {"day": due}), Cell("–")])
        for stream, (label, due) in overdue.items()
    ]
    rows += [
        Row(
            [
                files[event.stream].cell(event.sequence),
                Cell(_step(event.stream, event.to_state)),
                Cell(lasting(event.lasted), meta="" if event.until else _("still there")),
                Cell(moment(event.at)),
            ]
        )
        for event in events
    ]
    return found([_("File"), _("Step"), _("How long"), _("Since")], rows)


def after_due(ask: Ask) -> Found:
    """Both days are the ledger's: until when it was due when the act was done, and the legal day of the act."""
    events = list(patterns.after_due(ask.only(), closes=CLOSES)[: MOST + 1])
    rows = [
        Row([*row.cells, Cell(f"{event.due:%d/%m/%Y}")])
        for row, event in zip(acts(events), events, strict=True)
    ]
    return found([*_of_acts(), _("Had been due")], rows)


def leaders(ask: Ask) -> Found:
    """Who is awarded is the outcome in the tables, which every verification compares with the ledger."""
    awarded = Nominee.objects.filter(
        ask.within("decided_at"),
        outcome=Outcome.AWARDED,
        kind=NomineeKind.INDIVIDUAL,
        nomination__in=ask.subjects("nomination").order_by().values("pk"),
    ).order_by()
    groups = awarded.values(
        "nomination__round__programme__name", "nomination__round__year", "nomination__unit__name"
    ).annotate(
        awarded=Count("pk"),
        others=Count("pk", filter=Q(is_direct_worker=False)),
        files=ArrayAgg("nomination__uid", distinct=True),
    )
    rows = list(
        groups.filter(awarded__gte=ask.values["at_least"])
        .annotate(bar=F("awarded") * ask.values["share"])
        .filter(bar__lte=F("others") * 100)
        .order_by("-nomination__round__year", "nomination__unit__name")[: MOST + 1]
    )
    files = named({f"nomination:{uid}" for row in rows for uid in row["files"][:LINKED]})
    heads = [
        _("Programme and unit"),
        _("Individuals awarded"),
        _("Not working directly on the task"),
        _("Share"),
    ]
    return found(heads, [_share_row(row, files) for row in rows])


def one_person(ask: Ask) -> Found:
    approving = Q()
    for step, action in APPROVING:
        approving |= Q(step=step, action=action)
    counts = list(patterns.by_person(ask.only(), acts=approving))
    totals: Counter[str] = Counter()
    for row in counts:
        totals[row["programme"]] += row["count"]
    rows = [
        row
        for row in counts
        if row["count"] >= ask.values["at_least"]
        and row["count"] * 100 > totals[row["programme"]] * ask.values["share"]
    ][: MOST + 1]
    last = patterns.with_keys([row["last"] for row in rows])
    texts = texts_of(last.values())
    latest = patterns.latest_of_each(
        ask.only(), acts=approving, actors=[row["actor"] for row in rows], most=LINKED
    )
    files = named({stream for streams in latest.values() for stream in streams})
    names = dict(Programme.objects.values_list("code", "name"))
    listed = []
    for row in rows:
        text = texts.get(last[row["last"]].text_digest, {})
        share = round(row["count"] * 100 / totals[row["programme"]])
        cells = [
            Cell(text.get("actor") or _("(name erased)"), meta=text.get("position", "")),
            Cell(names.get(row["programme"], row["programme"] or "–")),
            Cell(f"{row['count']} / {totals[row['programme']]}"),
            Cell(f"{share} %"),
        ]
        listed.append(Row(cells, _links(files, latest.get(row["actor"], ()))))
    return found([_("Officer"), _("Programme"), _("Approving acts"), _("Share")], listed)


def _of_acts() -> list[str]:
    return [_("File"), _("What was done"), _("By whom"), _("When")]


def _moments(row: dict[str, Any]) -> list[Cell]:
    return [Cell(moment(row[name])) for name in ("first", "last")]


def _overdue(ask: Ask) -> dict[str, tuple[str, str]]:
    """Return by stream the step and the due day of what still waits after it; two statements and a clock."""
    rows, at = {}, clock.now()
    for kind in MODELS:
        waiting = ask.subjects(kind).filter(deadlines.late(at), holder__isnull=False)
        for subject in waiting.order_by("due", "pk")[:MOST]:
            rows[subject.stream] = str(subject.get_state_display()), f"{subject.due:%d/%m/%Y}"
    return rows


def _step(stream: str, state: str) -> str:
    states: Any = State if stream.startswith("nomination:") else DecisionState
    return str(states(state).label)


def _share_row(row: Mapping[str, Any], files: dict[str, Named]) -> Row:
    programme = f"{row['nomination__round__programme__name']} · {row['nomination__round__year']}"
    cells = [
        Cell(row["nomination__unit__name"], meta=programme),
        Cell(str(row["awarded"])),
        Cell(str(row["others"])),
        Cell(f"{round(row['others'] * 100 / row['awarded'])} %"),
    ]
    return Row(cells, _links(files, [f"nomination:{uid}" for uid in row["files"][:LINKED]]))


def _links(files: dict[str, Named], streams: Iterable[str]) -> list[tuple[str, str]]:
    return [(files[stream].reference, files[stream].url) for stream in dict.fromkeys(streams)]

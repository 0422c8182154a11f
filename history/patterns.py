"""What strikes one about many events at once: questions to the ledger over many streams, none of them a verdict.

`only` narrows the events to streams and to the period that is asked about. No function says what an act or
a state means: whoever asks brings the words.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import (
    Cast,
    Coalesce,
    ExtractHour,
    ExtractIsoWeekDay,
    Now,
    RowNumber,
    TruncDate,
)

from history.clock import VIETNAM
from history.models import Event

MOVED = ~Q(from_state=F("to_state")) & ~Q(to_state="")


def at_hours(only: Q, *, first: int, last: int, weekends: bool) -> QuerySet[Event]:
    """Return the acts of persons outside the hours from `first` to `last`, by the clock of Việt Nam, the newest first.

    With `weekends` those of Saturday and Sunday too.
    """
    odd = Q(hour__lt=first) | Q(hour__gte=last)
    if weekends:
        odd |= Q(weekday__gte=6)
    acts = Event.objects.filter(only, automatic=False).exclude(to_state="")
    asked = acts.annotate(
        hour=ExtractHour("at", tzinfo=VIETNAM), weekday=ExtractIsoWeekDay("at", tzinfo=VIETNAM)
    )
    return asked.filter(odd).order_by("-at", "-pk")


def in_one_day(only: Q, *, levels: Mapping[str, str], at_least: int) -> QuerySet[Any, Any]:
    """Return stream, day, first, last and the number of levels where so many of them acted within one day.

    `levels` says of which level a step is.
    """
    level = Case(
        *[When(step=step, then=Value(level)) for step, level in levels.items()], output_field=CharField()
    )
    acts = Event.objects.filter(MOVED, only, automatic=False, step__in=list(levels))
    days = acts.annotate(day=TruncDate("at", tzinfo=VIETNAM), level=level).order_by().values("stream", "day")
    found = days.annotate(count=Count("level", distinct=True), first=Min("at"), last=Max("at"))
    return found.filter(count__gte=at_least).order_by("-last", "stream")


def repeated(only: Q, *, actions: Collection[str], at_least: int) -> QuerySet[Any, Any]:
    """Return stream, count, first and last where one of `actions` was done so often."""
    acts = Event.objects.filter(only, action__in=list(actions)).order_by().values("stream")
    found = acts.annotate(count=Count("pk"), first=Min("at"), last=Max("at"))
    return found.filter(count__gte=at_least).order_by("-count", "-last", "stream")


def unchecked(
    only: Q, *, overriding: Collection[str], check: str, signing: str, beginning: str
) -> QuerySet[Event]:
    """Return the acts that override, and the signatures, that lack the check of another person, the newest first.

    An overriding act, or a signature that struck lines out, wants a `check` after it; a signature wants
    one between the last `beginning` and itself.
    """
    other = Event.objects.filter(stream=OuterRef("stream"), action=check).exclude(actor=OuterRef("actor"))
    later = other.filter(sequence__gt=OuterRef("sequence"))
    begun = Event.objects.filter(
        stream=OuterRef("stream"), action=beginning, sequence__lt=OuterRef("sequence")
    ).order_by("-sequence")
    between = other.filter(sequence__lt=OuterRef("sequence"), sequence__gt=OuterRef("begun"))
    struck = Q(action=signing) & Q(data__has_key="struck") & ~Q(data__struck=[])
    acts = Event.objects.filter(only, action__in=[*overriding, signing])
    acts = acts.annotate(begun=Coalesce(Subquery(begun.values("sequence")[:1]), Value(0)))
    wants = (Q(action__in=list(overriding)) | struck) & ~Exists(later)
    return acts.filter(wants | (Q(action=signing) & ~Exists(between))).order_by("-at", "-pk")


def long_stays(only: Q, *, longer: timedelta, ended: Collection[str]) -> QuerySet[Any, Any]:
    """Return the events after which a file lay at its step longer than that, with `until` and `lasted`; the longest first.

    `until` is empty where it still lies there. Nothing lies in a state of `ended`.
    """
    following = Event.objects.filter(MOVED, stream=OuterRef("stream"), sequence__gt=OuterRef("sequence"))
    until = following.order_by("sequence").values("at")[:1]
    moves = Event.objects.filter(MOVED, only).exclude(to_state__in=list(ended))
    lasted = ExpressionWrapper(
        Coalesce("until", Now(), output_field=DateTimeField()) - F("at"), output_field=DurationField()
    )
    found = moves.annotate(until=Subquery(until)).annotate(lasted=lasted)
    return found.filter(lasted__gt=longer).order_by("-lasted", "stream")


def after_due(only: Q, *, closes: int) -> QuerySet[Any]:
    """Return the acts that led on what had been due before, with that day as `due`; the newest first.

    A day is over when it is past, or at the hour `closes` of itself, by the clock of Việt Nam.
    """
    acts = Event.objects.filter(MOVED, only, data__has_key="was_due")
    acts = acts.annotate(
        due=Cast(KeyTextTransform("was_due", "data"), DateField()), hour=ExtractHour("at", tzinfo=VIETNAM)
    )
    of_the_day = Q(due=F("legal_day"), hour__gte=closes) & Q(legal_day=TruncDate("at", tzinfo=VIETNAM))
    return acts.filter(Q(due__lt=F("legal_day")) | of_the_day).order_by("-at", "-pk")


def by_person(only: Q, *, acts: Q) -> QuerySet[Any, Any]:
    """Return programme, actor, count and the last event of each, of the acts that `acts` names; the most first.

    The programme is that with which the stream was opened.
    """
    opened = Event.objects.filter(stream=OuterRef("stream"), sequence=1)
    programme = opened.values("data__round__programme")[:1]
    done = Event.objects.filter(only, acts, automatic=False).annotate(programme=Subquery(programme))
    found = done.order_by().values("programme", "actor")
    return found.annotate(count=Count("pk"), last=Max("pk")).order_by("-count", "actor")


def latest_of_each(only: Q, *, acts: Q, actors: Collection[str], most: int) -> dict[str, list[str]]:
    """Return the streams of the last `most` of these acts of each actor; one statement."""
    done = Event.objects.filter(only, acts, automatic=False, actor__in=list(actors))
    order = Window(RowNumber(), partition_by="actor", order_by=[F("at").desc(), F("pk").desc()])
    latest = done.annotate(place=order).filter(place__lte=most)
    found: dict[str, list[str]] = {}
    for actor, stream in latest.order_by("actor", "place").values_list("actor", "stream"):
        found.setdefault(actor, []).append(stream)
    return found


def with_keys(keys: Collection[int]) -> dict[int, Event]:
    """Return events by key; one statement."""
    return {event.pk: event for event in Event.objects.filter(pk__in=list(keys))}

"""Every act done under a delegation, as the ledger has it, each with a link to what the reader may read."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from history import clock, kinds
from history.ledger import texts_of
from history.models import Event
from nominations import rules, story
from nominations.models import AwardDecision, Nomination, Round
from permissions.models import Officer
from permissions.tables import Cell, Table


@dataclass(frozen=True)
class _Subject:
    """What an act was about: its name, and its address if the reader may read it."""

    name: str
    url: str


def table(reader: Officer, events: Sequence[Event]) -> Table:
    """Return `events` as a table for `reader`; the number of statements does not grow with them."""
    texts, subjects = texts_of(events), _subjects(reader, {event.stream for event in events})
    rows = []
    for event in events:
        text = texts.get(event.text_digest, {})
        subject = subjects.get(event.stream, _Subject(event.stream, ""))
        rows.append(
            [
                Cell(_label(event), meta=clock.moment(event.at)),
                Cell(subject.name, subject.url),
                Cell(text.get("actor") or _("(name erased)"), meta=text.get("unit", "")),
            ]
        )
    return Table(_("Acts done under this delegation"), [_("Act"), _("File"), _("Officer")], rows)


def _label(event: Event) -> str:
    if event.kind == kinds.ROUND_CLOSED:
        return _("Close the round")
    return story.label(event)


def _subjects(reader: Officer, streams: set[str]) -> dict[str, _Subject]:
    """What the streams are about: files, decisions and rounds; one statement for each kind that is there."""
    files = Nomination.objects.filter(uid__in=_keys(streams, "nomination"))
    lists = AwardDecision.objects.filter(uid__in=_keys(streams, "decision"))
    found: dict[str, _Subject] = {}
    for subjects, readable, name in (
        (files, rules.readable(reader), "workflows:nomination"),
        (lists, rules.readable_decisions(reader), "workflows:decision"),
    ):
        for subject in subjects.select_related("round").annotate(is_open=rules.true_if(readable)):
            url = reverse(name, kwargs={"uid": subject.uid}) if subject.is_open else ""
            found[subject.stream] = _Subject(subject.reference, url)
    for round in _rounds(_keys(streams, "round")):
        url = reverse("nominations:round", kwargs={"pk": round.pk})
        found[f"round:{round.programme.code}:{round.year}"] = _Subject(str(round), url)
    return found


def _keys(streams: set[str], about: str) -> list[str]:
    return [stream.partition(":")[2] for stream in streams if stream.startswith(f"{about}:")]


def _rounds(keys: list[str]) -> QuerySet[Round]:
    """The rounds of these keys: the code of the programme and the year."""
    query = Q(pk__in=[])
    for code, _colon, year in (key.rpartition(":") for key in keys):
        query |= Q(programme__code=code, year=year)
    return Round.objects.filter(query).select_related("programme")

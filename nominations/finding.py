"""One box for everything that one may see: files and nominees, units and decisions, by words or by number."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from nominations import references, rules
from nominations.models import AwardDecision, DecisionLine, Nomination, Nominee
from permissions import prepared
from permissions.models import Officer, Unit
from permissions.text import normalised, search_key

MOST = 8  # of each kind; whoever wants more narrows the list of files
SHORTEST = 2  # letters: one alone finds everybody


@dataclass(frozen=True)
class Found:
    """One thing found: its name, where it leads, and what tells it from others of the name."""

    name: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Group:
    title: str
    found: list[Found]
    more: str = ""  # the address of all of them, if there are more


def find(officer: Officer, text: str) -> list[Group]:
    """Return what `text` finds among what `officer` may see, at most `MOST` of each kind; one statement for each."""
    text = normalised(text)
    if len(text) < SHORTEST:
        return []
    groups = [
        _nominees(officer, text),
        _files(officer, text),
        _units(officer, text),
        _decisions(officer, text),
    ]
    return [group for group in groups if group.found]


def matching(text: str) -> Q:
    """Return the nominations that `text` names: a file's number, or words of a nominee or unit without diacritics."""
    key = search_key(text)
    named = Nominee.objects.filter(present=True, name_search__contains=key)  # asked once, not once a file
    called = Unit.objects.filter(name_search__contains=key)
    return Q(unit__in=called.values("pk")) | Q(pk__in=named.values("nomination")) | _numbered(text)


def _numbered(text: str) -> Q:
    number = references.typed(normalised(text))
    if not number:
        return Q(pk__in=[])
    year, pk = number
    return Q(pk=pk, round__year=year) if year else Q(pk=pk)


def _nominees(officer: Officer, text: str) -> Group:
    rows = prepared.rows(_named, officer, words=search_key(text))
    found = [
        Found(nominee.name, _file(nominee.nomination), _note(nominee.nomination, nominee.title))
        for nominee in rows
    ]
    return _group(_("Nominees"), found, _list(text))


def _named(officer: Officer, words: str) -> QuerySet[Nominee]:
    readable = rules.nominations_for(officer).order_by().values("pk")
    return (
        Nominee.objects.filter(present=True, name_search__contains=words, nomination__in=readable)
        .select_related("nomination__round", "nomination__unit")
        .order_by("-nomination__since", "pk")[: MOST + 1]
    )


def _files(officer: Officer, text: str) -> Group:
    rows: Iterable[Nomination] = ()
    if references.typed(text):  # words are found among the nominees and the units
        files = rules.nominations_for(officer).filter(_numbered(text))
        rows = files.select_related("round", "unit").order_by("-since")[: MOST + 1]
    found = [Found(file.reference, _file(file), _note(file, file.get_state_display())) for file in rows]
    return _group(_("Files"), found, _list(text))


def _units(officer: Officer, text: str) -> Group:
    found = [
        Found(unit.name, f"{reverse('nominations:list')}?{urlencode({'unit': unit.pk})}", _("its files"))
        for unit in prepared.rows(_called, officer, words=search_key(text))
    ]
    return _group(_("Units"), found)


def _called(officer: Officer, words: str) -> QuerySet[Unit]:
    readable = rules.nominations_for(officer).order_by().filter(unit=OuterRef("pk"))
    units = Unit.objects.filter(Exists(readable), name_search__contains=words)
    return units.order_by("name_sort", "-valid_from")[: MOST + 1]


def _decisions(officer: Officer, text: str) -> Group:
    key = search_key(text)
    if cited := references.CITED.fullmatch(text):
        number, year = map(int, cited.groups())
        numbered = Q(register_number__number=number, register_number__year=year)
        rows = list(_decided(officer, numbered))
    elif text.isdecimal() and len(text) < 7:
        rows = list(_decided(officer, Q(register_number__number=int(text)) | _presents(key)))
    else:
        rows = prepared.rows(_presenting, officer, words=key)
    found = [
        Found(
            str(decision.register_number or decision.reference),
            reverse("workflows:decision", kwargs={"uid": decision.uid}),
            f"{decision.round.year} · {decision.get_state_display()}",
        )
        for decision in rows
    ]
    return _group(_("Decisions"), found)


def _presents(words: str) -> Q:
    """The decisions that present a nominee of this name."""
    named = DecisionLine.objects.filter(live=True, nominee__name_search__contains=words)
    return Q(Exists(named.filter(decision=OuterRef("pk"))))


def _presenting(officer: Officer, words: str) -> QuerySet[AwardDecision]:
    return _decided(officer, _presents(words))


def _decided(officer: Officer, query: Q) -> QuerySet[AwardDecision]:
    found = rules.decisions_for(officer).filter(query)
    return found.select_related("round", "register_number__register").order_by("-pk")[: MOST + 1]


def _group(title: str, found: list[Found], more: str = "") -> Group:
    return Group(title, found[:MOST], more if len(found) > MOST else "")


def _file(file: Nomination) -> str:
    return reverse("workflows:nomination", kwargs={"uid": file.uid})


def _note(file: Nomination, what: Any) -> str:
    return " · ".join(str(part) for part in (what, file.unit.name, file.reference) if part)


def _list(text: str) -> str:
    return f"{reverse('nominations:list')}?{urlencode({'q': text})}"

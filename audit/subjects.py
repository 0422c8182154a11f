"""What an event is about: the file or unit, whose auditors see it, its programme, its number, its nominees."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from history import kinds
from history.facts import Fact
from nominations.models import AwardDecision, DecisionVersion, Nomination, NominationVersion
from nominations.references import written
from permissions.models import Unit

# Events of these streams are about the unit that they name; those of no unit only the province's auditors see.
OF_A_UNIT = {"officer", "delegation"}


@dataclass(frozen=True)
class About:
    """What the index stores of an event's subject."""

    scope: int | None = None
    programme: str = ""
    reference: str = ""


def subject_of(fact: Fact) -> str:
    """Return the stream that an event is about: its own, or what was read, exported or erased."""
    told = fact.data.get("stream") if fact.kind == kinds.TEXT_ERASED else fact.data.get("subject")
    return str(told) if told else fact.stream


def dated_code(fact: Fact) -> str:
    """Return the code of the unit that an event gave its days; "" if it gave none."""
    return fact.key.rpartition(":")[0] if fact.kind in (kinds.UNIT_CREATED, kinds.UNIT_CHANGED) else ""


def by_code() -> Q:
    """Return which entries of the index are about the unit that bore a code on their day."""
    return Q(*(("subject__startswith", f"{kind}:") for kind in sorted(OF_A_UNIT)), _connector=Q.OR)


def about(facts: Iterable[Fact]) -> list[About]:
    """Return for each event what it is about; at most three statements, however many events."""
    facts = list(facts)
    subjects = [subject_of(fact) for fact in facts]
    files = _files(subjects)
    units = _Units() if any(_names_a_unit(subject) for subject in subjects) else None
    return [
        files[subject] if subject in files else _other(fact, subject, units)
        for fact, subject in zip(facts, subjects, strict=True)
    ]


def references(subjects: Iterable[str]) -> dict[str, str]:
    """Return the numbers of the files and decisions among these streams; two statements."""
    return {stream: about.reference for stream, about in _files(subjects).items()}


def names(facts: Iterable[Fact]) -> dict[str, list[str]]:
    """Return by digest the names of the nominees in the versions that were frozen; two statements."""
    digests = {fact.content_digest for fact in facts if fact.content_digest and fact.text}
    if not digests:
        return {}
    found: dict[str, list[str]] = {}
    versions = NominationVersion.objects.filter(digest__in=digests)
    for digest, nominees in versions.values_list("digest", "content__nominees"):
        found[digest] = [nominee["name"] for nominee in nominees]
    decided = DecisionVersion.objects.filter(digest__in=digests)
    for digest, lines in decided.values_list("digest", "content__lines"):
        found[digest] = [line["nominee"]["name"] for line in lines]
    return found


def _files(subjects: Iterable[str]) -> dict[str, About]:
    found = {}
    for kind, model, scope in (
        ("nomination", Nomination, "unit"),
        ("decision", AwardDecision, "round__programme__deciding_unit"),
    ):
        uids = {subject.partition(":")[2] for subject in subjects if subject.startswith(f"{kind}:")}
        if not uids:
            continue
        rows = model._default_manager.filter(uid__in=uids)
        for pk, uid, unit, year, code in rows.values_list(
            "pk", "uid", scope, "round__year", "round__programme__code"
        ):
            found[f"{kind}:{uid}"] = About(unit, f"{code}:{year}", written(kind, year, pk))
    return found


def _names_a_unit(subject: str) -> bool:
    return subject.partition(":")[0] in OF_A_UNIT | {"unit", "nomination", "decision"}


def _other(fact: Fact, subject: str, units: "_Units | None") -> About:
    kind, _colon, key = subject.partition(":")
    if kind in ("round", "programme"):
        return About(programme=key)
    if units is None:
        return About()
    if kind == "unit":
        code, _colon, start = key.rpartition(":")
        return About(units.on(code, date.fromisoformat(start)))
    if kind in OF_A_UNIT and fact.unit:
        return About(units.on(fact.unit, fact.legal_day))
    if kind in ("nomination", "decision"):  # its row is gone: where it was
        return About(units.on(fact.after.get("unit") or fact.unit, fact.legal_day))
    return About()


class _Units:
    """The units by code and day."""

    def __init__(self) -> None:
        self.known: dict[str, list[tuple[date, int]]] = {}
        for code, start, pk in Unit.objects.order_by("valid_from").values_list("code", "valid_from", "pk"):
            self.known.setdefault(code, []).append((start, pk))

    def on(self, code: str, day: date) -> int | None:
        """Return the key of the unit that bore this code on a day, else the first that did."""
        named = self.known.get(code, [])
        begun = [pk for start, pk in named if start <= day]
        return begun[-1] if begun else next((pk for _start, pk in named), None)

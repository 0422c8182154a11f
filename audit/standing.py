"""Do the tables of today say what the events lead to? Files, decisions, versions, documents, posts and registers."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby
from typing import Any

from django.db import DataError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from audit import asof, law, standing_contents
from audit.contents import freezes
from audit.law import ENDED
from audit.standing_clocks import StandingClocks
from audit.standing_country import StandingCountry
from audit.standing_people import StandingPeople
from history.facts import Fact, by_stream
from history.report import Report
from nominations import evidence, rules
from nominations.models import (
    AwardDecision,
    DecisionLine,
    DecisionVersion,
    Evidence,
    Nomination,
    NominationVersion,
    Nominee,
    Opinion,
    Recusal,
    RegisterNumber,
)

OUTCOME = ("assessment", "total", "outcome", "outcome_rank")
WRITTEN = {"draft", "sign_proposal", "supplement", "compile"}  # where the content is not frozen, or not anew
ROUND = ("round__programme__code", "round__year")
NUMBER = ("register__code", "year", "number")
DOCUMENT = ("sha256", "size", "kind")
ENDED_WITHOUT = {
    "draft",
    "supplement",
    "lapsed",
    "withdrawn",
}  # what the unit took out while it wrote is no outcome


def tables(subject: Nomination | AwardDecision) -> dict[str, Any]:
    """Return how one file or decision stands in the tables, as `asof.snapshot` tells it from the ledger."""
    if isinstance(subject, Nomination):
        return next(_nominations(Nomination.objects.filter(pk=subject.pk)))[1]
    return next(_decisions(AwardDecision.objects.filter(pk=subject.pk)))[1]


def check(report: Report) -> None:
    """Add to `report` whatever stands otherwise in the tables than the ledger leads to."""
    try:
        _Standing(report).run()
    except DataError as error:  # such as a moment that never comes
        report.fault("log", str(error))


class _Standing:
    """One walk over the events, stream by stream, beside what the tables hold."""

    def __init__(self, report: Report):
        self.fault, self.part = report.fault, report.part
        self.files = dict(_nominations(Nomination.objects.all())) | dict(
            _decisions(AwardDecision.objects.all())
        )
        self.versions = {(stream, number, digest) for stream, number, digest in _digests()}
        self.documents = {
            str(uid): (f"nomination:{nomination}", *what)
            for uid, nomination, *what in Evidence.objects.values_list("uid", "nomination__uid", *DOCUMENT)
        }
        self.writing: set[str] = set()  # the streams of what is written at, or was when it ended
        self.people = StandingPeople(report.fault)
        self.country = StandingCountry(report.fault, self.people.people)
        self.clocks = StandingClocks(report.fault)
        # register, year, number → the decision that took it, and whether it is used or void
        self.numbers: dict[tuple[str, int, int], tuple[str, str]] = {}
        self.signed: dict[str, Fact] = {}  # the act by which each decision stands signed

    def run(self) -> None:
        for stream, events in groupby(by_stream(), key=lambda fact: fact.stream):
            try:
                self._stream(stream, list(events))
            except (
                KeyError,
                TypeError,
                ValueError,
                AttributeError,
            ) as error:  # as an event that was changed may be
                what = {"what": error}
                self.fault(stream, _("the event lacks what its kind has to say (%(what)s)") % what)
        for stream in self.files:
            self.fault(stream, _("it is stored, but the ledger does not tell of it"))
        for stream, number, _digest in sorted(self.versions):
            self.fault(f"{stream} v{number}", _("no event freezes this content"))
        for stream, sha256, *_what in self.documents.values():
            self.fault(f"{stream} {sha256[:12]}", _("no event tells of this document"))
        parts: dict[str, Callable[[], None]] = {
            "documents": self._bytes,
            "registers": self._registers,
            "people": self.people.check,
            "units": self.country.check,
            "clocks": self.clocks.check,
            "contents": partial(standing_contents.check, self.fault, self.writing),
        }
        for name, check in parts.items():
            with self.part(name):
                check()

    def _stream(self, stream: str, events: list[Fact]) -> None:
        """Learn from what belongs to the stream; whatever else stands in it is a fault of its own."""
        facts = []
        for fact in events:
            if law.belongs(fact.kind, stream):
                facts.append(fact)
            else:
                self.fault(fact.name, _("an event of this kind does not belong to such a stream"))
        if stream.partition(":")[0] in ("nomination", "decision"):
            self._file(stream, facts)
        elif stream == "calendar":
            self.clocks.learn_calendar(facts)
        else:
            self.people.learn(facts)
            self.country.learn(facts)

    def _file(self, stream: str, facts: list[Fact]) -> None:
        """State, place, version and outcomes of a file or decision, its versions and documents."""
        for fact in facts:
            if fact.kind == "evidence.stored":
                told = stream, *(fact.data[name] for name in DOCUMENT)
                if self.documents.pop(fact.data["evidence"], None) != told:
                    self.fault(fact.name, _("the document stands otherwise than it was stored"))
            elif fact.kind not in law.ACTS:
                continue
            elif freezes(fact):
                key = (stream, fact.data["version"], fact.content_digest)
                if key not in self.versions:
                    self.fault(fact.name, _("the content that it froze is missing"))
                self.versions.discard(key)
            if fact.about == "decision":
                self._signed_and_numbered(stream, fact)
        stored = self.files.pop(stream, None)
        facts = [fact for fact in facts if fact.kind in law.ACTS | law.RECUSALS]
        acts = [fact for fact in facts if fact.kind in law.ACTS]
        if stored is None or not acts:
            self.fault(stream, _("the ledger tells of it, but it is not stored any more"))
            return
        moved = acts[-1]
        self.clocks.learn_acts(stream, moved)
        if moved.to_state in WRITTEN or (moved.to_state in ENDED and moved.from_state in WRITTEN):
            self.writing.add(stream)
        self._compare(facts[-1].name, asof.snapshot(asof.fold(facts)), stored)

    def _signed_and_numbered(self, stream: str, fact: Fact) -> None:
        data = fact.data
        if fact.action == "issue_number":
            self.numbers[data["register"], data["year"], data["number"]] = stream, "used"
        elif fact.action == "void_number":
            for key, (taker, _state) in self.numbers.items():
                if (taker, *key[1:]) == (stream, data["year"], data["number"]):
                    self.numbers[key] = stream, "void"
        elif fact.action == "sign":
            self.signed[stream] = fact
        elif fact.to_state == "compile":  # the signature no longer stands
            self.signed.pop(stream, None)

    def _compare(self, where: str, led: dict[str, Any], stored: dict[str, Any]) -> None:
        told, stands = led.pop("nominees"), stored.pop("nominees")
        for name, value in stored.items():
            if led[name] != value:
                what = {"what": name, "led": led[name], "stored": value}
                self.fault(where, _("%(what)s: the events lead to “%(led)s”, stored is “%(stored)s”") % what)
        if led["state"] not in ENDED_WITHOUT and stands.keys() - told.keys():
            self.fault(where, _("nominees stand in it of whom no event tells"))
        for uid, standing in told.items():
            if stands.get(uid) != standing and (uid in stands or led["state"] not in ENDED_WITHOUT):
                what = {"uid": uid}
                self.fault(where, _("nominee %(uid)s stands otherwise than the events lead to") % what)

    def _bytes(self) -> None:
        """Every document still has the bytes whose digest was recorded when it was stored."""
        rows = Evidence.objects.order_by("sha256").values_list("sha256", "nomination__uid")
        for sha256, uid in dict(rows).items():
            where, found = f"nomination:{uid} {sha256[:12]}", evidence.digest_of(sha256)
            if found is None:
                self.fault(where, _("the bytes of the document are missing"))
            elif found != sha256:
                self.fault(where, _("the bytes of the document are not those that were stored"))

    def _registers(self) -> None:
        """Decisions bear the signature and the number of their events, and the registers the numbers that were taken."""
        in_force = {stream: key for key, (stream, state) in self.numbers.items() if state == "used"}
        columns = (
            "uid",
            "signed_by_name",
            "register_number",
            *(f"register_number__{name}" for name in NUMBER),
        )
        for uid, signer, bears, *number in AwardDecision.objects.order_by("pk").values_list(*columns):
            stream = f"decision:{uid}"
            if (tuple(number) if bears else None) != in_force.get(stream):
                self.fault(stream, _("it bears another number than its events lead to"))
            fact = self.signed.get(stream)
            if signer != (fact.text.get("actor", signer) if fact else ""):  # erased: nothing to compare
                self.fault(
                    fact.name if fact else stream, _("it bears another signature than its events lead to")
                )
        rows = RegisterNumber.objects.order_by("pk").values_list(*NUMBER, "decision__uid", "state")
        for *key, decision, state in rows:
            if self.numbers.pop(tuple(key), None) != (f"decision:{decision}", state):
                where = f"{key[0]} {key[1]}/{key[2]}"
                self.fault(where, _("no event took this number for this decision"))
        for key, (stream, _state) in self.numbers.items():
            what = {"number": key[2]}
            self.fault(stream, _("the number %(number)s that it took is not in the register") % what)


def _nominations(files: QuerySet[Nomination]) -> Iterator[tuple[str, dict[str, Any]]]:
    nominees: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in Nominee.objects.filter(present=True, nomination__in=files).values(
        "nomination", "uid", *OUTCOME
    ):
        nominees[row.pop("nomination")][str(row.pop("uid"))] = row
    digests = _last(NominationVersion.objects.filter(nomination__in=files), "nomination")
    recused = _recused("nomination", files)
    opinions: dict[int, dict[str, str]] = defaultdict(dict)
    for pk, asked, answer in Opinion.objects.filter(nomination__in=files).values_list(
        "nomination", "uid", "answer"
    ):
        opinions[pk][str(asked)] = answer
    columns = ("pk", "uid", *ROUND, "state", "holder__code", "unit__code", "version")
    for pk, uid, programme, year, state, holder, unit, version in files.order_by("pk").values_list(*columns):
        yield (
            f"nomination:{uid}",
            {
                "state": state,
                "holder": holder or "",
                "unit": unit,
                "version": version,
                "digest": digests.get((pk, version), ""),
                "round": f"{programme}:{year}",
                "recused": recused[pk],
                "opinions": opinions[pk],
                "nominees": nominees[pk],
                "lines": [],
            },
        )


def _decisions(decisions: QuerySet[AwardDecision]) -> Iterator[tuple[str, dict[str, Any]]]:
    lines: dict[int, list[dict[str, Any]]] = defaultdict(list)
    on_it = DecisionLine.objects.filter(rules.on_the_list(), decision__in=decisions)
    columns = ("decision", "nominee__uid", "nominee__nomination__uid", "rank", "live")
    for row in on_it.order_by("decision", "nominee__kind", "rank", "pk").values_list(*columns):
        lines[row[0]].append({"nominee": str(row[1]), "file": str(row[2]), "rank": row[3], "live": row[4]})
    digests = _last(DecisionVersion.objects.filter(decision__in=decisions), "decision")
    recused = _recused("decision", decisions)
    names = ("pk", "uid", *ROUND, "state", "holder__code", "version")
    for pk, uid, programme, year, state, holder, version in decisions.order_by("pk").values_list(*names):
        yield (
            f"decision:{uid}",
            {
                "state": state,
                "holder": holder or "",
                "version": version,
                "digest": digests.get((pk, version), ""),
                "round": f"{programme}:{year}",
                "recused": recused[pk],
                "opinions": {},
                "nominees": {},
                "lines": lines[pk],
            },
        )


def _recused(about: str, subjects: QuerySet[Any]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = Recusal.objects.filter(**{f"{about}__in": subjects})
    for pk, uid in rows.order_by("officer__uid").values_list(about, "officer__uid"):
        found[pk].append(str(uid))
    return found


def _last(versions: QuerySet[Any], subject: str) -> dict[tuple[int, int], str]:
    return {(pk, number): digest for pk, number, digest in versions.values_list(subject, "number", "digest")}


def _digests() -> Iterator[tuple[str, int, str]]:
    for about, model in (("nomination", NominationVersion), ("decision", DecisionVersion)):
        for uid, number, digest in model.objects.values_list(f"{about}__uid", "number", "digest"):
            yield f"{about}:{uid}", number, digest

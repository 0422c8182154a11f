"""Was everything done by whoever may? Each event judged again by what stood at that second, all from the ledger.

Imports nothing but the ledger and its own tables of law: a hole in the write path is none here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db import DataError
from django.utils.translation import gettext as _

from audit import law
from audit.replay import appointing, decisions, files, limits
from audit.replay.known import File, Known, Programme
from audit.replay.shapes import shape_faults
from history import clock
from history.facts import Fact, in_order

MOST = 100  # verdicts listed; the count goes on


@dataclass(frozen=True)
class Illegal:
    """An event that the law did not allow, and why."""

    event: str
    why: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.event}: {'; '.join(self.why)}"


@dataclass
class Verdict:
    """How many events were judged, which were not allowed, and how many the server's console did."""

    events: int = 0
    console: int = 0
    count: int = 0
    illegal: list[Illegal] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.count


def replay(facts: Iterable[Fact] | None = None, *, walked: bool = False) -> Verdict:
    """Judge every event in the order of the log; `walked` allows legal days that the demo or a test chose."""
    verdict = Verdict()
    try:
        _replay(verdict, in_order() if facts is None else facts, walked)
    except DataError as error:  # such as a moment that never comes
        verdict.count += 1
        verdict.illegal.append(Illegal("log", (str(error),)))
    return verdict


def _replay(verdict: Verdict, facts: Iterable[Fact], walked: bool) -> None:
    for fact, why in judged(facts, Known(), walked=walked):
        verdict.events += 1
        verdict.console += fact.actor in appointing.CONSOLE and fact.about in (
            "officer",
            "unit",
            "delegation",
        )
        if why:
            verdict.count += 1
            if len(verdict.illegal) < MOST:
                verdict.illegal.append(Illegal(fact.name, tuple(why)))


def judged(facts: Iterable[Fact], known: Known, *, walked: bool) -> Iterator[tuple[Fact, list[str]]]:
    """Yield each event with what was not allowed about it, learning from it as it stands."""
    for fact in facts:
        try:
            why = _judge(fact, known)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            why = [_("the event lacks what its kind has to say (%(what)s)") % {"what": error}]
        if not walked and fact.legal_day != clock.local(fact.at).date():
            why.append(_("the legal day is not the day on which it happened"))
        yield fact, why


def _judge(fact: Fact, known: Known) -> list[str]:
    """What is wrong with its place, its shape and what it did; out of place nothing is learned from it."""
    if not law.belongs(fact.kind, fact.stream):
        return [_("an event of this kind does not belong to such a stream")]
    return shape_faults(fact) + _law_faults(fact, known)


def _law_faults(fact: Fact, known: Known) -> list[str]:
    if fact.kind == "nomination.opened":
        return files.judge_opened(fact, known)
    if fact.kind == "decision.opened":
        return decisions.judge_opened(fact, known)
    if fact.about in ("nomination", "decision"):
        file = (known.files if fact.about == "nomination" else known.decisions).get(fact.key)
        if file is None:
            return [_("the file was never opened")]
        return ON_FILE[fact.kind](fact, known, file)
    if fact.about in ("programme", "round", "procedure"):
        return _round(fact, known)
    if fact.about in ("deadlines", "calendar"):
        limits.learn(fact, known)
    return appointing.judge(fact, known.people)


def _acted(fact: Fact, known: Known, file: File) -> list[str]:
    """A person's act, one that counts as done by the end of its time, or what followed from another one."""
    followed = fact.automatic and "deemed" not in fact.data
    return (decisions.judge_followed if followed else files.judge_acted)(fact, known, file)


def _stored(fact: Fact, known: Known, file: File) -> list[str]:
    """A document is added by somebody who writes at the unit's files."""
    if file.state in ("draft", "supplement") and known.people.holds(
        fact.actor, "prepare", {file.unit}, fact.legal_day
    ):
        return []
    return [_("whoever added it did not write at the file")]


ON_FILE = {
    "nomination.acted": _acted,
    "nomination.closed": decisions.judge_followed,
    "nomination.recused": files.judge_recused,
    "evidence.stored": _stored,
    "decision.acted": decisions.judge_acted,
    "decision.recused": files.judge_recused,
}


def _round(fact: Fact, known: Known) -> list[str]:
    """Programmes, rounds and the rules of procedure."""
    if fact.kind == "round.closed":
        return decisions.judge_closed(fact, known)
    data = fact.data
    if fact.about == "procedure":
        known.procedure.append((date.fromisoformat(data["from"]), data))
        known.procedure.sort(key=lambda item: item[0])
    elif fact.about == "programme":
        programme = known.programmes.setdefault(fact.key, Programme())
        bodies = data.get("bodies", {})
        programme.home, programme.office, programme.deciding = (
            bodies.get(name, "") for name in ("appraising_unit", "office_unit", "deciding_unit")
        )
        for each in known.programmes.values():  # the routes are the province's, of every programme
            each.routes = data["routes"]
    else:
        code, _colon, year = fact.key.rpartition(":")
        programme = known.programmes.setdefault(code, Programme())
        before = programme.windows.get(year, (date.min, date.max))
        opens, closes = (data.get(name) for name in ("opens", "closes"))
        programme.windows[year] = (
            date.fromisoformat(opens) if opens else before[0],
            date.fromisoformat(closes) if closes else before[1],
        )
        if "quotas" in data:
            programme.quotas[year] = data["quotas"]
    return appointing.judge(fact, known.people)

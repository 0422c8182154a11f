"""A file or decision as it was: folded from its events alone, up to one of them or to the end of a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from audit import law
from audit.replay.known import File
from history import clock
from history.facts import Fact, in_order


@dataclass(frozen=True)
class Standing:
    """How a file stood, and what had happened to it until then."""

    file: File
    facts: tuple[Fact, ...]

    @property
    def last(self) -> Fact:
        return self.facts[-1]


def at(stream: str, *, sequence: int | None = None, day: date | None = None) -> Standing | None:
    """Return how the subject of `stream` stood after event `sequence`, or at the end of the calendar day `day`.

    Both are open by default: as it stands now. None when it did not exist yet.
    """
    return of(in_order(stream=stream), sequence=sequence, day=day)


def of(facts: Iterable[Fact], *, sequence: int | None = None, day: date | None = None) -> Standing | None:
    """Return the same from the events of the stream, where they have been read already."""
    until = [
        fact
        for fact in facts
        if (sequence is None or fact.sequence <= sequence)
        and (day is None or clock.local(fact.at).date() <= day)
    ]
    return Standing(fold(until), tuple(until)) if until else None


def fold(facts: list[Fact]) -> File:
    """Return what the events of one stream lead to, the first being its opening; only acts move it."""
    opened = facts[0]
    file = _begun(opened)
    for fact in facts[1:]:
        if not law.belongs(fact.kind, fact.stream):
            continue
        if fact.kind in law.RECUSALS:
            file.recused.add(fact.actor)
        elif fact.kind in law.ACTS:
            file.learn(fact, _row(opened, fact))
    return file


def snapshot(file: File) -> dict[str, Any]:
    """Return what of a file is compared with the tables of today."""
    return {
        "state": file.state,
        "holder": file.holder,
        "unit": file.unit,
        "version": file.version,
        "digest": file.digest,
        "round": f"{file.programme}:{file.year}",
        "recused": sorted(file.recused),
        "opinions": file.opinions,
        "nominees": file.nominees,
        "lines": file.lines,
    }


def _begun(opened: Fact) -> File:
    about, unit = opened.data["round"], opened.after.get("holder", opened.unit)
    file = File(opened.to_state, unit, about["programme"], str(about["year"]), last=opened)
    file.unit = opened.after.get("unit", "")
    file.nominees, file.lines = opened.after.get("nominees", {}), opened.after.get("lines", [])
    return file


def _row(opened: Fact, fact: Fact) -> law.Row | None:
    table = law.NOMINATION if opened.about == "nomination" else law.DECISION
    return table.get((fact.step, fact.action))

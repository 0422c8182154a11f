"""What should stand on the lists of a round, written by hand: lines, who waits, and for how many places."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.machine import reference as ref
from tests.machine.reference import Land
from tests.machine.reference_files import File, Person

if TYPE_CHECKING:
    from tests.machine.reference_decisions import Decision


@dataclass(eq=False)
class Line:
    """A nominee on a decision."""

    uid: str
    file: File = field(repr=False)
    live: bool = True
    struck: bool = False
    back: bool = False  # taken off to be appraised again

    @property
    def person(self) -> Person:
        return self.file.nominees[self.uid]

    @property
    def points(self) -> int:
        return self.person.points

    @property
    def on_the_list(self) -> bool:
        return self.live or self.struck

    @property
    def left_off(self) -> bool:
        return not (self.live or self.struck or self.back)


@dataclass(eq=False)
class Book:
    """The files and decisions of one year's round: who waits, and for how many places."""

    land: Land
    year: int
    files: list[File] = field(default_factory=list)
    decisions: list["Decision"] = field(default_factory=list)

    def live(self) -> Iterator[Line]:
        return (line for decision in self.decisions for line in decision.lines.values() if line.live)

    def places_left(self, kind: str) -> int:
        return self.land.quota[kind] - sum(line.person.kind == kind for line in self.live())

    def waiting(self, besides: "Decision | None" = None) -> dict[str, File]:
        """The confirmed nominees who wait for a decision, those left off the draft `besides` aside."""
        taken = {line.uid for line in self.live()}
        if besides is not None:
            taken |= {line.uid for line in besides.lines.values() if line.left_off}
        return {
            uid: file
            for file in self.files
            if file.state == "await_decision"
            for uid, person in file.pending.items()
            if person.assessment == "eligible" and not self.struck(uid) and uid not in taken
        }

    def struck(self, uid: str) -> bool:
        """Whether a signer struck the nominee out for good, in a decision that still stands."""
        return any(
            uid in decision.lines and decision.lines[uid].struck and not decision.lines[uid].back
            for decision in self.decisions
            if decision.state != "abandoned"
        )

    def best(self, besides: "Decision | None" = None) -> dict[str, list[int]]:
        """The points of those who fit into what is left of the quota, by kind, best first."""
        found: dict[str, list[int]] = {}
        for uid, file in self.waiting(besides).items():
            person = file.nominees[uid]
            found.setdefault(person.kind, []).append(person.points)
        return {k: sorted(p, reverse=True)[: max(0, self.places_left(k))] for k, p in found.items()}

    def busy(self) -> bool:
        """Whether something is still on its way, so that the round cannot close."""
        done = {*ref.ENDED, *ref.NOT_SUBMITTED, "await_decision"}
        return any(file.state not in done for file in self.files) or not all(d.ended for d in self.decisions)

    def list_again(self) -> None:
        """Tell every file which of its nominees stand on a decision under way."""
        for file in self.files:
            file.listed = set()
        for decision in self.decisions:
            for line in decision.lines.values() if not decision.ended else ():
                if line.live:
                    line.file.listed.add(line.uid)


def best_of(best: dict[str, list[int]], waiting: dict[str, File], taken: list[str]) -> list[str]:
    """Check whom the product took against the points of the best; among equals it may choose."""
    points: dict[str, list[int]] = {}
    for uid in taken:
        person = waiting[uid].nominees[uid]
        points.setdefault(person.kind, []).append(person.points)
    wanted = {kind: values for kind, values in best.items() if values}
    assert {kind: sorted(values, reverse=True) for kind, values in points.items()} == wanted
    return taken

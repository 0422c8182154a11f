"""The frozen content of each version, and whether it still has the digest that the ledger recorded."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from history import canonical
from history.facts import Fact
from nominations.models import AwardDecision, Nomination

FREEZING = ("submit", "propose", "sign")  # the acts that freeze a content, of a nomination or of a decision


@dataclass(frozen=True)
class Frozen:
    """One version as it is stored, with the digest of its bytes now and the one of the ledger."""

    number: int
    content: dict[str, Any]
    digest: str
    recorded: str

    @property
    def sound(self) -> bool:
        return self.digest == self.recorded


def freezes(fact: Fact) -> bool:
    """Whether an event froze a content as a version of its file or decision."""
    return fact.action in FREEZING and bool(fact.content_digest) and "version" in fact.data


def recorded(facts: Iterable[Fact]) -> dict[int, Fact]:
    """Return the events that froze a version, by its number."""
    return {fact.data["version"]: fact for fact in facts if freezes(fact)}


def read(
    subject: Nomination | AwardDecision, facts: Iterable[Fact], numbers: Collection[int]
) -> dict[int, Frozen]:
    """Return the frozen versions `numbers` of `subject` by number; one statement, each digest checked."""
    told = recorded(facts)
    rows = subject.versions.filter(number__in=numbers).values_list("number", "content")
    return {
        number: Frozen(
            number, content, canonical.digest(content), told[number].content_digest if number in told else ""
        )
        for number, content in rows
    }

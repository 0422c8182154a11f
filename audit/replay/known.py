"""What acts are judged by: programmes, files, decisions, registers, as the ledger has told them so far."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from audit import law
from audit.replay.people import People
from history.facts import Fact

# The acts after which nobody can take the file back.
FINAL = {"reroute", "hand_over", "sign", "issue_number", "void_number", "publish", "recall", "grant_recall"}


@dataclass
class Programme:
    """What a programme and its rounds laid down, as far as acts are judged by it."""

    home: str = ""
    office: str = ""
    deciding: str = ""
    routes: list[dict[str, Any]] = field(default_factory=list)
    windows: dict[str, tuple[date, date]] = field(default_factory=dict)  # by year of the round
    quotas: dict[str, dict[str, int]] = field(default_factory=dict)
    closed: dict[str, Fact] = field(default_factory=dict)


@dataclass
class File:
    """A nomination or a decision as the ledger tells it."""

    state: str
    holder: str
    programme: str
    year: str
    unit: str = ""
    version: int = 0
    digest: str = ""
    last: Fact | None = None
    moved: Fact | None = None  # the act that brought it where it is, unless it cannot be taken back
    due: str = ""  # the day until whose end the step is to be done; "" while no clock runs
    asked: bool = False
    hands: Fact | None = None
    supplements: int = 0
    writing: str = "draft"  # where the unit last wrote at it
    resumes: str = ""  # where a supplement leads back to
    route: list[str] = field(default_factory=list)
    handled: list[tuple[str, str, str]] = field(default_factory=list)  # officer, level, unit
    concluded: dict[int, str] = field(default_factory=dict)
    recused: set[str] = field(default_factory=set)
    opinions: dict[str, str] = field(default_factory=dict)  # asked for → what was answered
    awaited: dict[str, str] = field(default_factory=dict)  # asked for and not answered → until when
    parties: list[dict[str, str]] = field(default_factory=list)
    nominees: dict[str, dict[str, Any]] = field(default_factory=dict)
    lines: list[dict[str, Any]] = field(default_factory=list)  # of a decision

    def learn(self, fact: Fact, row: law.Row | None) -> None:
        """Take over what an act changed, so that the next one is judged by it."""
        level = row.level(self.moved.from_state if self.moved else self.state) if row else ""
        if level:
            self.handled.append(
                (fact.actor, level, self.holder if row and row.seat == "holder" else fact.unit)
            )
        self.handled += [(author, "proposer", self.unit) for author in fact.data.get("authors", ())]
        self.version = fact.after.get("version", self.version)
        if fact.action == "conclude":
            self.concluded[self.version] = fact.actor
        if fact.action == "request_supplement":
            self.supplements += 1
            self.resumes = fact.from_state
        if fact.to_state in law.WRITING:
            self.writing = fact.to_state
        if (self.state, fact.action) in (("supplement", "recall"), ("supplement", "grant_recall")):
            self.supplements -= fact.to_state != "sign_proposal"  # the request was never made
        self._learn_opinions(fact)
        if fact.action in law.ASSIGNMENT:
            self.hands = None if fact.action == "release" else fact
        if fact.to_state != fact.from_state:
            final = fact.automatic or fact.action in FINAL or fact.from_state == "issue_number"
            self.moved, self.asked = None if final else fact, False
        if fact.action in ("request_recall", "decline_recall"):
            self.asked = fact.action == "request_recall"
        if "route" in fact.data:
            self.route = [*(self.route if fact.action == "reroute" else []), *fact.data["route"]]
        if "parties" in fact.text:
            self.parties = fact.text["parties"]
        if fact.content_digest:
            self.digest = fact.content_digest
        self.due = fact.data.get("due", "")
        self.unit = fact.after.get("unit", self.unit)
        self.nominees = fact.after.get("nominees", self.nominees)
        self.lines = fact.after.get("lines", self.lines)
        self.state, self.holder, self.last = fact.to_state, fact.after.get("holder", self.holder), fact

    def _learn_opinions(self, fact: Fact) -> None:
        """What other bodies were asked and answered; a new version of the whole file leaves what was asked void."""
        if fact.action == "submit" and self.writing == "draft":
            self.awaited.clear()
        if fact.action == "ask_opinion":
            asked = str(fact.data.get("opinion"))
            self.opinions[asked], self.awaited[asked] = "", str(fact.data.get("answer_by"))
        if fact.action == "record_opinion":
            asked = str(fact.data.get("opinion"))
            self.opinions[asked] = str(fact.data.get("answer"))
            self.awaited.pop(asked, None)


@dataclass
class Known:
    """Everything that acts are judged by."""

    people: People = field(default_factory=People)
    programmes: dict[str, Programme] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)  # by uid
    decisions: dict[str, File] = field(default_factory=dict)
    procedure: list[tuple[date, dict[str, Any]]] = field(default_factory=list)
    limits: list[Any] = field(default_factory=list)  # of `limits.Limit`
    numbers: dict[tuple[str, int], int] = field(default_factory=dict)  # (register, year) → the last

    def rules(self, day: date) -> dict[str, Any]:
        """Return the rules of procedure in force on a day."""
        return next((data for start, data in reversed(self.procedure) if start <= day), {})

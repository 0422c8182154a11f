"""What files and decisions have in common, written by hand: the stay at a step, and who may act there."""

from dataclasses import dataclass, field
from typing import ClassVar

from tests.machine import reference as ref
from tests.machine.reference import Land, Post, Remark, Row, Sent


class Impossible(Exception):
    """What is asked for cannot be done, though the person may do the act."""


@dataclass(eq=False)
class Subject:
    """A file or a decision at its step."""

    land: Land = field(repr=False)
    state: str
    events: int = 1
    handled: list[tuple[str, str]] = field(default_factory=list)  # who, at which level
    sent: Sent | None = None
    opened: bool = False
    recall: str = ""  # asked, declined
    remarks: list[Remark] = field(default_factory=list)
    stay: int = 0

    table: ClassVar[ref.Table]
    noted: ClassVar[set[str]] = ref.NOTED

    @property
    def ended(self) -> bool:
        return self.state in ref.ENDED | ref.DECISION_ENDED

    @property
    def place(self) -> str:
        return ref.WHERE[self.state]

    @property
    def acts(self) -> dict[str, Row]:
        return {name: row for (state, name), row in self.table.items() if state == self.state}

    # who

    def seat(self, row: Row) -> str:
        if row.seat == "sender":
            return self.sent.post[1] if self.sent else ""
        return "home" if row.seat == "home" else self.place

    def post(self, who: str, row: Row) -> Post | None:
        """The post in which `who` would act."""
        if row.seat == "sender":
            mine = self.sent is not None and self.sent.who == who and self.land.holds(who, self.sent.post)
            return self.sent.post if self.sent and mine else None
        place = self.seat(row)
        held = [(role, place) for role in sorted(row.roles) if self.land.holds(who, (role, place))]
        return held[0] if held else None

    def level(self, row: Row) -> str:
        if row.seat == "sender" and self.sent:
            return ref.level_of(self.sent.state, self.sent.post[1])
        if row.seat in ("proposer", "home"):
            return "proposer" if row.seat == "proposer" else "appraisal"
        return ref.level_of(self.state, self.place)

    def past(self) -> list[tuple[str, str]]:
        return self.handled

    def theirs(self, who: str, action: str) -> bool:
        """Whether the act is theirs: seat and separation of duties, conditions aside."""
        row = self.acts.get(action)
        if row is None or self.post(who, row) is None:
            return False
        return row.seat == "sender" or all(h != who or lv == self.level(row) for h, lv in self.past())

    def may(self, who: str, action: str) -> bool:
        return self.theirs(who, action) and all(self.holds(word, who) for word in self.acts[action].when)

    def holds(self, word: str, who: str) -> bool:
        """Whether a condition of the table is true of the file."""
        return {
            "ticked": lambda: not any(not remark.ticked for remark in self.asked()),
            "unopened": lambda: not self.opened,
            "opened": lambda: self.opened,
            "not asked": lambda: not self.recall,
            "asked": lambda: self.recall == "asked",
        }[word]()

    def on_duty(self) -> list[str]:
        """Whose inbox it is in: also when a condition still stands in the way."""
        found: dict[str, None] = {}
        for action, row in self.acts.items():
            if row.duty:
                for who in self.candidates(row):
                    if who not in found and self.theirs(who, action):
                        found[who] = None
        return list(found)

    def awaited(self) -> list[str]:
        """For whom it waits: if for nobody, the report of stuck files names it."""
        return self.on_duty()

    def candidates(self, row: Row) -> list[str]:
        """Who comes into question for a row, before separation of duties."""
        if row.seat == "sender":
            return [self.sent.who] if self.sent else []
        return self.land.holders(row.roles, self.seat(row))

    def ways(self) -> list[tuple[str, str]]:
        """Who may do what now."""
        return [
            (who, action)
            for action, row in self.acts.items()
            for who in self.candidates(row)
            if self.may(who, action)
        ]

    def way(self, action: str) -> tuple[str, ...]:
        """Which way an act is: taking back is another one from wherever it was sent."""
        back = action in ("recall", "grant_recall") and self.sent is not None
        return (self.state, action, self.sent.state) if back and self.sent else (self.state, action)

    # what becomes of it

    def asked(self) -> list[Remark]:
        """The remarks made to the step where it waits."""
        return [r for r in self.remarks if (r.to, r.place) == (self.state, self.place)]

    def open(self, who: str) -> bool:
        """Somebody opens the page: whether this was the first opening by whoever acts here."""
        first = bool(self.sent and not self.opened and self.sent.who != who and who in self.on_duty())
        self.opened |= first
        return first

    def act(self, who: str, action: str, choice: dict) -> None:
        """Follow an act that `who` may do; Impossible when what was chosen cannot be done."""
        row = self.acts[action]
        if not choice.get("note", True) and action in self.noted:
            raise Impossible
        post, level = self.post(who, row), self.level(row)
        assert post is not None
        getattr(self, f"do_{action}", self.plainly)(who, post, action, choice)
        self.handled.append((who, level))
        self.events += 1

    def plainly(self, who: str, post: Post, action: str, choice: dict) -> None:
        raise NotImplementedError(action)

    def go(self, state: str, by: Sent | None = None) -> None:
        """Begin a new stay; `by` is who may take it back."""
        self.state, self.opened, self.recall = state, False, ""
        self.sent = None if self.ended else by
        self.stay += 1

    def ask(self, state: str, place: str, count: int) -> None:
        """Remarks of the act that leads to `state`: made to the stay that begins."""
        self.remarks += [Remark(state, place, self.stay + 1) for _ in range(count)]

    def do_request_recall(self, who: str, post: Post, action: str, choice: dict) -> None:
        self.recall = "asked"

    def do_decline_recall(self, who: str, post: Post, action: str, choice: dict) -> None:
        self.recall = "declined"

    def do_recall(self, who: str, post: Post, action: str, choice: dict) -> None:
        """Back to where it came from as if it had not been sent; what was asked for falls away."""
        sent = self.sent
        assert sent is not None
        if not self.land.exists(sent.post[1]):
            raise Impossible
        self.remarks = [r for r in self.remarks if r.ticked or r.stay != self.stay]
        self.undo(sent)
        self.go(sent.state)

    do_grant_recall = do_recall

    def undo(self, sent: Sent) -> None:
        """What else the act that is taken back had done."""

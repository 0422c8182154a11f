"""What should become of an award decision and its list, written by hand."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

from tests.machine import reference as ref
from tests.machine.reference import Post, Sent
from tests.machine.reference_files import File
from tests.machine.reference_round import Book, Line, best_of
from tests.machine.reference_subject import Impossible, Subject


@dataclass(eq=False)
class Decision(Subject):
    """An award decision as it should be."""

    book: Book | None = field(default=None, repr=False)
    lines: dict[str, Line] = field(default_factory=dict)
    order: dict[str, list[str]] = field(default_factory=dict)  # kind → those who stand, by rank
    number: tuple[int, int] | None = None

    table: ClassVar[ref.Table] = ref.DECISION
    noted: ClassVar[set[str]] = ref.NOTED | {"return"}

    def past(self) -> list[tuple[str, str]]:
        files = {id(line.file): line.file for line in self.lines.values() if line.on_the_list}
        return [*self.handled, *(item for file in files.values() for item in file.handled)]

    # the list

    def standing(self) -> list[Line]:
        return [line for line in self.lines.values() if line.live]

    def equals(self, line: Line) -> list[Line]:
        """The others of its kind with the same points."""
        return [
            other
            for other in self.standing()
            if other is not line and (other.person.kind, other.points) == (line.person.kind, line.points)
        ]

    def add(self, uids: Iterable[str], waiting: dict[str, File]) -> None:
        """Put these onto the list; among equals whoever stands already comes first (see `rank`)."""
        for uid in uids:
            self.lines[uid] = Line(uid, waiting[uid])

    def off(self, line: Line, *, back: bool = False) -> None:
        line.live, line.back = False, back

    def chosen(self, choice: dict) -> Line:
        line = self.lines.get(choice["line"])
        if line is None or not line.live:
            raise Impossible
        return line

    def ties(self) -> list[tuple[int, set[str]]]:
        """The undecided ties at the quota's edge: for how many places who contends."""
        assert self.book is not None
        found = []
        waiting = self.book.waiting(besides=self)
        for kind in self.land.quota:
            listed = {line.uid: line.points for line in self.standing() if line.person.kind == kind}
            others = {
                uid: file.nominees[uid].points
                for uid, file in waiting.items()
                if file.nominees[uid].kind == kind
            }
            if self.book.places_left(kind) > 0 or not listed or not others:
                continue
            contending = {uid for uid, points in listed.items() if points <= max(others.values())}
            rivals = {uid for uid, points in others.items() if points >= min(listed.values())}
            if contending:
                found.append((len(contending), contending | rivals))
        return found

    # acts

    def plainly(self, who: str, post: Post, action: str, choice: dict) -> None:
        self.go({"submit": "check", "pass": "sign"}[action], Sent(who, post, self.state))

    def do_propose(self, who: str, post: Post, action: str, choice: dict) -> None:
        if not self.standing() or self.ties():
            raise Impossible
        self.go("submit", Sent(who, post, self.state))

    def do_settle_tie(self, who: str, post: Post, action: str, choice: dict) -> None:
        assert self.book is not None
        wanted = set(choice["chosen"])
        tie = next((tie for tie in self.ties() if wanted and wanted <= tie[1]), None)
        if tie is None or len(wanted) != tie[0]:
            raise Impossible
        waiting = self.book.waiting(besides=self)
        self.add([uid for uid in sorted(tie[1]) if uid in waiting], waiting)
        for uid in tie[1] - wanted:
            self.off(self.lines[uid])
        self.reopen()
        self.touched()

    def do_reorder(self, who: str, post: Post, action: str, choice: dict) -> None:
        line = self.chosen(choice)
        there = self.lines.get(choice["there"])
        if there is None or there not in self.equals(line):
            raise Impossible
        order = self.order[line.person.kind]
        place = order.index(there.uid)
        order.remove(line.uid)
        order.insert(place, line.uid)
        self.touched()

    def do_leave_off(self, who: str, post: Post, action: str, choice: dict) -> None:
        self.off(self.chosen(choice))
        self.reopen()
        self.touched()

    def do_restore(self, who: str, post: Post, action: str, choice: dict) -> None:
        assert self.book is not None
        line, waiting = self.lines.get(choice["line"]), self.book.waiting()
        if line is None or not line.left_off or line.uid not in waiting:
            raise Impossible
        if self.book.places_left(line.person.kind) <= 0:
            raise Impossible
        self.add([line.uid], waiting)
        self.touched()

    def do_recall_nominee(self, who: str, post: Post, action: str, choice: dict) -> None:
        """The whole file goes back to appraisal, unless one of it stands on another decision."""
        line = self.chosen(choice)
        if any(self.lines.get(uid) is None or not self.lines[uid].live for uid in line.file.listed):
            raise Impossible
        for other in self.standing():
            if other.file is line.file:
                self.off(other, back=True)
        line.person.assessment = ""
        self.reopen()
        self.touched()

    def do_refill(self, who: str, post: Post, action: str, choice: dict) -> None:
        """`choice["added"]` is whom the product took: checked against the best who wait."""
        assert self.book is not None
        best, waiting = self.book.best(besides=self), self.book.waiting(besides=self)
        if not any(best.values()):
            raise Impossible
        self.add(best_of(best, waiting, choice["added"]()), waiting)
        self.touched()

    def do_abandon(self, who: str, post: Post, action: str, choice: dict) -> None:
        for line in self.standing():
            line.live = False
        self.go("abandoned")
        self.reopen()

    def do_return(self, who: str, post: Post, action: str, choice: dict) -> None:
        to = choice["to"]
        if to not in (("compile", "check") if self.state == "sign" else ("compile",)):
            raise Impossible
        signed = self.state == "issue_number"
        sent = None if signed else Sent(who, post, self.state)
        self.ask(to, ref.WHERE[to], choice["remarks"])
        self.go(to, sent)

    def do_sign(self, who: str, post: Post, action: str, choice: dict) -> None:
        """`choice["strikes"]`: who is struck out, and whether they go back to appraisal."""
        live, strikes = self.standing(), choice["strikes"]
        if live and len(strikes) == len(live):
            raise Impossible
        for uid, back in strikes.items():
            self.off(self.lines[uid], back=back)
            self.lines[uid].struck = True
            if back:
                self.lines[uid].person.assessment = ""
        self.go("issue_number")
        self.reopen()
        self.tell(line for line in self.lines.values() if line.back and not line.person.assessment)

    def do_issue_number(self, who: str, post: Post, action: str, choice: dict) -> None:
        numbers = self.land.numbers.setdefault(self.land.year, [])
        numbers.append("used")
        self.number = (self.land.year, len(numbers))
        self.go("publish")

    def do_void_number(self, who: str, post: Post, action: str, choice: dict) -> None:
        assert self.number is not None
        year, number = self.number
        self.land.numbers[year][number - 1] = "void"
        self.number = None
        self.go("issue_number")

    def do_publish(self, who: str, post: Post, action: str, choice: dict) -> None:
        decided = [
            line
            for line in self.lines.values()
            if line.on_the_list and not line.back and line.person.outcome == "pending"
        ]
        for line in decided:
            line.person.outcome = "struck_out" if line.struck else "awarded"
        self.go("published")
        for file in self.files():
            if file.state == "await_decision" and not file.pending:
                file.moved("closed")
        self.reopen()
        self.tell(decided)

    def tell(self, changed: Iterable[Line]) -> None:
        """A file that stays where it is, though one of its nominees was changed, gets an event of it."""
        for file in {id(line.file): line.file for line in changed}.values():
            if file.state == "await_decision":
                file.events += 1

    # the files behind the list

    def files(self) -> list[File]:
        return list({id(line.file): line.file for line in self.lines.values()}.values())

    def reopen(self) -> None:
        """Send back to appraisal whose nominee is to be appraised again, unless another stands on a list."""
        assert self.book is not None
        self.book.list_again()
        for file in self.files():
            again = any(not person.assessment for person in file.pending.values())
            if again and not file.listed and file.state == "await_decision":
                file.moved("appraise")

    def touched(self) -> None:
        """Whoever works on the list has opened it: it can no longer be taken back unasked."""
        if self.sent is not None:
            self.opened = True

    def rank(self, stored: list[str]) -> None:
        """Take over the order in which `stored` ranks those who came; who stood there keeps their order."""
        live = {line.uid: line for line in self.standing()}
        assert set(stored) == set(live), "who stands on the list"
        fresh: dict[str, list[str]] = {}
        for uid in stored:
            fresh.setdefault(live[uid].person.kind, []).append(uid)
        for kind, order in fresh.items():
            old = [uid for uid in self.order.get(kind, []) if uid in live]
            assert [uid for uid in order if uid in old] == old, "the order among those who stood"
            points = [live[uid].points for uid in order]
            assert points == sorted(points, reverse=True), "by points"
        self.order = fresh

"""What should become of a nomination file, written by hand."""

from dataclasses import dataclass, field
from typing import ClassVar

from tests.machine import reference as ref
from tests.machine.reference import Opinion, Post, Sent
from tests.machine.reference_subject import Impossible, Subject

STAYS_PUT = {"claim", "release", "assign"}


@dataclass(eq=False)
class Person:
    """A nominee: what was concluded, and what became of it."""

    kind: str = "individual"
    assessment: str = ""  # eligible, ineligible
    points: int = 0  # of the last conclusion
    outcome: str = "pending"
    confirmation: int = 0  # the stay that began with the confirmation that gave the outcome
    struck: bool = False  # for good, by a signer whose decision was not abandoned


@dataclass(eq=False)
class File(Subject):
    """A nomination as it should be."""

    unit: str = ""
    year: int = 2024
    nominees: dict[str, Person] = field(default_factory=dict)
    route: list[str] = field(default_factory=list)
    reached: set[int] = field(default_factory=set)  # legs of the route at which it has been
    here: int | None = None  # the leg where it stands
    version: int = 0
    supplements: int = 0
    resume: str = ""  # where a supplement leads back to
    hands: tuple[str, Post, str] | None = None  # who, in which post, at which step
    concluded_by: set[str] = field(default_factory=set)  # on this version
    opinions: list[Opinion] = field(default_factory=list)
    listed: set[str] = field(default_factory=set)  # nominees who stand on a decision not yet published

    table: ClassVar[ref.Table] = ref.NOMINATION

    @property
    def place(self) -> str:
        if self.here is not None:
            return self.route[self.here]
        return ref.WHERE.get(self.state, self.unit)

    def seat(self, row: ref.Row) -> str:
        return self.unit if row.seat == "proposer" else super().seat(row)

    @property
    def pending(self) -> dict[str, Person]:
        return {uid: person for uid, person in self.nominees.items() if person.outcome == "pending"}

    def assigned(self) -> str:
        """In whose hands it is; a post that ended, or another step, frees it."""
        if self.hands is None:
            return ""
        who, post, step = self.hands
        here = step == self.state and post[1] == self.place
        return who if here and self.land.holds(who, post) else ""

    def theirs(self, who: str, action: str) -> bool:
        if not super().theirs(who, action):
            return False
        if self.acts[action].seat != "holder":
            return True
        if self.state == "confirm" and who in self.concluded_by:
            return False
        if self.state in ref.ASSIGNABLE and action not in STAYS_PUT:
            return self.assigned() in ("", who)
        return True

    def holds(self, word: str, who: str) -> bool:
        mine = {
            "unit ended": lambda: not self.land.exists(self.unit),
            "body ended": lambda: not self.land.exists(self.place),
            "supplement left": lambda: self.supplements < ref.SUPPLEMENTS_AT_MOST,
            "off decision": lambda: not self.listed,
            "unassigned": lambda: not self.assigned(),
            "mine": lambda: self.assigned() == who,
            "opinion open": lambda: any(opinion.open for opinion in self.opinions),
            "opinions in": lambda: not any(opinion.open for opinion in self.opinions),
        }
        return mine[word]() if word in mine else super().holds(word, who)

    def awaited(self) -> list[str]:
        if self.state == "await_decision":
            return self.land.holders(frozenset({"head_of_division"}), "home")
        return self.on_duty()

    # onward

    def plainly(self, who: str, post: Post, action: str, choice: dict) -> None:
        following = {"propose": "sign_proposal", "forward": "endorse", "accept": "appraise"}[action]
        self.go(following, self.from_here(who, post))

    def from_here(self, who: str, post: Post) -> Sent:
        return Sent(who, post, self.state, self.here)

    def do_submit(self, who: str, post: Post, action: str, choice: dict) -> None:
        late = self.year != self.land.year and not self.version
        if late or self.year in self.land.closed:
            raise Impossible
        sent = self.from_here(who, post)
        self.version += 1
        self.concluded_by = set()
        if self.resume:
            self.go(self.resume, sent)
            return
        for opinion in self.opinions:  # the whole file anew: what was asked about the old one is void
            opinion.void = not opinion.answer
        self.route = list(ref.ROUTES[self.land.reformed][self.unit])
        self.here, self.reached = (0, {0}) if self.route else (None, set())
        self.go("review" if self.route else "intake", sent)

    def do_endorse(self, who: str, post: Post, action: str, choice: dict) -> None:
        sent = self.from_here(who, post)
        assert self.here is not None
        following = self.here + 1 if self.here + 1 < len(self.route) else None
        self.here = following
        self.reached |= {following} if following is not None else set()
        self.go("intake" if following is None else "review", sent)

    def do_conclude(self, who: str, post: Post, action: str, choice: dict) -> None:
        """`choice` says of each nominee: eligible or not, and the points."""
        for uid, person in self.pending.items():
            person.assessment, person.points = choice[uid]
        sent = self.from_here(who, post)
        self.concluded_by.add(who)
        self.go("confirm", sent)

    def do_confirm(self, who: str, post: Post, action: str, choice: dict) -> None:
        sent = self.from_here(who, post)
        for person in self.pending.values():
            if person.assessment == "ineligible":
                person.outcome, person.confirmation = "ineligible", self.stay + 1
        self.go("await_decision" if self.pending else "closed", sent)

    # back

    def stops(self, action: str) -> list[tuple[str, str, int | None]]:
        """The earlier steps that may take it: step, place, leg of the route."""
        behind = [n for n in sorted(self.reached) if self.here is None or n < self.here]
        before = [("endorse", self.route[behind[-1]], behind[-1])] if behind else []
        writing = ("supplement" if self.resume else "draft", self.unit, None)
        found = {
            "sign_proposal": [writing],
            "review": [("draft", self.unit, None), *before],
            "endorse": [("draft", self.unit, None), ("review", self.place, self.here)],
            "intake": [("draft", self.unit, None), *before],
            "appraise": [("intake", "home", None), *before],
            "confirm": [("appraise", "home", None)],
        }[self.state]
        return [stop for stop in found if self.land.exists(stop[1])]

    def do_return(self, who: str, post: Post, action: str, choice: dict) -> None:
        stop = next((found for found in self.stops(action) if found[0] == choice["to"]), None)
        if stop is None or not choice["remarks"]:
            raise Impossible
        sent = self.from_here(who, post)
        state, place, self.here = stop
        if state == "draft":
            self.resume = ""
        self.ask(state, place, choice["remarks"])
        self.go(state, sent)

    do_send_back = do_return

    def do_request_supplement(self, who: str, post: Post, action: str, choice: dict) -> None:
        if not self.land.exists(self.unit) or not choice["remarks"]:
            raise Impossible
        sent = self.from_here(who, post)
        self.supplements += 1
        self.resume = self.state
        self.ask("supplement", self.unit, choice["remarks"])
        self.go("supplement", sent)

    def undo(self, sent: Sent) -> None:
        if self.state == "supplement" and sent.state in ("intake", "appraise"):
            self.supplements -= 1
            self.resume = ""
        if sent.state == "confirm":
            for person in self.nominees.values():
                if person.outcome == "ineligible" and person.confirmation == self.stay:
                    person.outcome = "pending"
        self.here = sent.leg

    # elsewhere

    def do_reroute(self, who: str, post: Post, action: str, choice: dict) -> None:
        """Intake names a body; for a body that ended Home Affairs names another, or intake itself."""
        place = choice["place"]
        straight = not place and self.state != "intake"
        if not straight and (place not in ref.BODIES[self.land.reformed] or place == self.unit):
            raise Impossible
        kept = [n for n in sorted(self.reached) if n != self.here or not place]
        self.route = [self.route[n] for n in kept] + ([place] if place else [])
        self.reached = set(range(len(self.route)))
        self.here = len(self.route) - 1 if place else None
        self.go("review" if place else "intake")

    def do_hand_over(self, who: str, post: Post, action: str, choice: dict) -> None:
        if choice["place"] not in ref.SUCCESSORS.get(self.unit, []):
            raise Impossible
        for remark in self.remarks:
            if remark.place == self.unit:
                remark.place = choice["place"]
        self.unit = choice["place"]
        self.go("supplement" if self.resume else "draft")

    def do_wrong_route(self, who: str, post: Post, action: str, choice: dict) -> None:
        if choice["place"] not in ref.BODIES[self.land.reformed]:
            raise Impossible
        self.end("wrong_route", "not_considered")

    def do_reject(self, who: str, post: Post, action: str, choice: dict) -> None:
        self.end("rejected", "ineligible")

    def do_withdraw(self, who: str, post: Post, action: str, choice: dict) -> None:
        self.end("withdrawn", "withdrawn")

    def end(self, state: str, outcome: str) -> None:
        for person in self.pending.values():
            person.outcome = outcome
        self.here = None
        self.go(state)

    # opinions of other bodies

    def do_ask_opinion(self, who: str, post: Post, action: str, choice: dict) -> None:
        if not choice["whole"]:
            raise Impossible
        self.opinions.append(Opinion(self.land.reformed))

    def do_record_opinion(self, who: str, post: Post, action: str, choice: dict) -> None:
        """An answer that does not come is missing only after the day; the others have a letter."""
        opinion = self.opinions[choice["which"]] if choice["which"] is not None else None
        if opinion is None or not opinion.open or not choice["whole"]:
            raise Impossible
        if choice["answer"] == "none" and opinion.reformed == self.land.reformed:
            raise Impossible
        opinion.answer = choice["answer"]

    # in whose hands

    def do_claim(self, who: str, post: Post, action: str, choice: dict) -> None:
        self.hands = (who, post, self.state)

    def do_release(self, who: str, post: Post, action: str, choice: dict) -> None:
        self.hands = None

    def able(self) -> list[str]:
        """To whom it can be assigned: who may do the work of the step."""
        work = {"review": "reviewer", "intake": "intake_officer", "appraise": "appraiser"}[self.state]
        level = ref.level_of(self.state, self.place)
        return [
            who
            for who in self.land.holders(frozenset({work}), self.place)
            if all(h != who or lv == level for h, lv in self.handled)
        ]

    def do_assign(self, who: str, post: Post, action: str, choice: dict) -> None:
        work = {"review": "reviewer", "intake": "intake_officer", "appraise": "appraiser"}[self.state]
        if choice["officer"] not in self.able():
            raise Impossible
        self.hands = (choice["officer"], (work, self.place), self.state)

    # by an act on something else

    def moved(self, state: str) -> None:
        """A publication ends it, or a recall or strike sends it back to appraisal."""
        self.events += 1
        self.go(state)

    def round_closed(self) -> None:
        if self.state == "await_decision":
            outcome, state = "not_selected", "closed"
        elif self.state in ref.NOT_SUBMITTED:
            outcome, state = "not_considered", "lapsed"
        else:
            return
        for person in self.pending.values():
            person.outcome = outcome
        self.moved(state)

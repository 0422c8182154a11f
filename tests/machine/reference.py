"""What should happen, written by hand and apart from the code: the machine compares the two.

It knows posts, levels and the two tables below, and nothing of Django.
"""

from dataclasses import dataclass, field

# (state, action) → roles that may, next state ("route" and "outcome" are worked out)
NOMINATION: dict[tuple[str, str], tuple[set[str], str]] = {
    ("draft", "propose"): ({"clerk"}, "sign_proposal"),
    ("sign_proposal", "submit"): ({"unit_head", "unit_deputy"}, "route"),
    ("sign_proposal", "send_back"): ({"unit_head", "unit_deputy"}, "draft"),
    ("review", "forward"): ({"reviewer"}, "endorse"),
    ("review", "return"): ({"reviewer"}, "draft"),
    ("review", "reject"): ({"reviewer"}, "rejected"),
    ("endorse", "endorse"): ({"body_head"}, "route"),
    ("endorse", "return"): ({"body_head"}, "draft"),
    ("endorse", "reject"): ({"body_head"}, "rejected"),
    ("intake", "accept"): ({"intake_officer"}, "appraise"),
    ("intake", "return"): ({"intake_officer"}, "draft"),
    ("intake", "reject"): ({"intake_officer"}, "rejected"),
    ("appraise", "conclude"): ({"appraiser"}, "confirm"),
    ("confirm", "confirm"): ({"head_of_division"}, "outcome"),
    ("confirm", "send_back"): ({"head_of_division"}, "appraise"),
}
DECISION: dict[tuple[str, str], tuple[set[str], str]] = {
    ("compile", "propose"): ({"head_of_division"}, "submit"),
    ("compile", "abandon"): ({"head_of_division"}, "abandoned"),
    ("submit", "submit"): ({"director", "deputy_director"}, "check"),
    ("submit", "return"): ({"director", "deputy_director"}, "compile"),
    ("check", "pass"): ({"office_specialist"}, "sign"),
    ("check", "return"): ({"office_specialist"}, "compile"),
    ("sign", "sign"): ({"chairman", "deputy_chairman"}, "issue_number"),
    ("sign", "return"): ({"chairman", "deputy_chairman"}, "compile"),
    ("issue_number", "issue_number"): ({"records_clerk"}, "publish"),
    ("publish", "publish"): ({"records_clerk"}, "published"),
}
ROUTES = {
    "commune": ["district"],
    "school": ["district"],
    "station": ["commune", "district"],
    "base": ["department"],
    "department": [],
    "agency": [],
}
WHERE = {"intake": "home", "appraise": "home", "confirm": "home", "await_decision": "home"}
DECISION_WHERE = {
    "compile": "home",
    "submit": "home",
    "check": "office",
    "sign": "province",
    "issue_number": "office",
    "publish": "office",
}
IN_FLIGHT = {"review", "endorse", "intake", "appraise", "confirm"}
ENDED = {"closed", "rejected", "lapsed"}
DECISION_ENDED = {"published", "abandoned"}
QUOTA = 6

Posts = dict[str, set[tuple[str, str]]]  # who → (role, place)


@dataclass
class File:
    """A nomination as it should be."""

    unit: str
    nominees: dict[str, str]  # uid → pending, eligible, ineligible, awarded, struck_out, …
    state: str = "draft"
    events: int = 1
    legs: list[str] = field(default_factory=list)
    handled: list[tuple[str, str]] = field(default_factory=list)  # who, level
    appraised_by: set[str] = field(default_factory=set)  # of the version in hand

    @property
    def place(self) -> str:
        if self.state in ("review", "endorse"):
            return self.legs[0]
        return WHERE.get(self.state, self.unit)

    @property
    def level(self) -> str:
        if self.state in ("draft", "sign_proposal"):
            return "proposer"
        return f"at {self.place}" if self.state in ("review", "endorse") else "appraisal"

    def may(self, who: str, action: str, posts: Posts) -> bool:
        roles, _next = NOMINATION.get((self.state, action), (set(), ""))
        if not any((role, self.place) in posts[who] for role in roles):
            return False
        if any(handler == who and level != self.level for handler, level in self.handled):
            return False
        return not (
            action in ("confirm", "send_back") and self.state == "confirm" and who in self.appraised_by
        )

    def act(self, who: str, action: str) -> None:
        """Follow a legal act."""
        self.handled.append((who, self.level))
        self.events += 1
        _roles, following = NOMINATION[self.state, action]
        if action == "submit":
            self.legs, self.appraised_by = list(ROUTES[self.unit]), set()
            following = "review" if self.legs else "intake"
        elif action == "endorse":
            self.legs.pop(0)
            following = "review" if self.legs else "intake"
        elif action == "conclude":
            self.appraised_by.add(who)
        elif action == "reject":
            self.nominees = dict.fromkeys(self.nominees, "ineligible")
        elif following == "outcome":
            following = "await_decision" if self.waiting else "closed"
        self.state = following

    @property
    def waiting(self) -> list[str]:
        return [uid for uid, outcome in self.nominees.items() if outcome == "eligible"]


@dataclass
class Decision:
    """An award decision as it should be."""

    lines: dict[str, File]  # uid of the nominee → its file
    state: str = "compile"
    struck: set[str] = field(default_factory=set)
    events: int = 1
    handled: list[tuple[str, str]] = field(default_factory=list)

    @property
    def level(self) -> str:
        return "appraisal" if self.state in ("compile", "submit") else "decision"

    @property
    def live(self) -> set[str]:
        return set() if self.state == "abandoned" else set(self.lines) - self.struck

    def may(self, who: str, action: str, posts: Posts) -> bool:
        roles, _next = DECISION.get((self.state, action), (set(), ""))
        if not any((role, DECISION_WHERE.get(self.state, "")) in posts[who] for role in roles):
            return False
        past = [*self.handled, *(item for file in self.lines.values() for item in file.handled)]
        return not any(handler == who and level != self.level for handler, level in past)

    def act(self, who: str, action: str) -> None:
        self.handled.append((who, self.level))
        self.events += 1
        self.state = DECISION[self.state, action][1]

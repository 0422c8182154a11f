"""Who may do what where, written by hand and apart from the code: the matrix and the machine compare the two.

It knows posts, places, levels and the two tables below, and nothing of Django.
"""

from dataclasses import dataclass, field

Post = tuple[str, str]  # role, place


@dataclass(frozen=True)
class Row:
    """One act at one step: by which roles, held where, and what must be true of the file besides."""

    roles: frozenset[str]
    seat: str = "holder"  # holder, proposer, home, or sender: in the very post in which it was sent
    when: tuple[str, ...] = ()
    duty: bool = False  # it puts the file into the inbox


def duty(roles: str, *when: str) -> Row:
    return Row(frozenset(roles.split()), "holder", when, duty=True)


def option(roles: str, *when: str, seat: str = "holder") -> Row:
    return Row(frozenset(roles.split()), seat, when)


HEADS = "unit_head unit_deputy"
WITHDRAW = {"withdraw": option(HEADS, seat="proposer")}
HAND_OVER = {"hand_over": option("head_of_division", "unit ended", seat="home")}
REROUTE = {"reroute": option("head_of_division", "body ended", seat="home")}
RECALL = {"recall": option("", "unopened", seat="sender")}


def recalls(roles: str) -> dict[str, Row]:
    return RECALL | {
        "request_recall": option("", "opened", "not asked", seat="sender"),
        "grant_recall": option(roles, "asked"),
        "decline_recall": option(roles, "asked"),
    }


def hands(roles: str, head: str) -> dict[str, Row]:
    """Whoever does the work takes the file; the head of the step puts it into somebody's hands."""
    return {
        "claim": option(roles, "unassigned"),
        "release": option(roles, "mine"),
        "assign": option(head),
    }


NOMINATION_STEPS: dict[str, dict[str, Row]] = {
    "draft": {"propose": duty("clerk", "ticked")} | RECALL | WITHDRAW | HAND_OVER,
    "sign_proposal": {"submit": duty(HEADS), "send_back": duty(HEADS)} | recalls(HEADS) | WITHDRAW | HAND_OVER,
    "review": {
        "forward": duty("reviewer", "ticked"),
        "return": duty("reviewer"),
        "reject": duty("reviewer"),
        "wrong_route": duty("reviewer"),
    }
    | hands("reviewer", "body_head") | recalls("reviewer") | WITHDRAW | REROUTE,
    "endorse": {
        "endorse": duty("body_head", "ticked"),
        "return": duty("body_head"),
        "reject": duty("body_head"),
    }
    | recalls("body_head") | WITHDRAW | REROUTE,
    "intake": {
        "accept": duty("intake_officer", "ticked"),
        "request_supplement": duty("intake_officer", "supplement left"),
        "return": duty("intake_officer"),
        "reroute": duty("intake_officer"),
        "wrong_route": duty("intake_officer"),
        "reject": duty("intake_officer"),
    }
    | hands("intake_officer", "head_of_division") | recalls("intake_officer") | WITHDRAW,
    "supplement": {
        "propose": duty("clerk", "ticked"),
        "reject": option("intake_officer", seat="home"),
    }
    | RECALL | WITHDRAW | HAND_OVER,
    "appraise": {
        "conclude": duty("appraiser", "ticked", "opinions in"),
        "request_supplement": duty("appraiser", "supplement left"),
        "return": duty("appraiser"),
        "ask_opinion": option("appraiser"),
        "record_opinion": option("appraiser", "opinion open"),
    }
    | hands("appraiser", "head_of_division") | recalls("appraiser") | WITHDRAW,
    "confirm": {"confirm": duty("head_of_division"), "send_back": duty("head_of_division")}
    | recalls("head_of_division") | WITHDRAW,
    "await_decision": {
        "recall": option("", "off decision", seat="sender"),
        "withdraw": option(HEADS, "off decision", seat="proposer"),
    },
}  # fmt: skip

COMPILER, CHAIR, CLERK = "head_of_division", "chairman deputy_chairman", "records_clerk"
DIRECTORS, OFFICE = "director deputy_director", "office_specialist"
DECISION_STEPS: dict[str, dict[str, Row]] = {
    "compile": {"propose": duty(COMPILER, "ticked")}
    | {
        name: option(COMPILER)
        for name in (
            "settle_tie", "reorder", "leave_off", "restore", "recall_nominee", "refill", "abandon",
        )
    }
    | RECALL,
    "submit": {"submit": duty(DIRECTORS), "return": duty(DIRECTORS)} | recalls(DIRECTORS),
    "check": {"pass": duty(OFFICE, "ticked"), "return": duty(OFFICE)} | recalls(OFFICE),
    "sign": {"sign": duty(CHAIR), "return": duty(CHAIR)} | recalls(CHAIR),
    "issue_number": {"issue_number": duty(CLERK), "return": duty(CLERK)},
    "publish": {"publish": duty(CLERK), "void_number": duty(CLERK)},
}  # fmt: skip

Table = dict[tuple[str, str], Row]
NOMINATION: Table = {(step, act): row for step, acts in NOMINATION_STEPS.items() for act, row in acts.items()}
DECISION: Table = {(step, act): row for step, acts in DECISION_STEPS.items() for act, row in acts.items()}
ONWARD = {
    "propose", "submit", "forward", "endorse", "accept", "conclude", "confirm",
    "pass", "sign", "issue_number", "publish",
}  # fmt: skip

# Acts that want a reason in words; a return of a decision too.
NOTED = {
    "withdraw", "hand_over", "reroute", "wrong_route", "reject", "request_recall", "decline_recall",
    "settle_tie", "reorder", "leave_off", "restore", "recall_nominee", "abandon", "void_number",
}  # fmt: skip

ENDED = {"closed", "rejected", "withdrawn", "wrong_route", "lapsed"}
DECISION_ENDED = {"published", "abandoned"}
NOT_SUBMITTED = {"draft", "sign_proposal"}
ASSIGNABLE = {"review", "intake", "appraise"}
WHERE = {  # of a file that is at no body of its route, and of a decision
    **dict.fromkeys(("intake", "appraise", "confirm", "await_decision", "compile", "submit"), "home"),
    **dict.fromkeys(("check", "issue_number", "publish"), "office"),
    "sign": "province",
}

# The route of a unit's file, before the reform of 1 July 2025 and after it.
ROUTES: dict[bool, dict[str, list[str]]] = {
    False: {
        "commune": ["district"], "school": ["district"], "station": ["commune", "district"],
        "base": ["department"], "department": [], "agency": [], "district": [],
    },
    True: {
        "new_commune": [], "new_commune2": [], "new_station": ["new_commune"], "base": ["department"],
        "department": [],
        "agency": [],
    },
}  # fmt: skip
BODIES = {  # who may review: districts, communes and departments
    False: {"home", "department", "district", "district2", "commune", "commune2"},
    True: {"home", "department", "new_commune", "new_commune2"},
}
OLD_PLACES = {"district", "district2", "school", "commune", "commune2", "station"}
NEW_PLACES = {"new_commune", "new_commune2", "new_station"}
SUCCESSORS = {
    "commune": ["new_commune"],
    "station": ["new_station"],
    "school": ["new_commune"],
    "district": ["new_commune", "new_commune2"],
}
SUPPLEMENTS_AT_MOST = 1


def level_of(state: str, place: str) -> str:
    """Nobody handles two levels of one file; each body that reviews is a level of its own."""
    if state in ("draft", "sign_proposal", "supplement"):
        return "proposer"
    if state in ("review", "endorse"):
        return f"at {place}"
    return "decision" if state in ("check", "sign", "issue_number", "publish") else "appraisal"


@dataclass
class Land:
    """What holds for every file: who holds which post, which units exist, the register."""

    posts: dict[str, set[Post]]  # every post of the cast, those of units that do not exist yet too
    quota: dict[str, int]
    reformed: bool = False
    closed: set[int] = field(default_factory=set)  # years of closed rounds
    numbers: dict[int, list[str]] = field(default_factory=dict)  # year → "used" or "void", from number 1

    @property
    def year(self) -> int:
        return 2026 if self.reformed else 2024

    def exists(self, place: str) -> bool:
        return place not in (OLD_PLACES if self.reformed else NEW_PLACES)

    def holds(self, who: str, post: Post) -> bool:
        return post in self.posts[who] and self.exists(post[1])

    def holders(self, roles: frozenset[str], place: str) -> list[str]:
        wanted = {(role, place) for role in roles}
        return [who for who in self.posts if wanted & self.posts[who]] if self.exists(place) else []


@dataclass
class Remark:
    """What the step `to` at a place is asked to deal with; `stay` is the return it came by."""

    to: str
    place: str
    stay: int
    ticked: bool = False


@dataclass
class Opinion:
    """What another body was asked; it can only be missing on a later day than that until which it is awaited."""

    reformed: bool  # whether it is awaited until the day of the small world before or after the reform
    answer: str = ""
    void: bool = False

    @property
    def open(self) -> bool:
        return not (self.answer or self.void)


@dataclass
class Sent:
    """By whom, in which post and from which step (and leg of the route) it came here."""

    who: str
    post: Post
    state: str
    leg: int | None = None

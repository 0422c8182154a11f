"""Who may what, as the ledger tells it: units, posts, delegations, accounts, ties and dated rules, second by second."""

from dataclasses import dataclass, field
from datetime import date

from audit.law import ROLES, SEPARATION


@dataclass
class Days:
    """From a legal day on until before another; None is open."""

    start: date
    end: date | None

    def hold(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


@dataclass
class Post(Days):
    uid: str
    officer: str
    role: str
    unit: str

    def carries(self, right: str) -> bool:
        return right in ROLES.get(self.role, "").split()


@dataclass
class Lent(Days):
    giver: str
    taker: str
    from_post: str
    rights: tuple[str, ...]


@dataclass
class Unit(Days):
    kind: str
    name: str


@dataclass
class Proposal:
    officer: str
    role: str
    unit: str
    by: str
    open: bool = True  # until there is a post of it, or it is refused


@dataclass
class Tie:
    officer: str
    other: str
    identity: str
    by: str
    start: date
    end: date | None = None

    def hold(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


@dataclass
class People:
    """What is known so far."""

    units: dict[str, list[Unit]] = field(default_factory=dict)
    parents: dict[str, list[tuple[str, Days]]] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    proposals: dict[str, Proposal] = field(default_factory=dict)
    lent: dict[str, Lent] = field(default_factory=dict)
    suspended: set[str] = field(default_factory=set)
    automatic: set[str] = field(default_factory=set)  # the system's own accounts
    identity: dict[str, str] = field(default_factory=dict)
    ties: dict[str, Tie] = field(default_factory=dict)
    rules: dict[str, list[Days]] = field(
        default_factory=lambda: {kind: [Days(date.min, None)] for kind in SEPARATION}
    )

    def unit_on(self, code: str, day: date) -> Unit | None:
        """Return the unit of this code on a day: the one that stood then, else the last before."""
        known = self.units.get(code, [])
        return next((unit for unit in known if unit.hold(day)), known[-1] if known else None)

    def above(self, code: str) -> set[str]:
        """Return the unit and all that it ever stood below: an ended unit stays below its former ancestors."""
        found, waiting = set(), [code]
        while waiting:
            unit = waiting.pop()
            if unit not in found:
                found.add(unit)
                waiting += [parent for parent, _days in self.parents.get(unit, [])]
        return found

    def above_on(self, code: str, day: date) -> list[str]:
        """Return the units that the unit stands below on a day, the nearest first."""
        found: list[str] = []
        while code not in found:
            found.append(code)
            code = next((parent for parent, days in self.parents.get(code, []) if days.hold(day)), code)
        return found[1:]

    def holds(self, officer: str, right: str, units: set[str] | None, day: date) -> bool:
        """Whether the officer holds a right on a day, at one of these units or at any, also by delegation."""
        if officer in self.suspended:
            return False
        own = any(
            post.officer == officer
            and post.hold(day)
            and post.carries(right)
            and (units is None or post.unit in units)
            for post in self.posts.values()
        )
        return own or any(
            lent.taker == officer
            and lent.hold(day)
            and right in lent.rights
            and (units is None or self.posts[lent.from_post].unit in units)
            and self.posts[lent.from_post].hold(day)
            for lent in self.lent.values()
        )

    def in_force(self, kind: str, day: date) -> bool:
        return any(days.hold(day) for days in self.rules[kind])

    def near(self, officer: str, party: dict[str, str], day: date) -> str:
        """Return the kind of separation that keeps an officer from judging a nominee; "" if none does."""
        mine = self.identity.get(officer, "")
        if self.in_force("nominee", day) and (
            party["officer"] == officer or (mine and party["identity"] == mine)
        ):
            return "nominee"
        for tie in self.ties.values():
            if not (tie.hold(day) and self.in_force("relative", day)):
                continue
            mine_to_them = tie.officer == officer and (
                (tie.other and tie.other == party["officer"])
                or (tie.identity and tie.identity == party["identity"])
            )
            if mine_to_them or (tie.other == officer and tie.officer == party["officer"]):
                return "relative"
        if party["kind"] == "collective" and self.in_force("member", day):
            for post in self.posts.values():
                if post.officer == officer and post.hold(day):
                    unit = self.unit_on(post.unit, day)
                    if party["body"] == post.unit or (party["name"] and unit and party["name"] == unit.name):
                        return "member"
        return ""

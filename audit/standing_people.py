"""Posts, delegations, grants, ties, accounts and rules of separation against what their events lead to."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from audit.law import SEPARATION
from audit.replay import appointing
from audit.replay.people import People
from history.facts import Fact
from nominations.models import SeparationRule
from permissions import reconcile, reconcile_delegations
from permissions.catalogue import ROLES
from permissions.models import Appointment, DeclaredTie, Delegation, Officer

Fault = Callable[[str, str], None]


class StandingPeople:
    """What the events about people lead to, beside what the tables hold."""

    def __init__(self, fault: Fault):
        self.fault = fault
        self.people = People()
        self.posts: dict[str, Fact] = {}
        self.lent: dict[str, Fact] = {}
        self.ties: dict[str, Fact] = {}
        self.accounts: dict[str, Fact] = {}  # the last suspension or restoration

    def learn(self, events: Iterable[Fact]) -> None:
        """Take over the events of one stream, in order."""
        for fact in events:
            appointing.LEARN.get(fact.kind, _nothing)(fact, self.people)
            if fact.kind in ("appointment.made", "appointment.ended"):
                self.posts[fact.post] = fact
            elif fact.about == "delegation":
                self.lent[fact.key] = fact
            elif fact.kind in ("tie.declared", "tie.ended"):
                self.ties[fact.data["tie"]] = fact
            elif fact.kind in ("officer.suspended", "officer.restored"):
                self.accounts[fact.key] = fact

    def check(self) -> None:
        """Compare all with the tables."""
        self._appointments()
        self._delegations()
        self._grants()
        self._ties()
        self._accounts()
        self._separation()

    def _appointments(self) -> None:
        for post in Appointment.objects.select_related("officer", "unit").order_by("pk").iterator():
            fact = self.posts.pop(str(post.uid), None)
            days = _iso(post.valid_from), _iso(post.valid_to)
            stands = str(post.officer.uid), post.role, post.unit.code, *days, post.position
            if fact is None:
                self.fault(f"appointment {post.uid}", _("it is stored, but the ledger does not tell of it"))
                continue
            printed = fact.text.get("position", post.position)  # erased: nothing to compare
            if stands != (fact.key, fact.role, fact.unit, fact.data["from"], fact.data["to"], printed):
                self.fault(fact.name, _("the post stands otherwise than its events lead to"))
        self._gone(self.posts)

    def _delegations(self) -> None:
        for lent in Delegation.objects.select_related("from_post", "to_post").order_by("pk").iterator():
            fact = self.lent.pop(str(lent.uid), None)
            posts = str(lent.from_post.uid), str(lent.to_post.uid)
            stands = *posts, list(lent.rights), lent.form, _iso(lent.valid_from), _iso(lent.valid_to)
            if fact is None:
                self.fault(f"delegation {lent.uid}", _("it is stored, but the ledger does not tell of it"))
            elif stands != (
                fact.post,
                *(fact.data[name] for name in ("to_post", "rights", "form", "from", "to")),
            ):
                self.fault(fact.name, _("the delegation stands otherwise than its events lead to"))
        self._gone(self.lent)

    def _grants(self) -> None:
        """What each post and delegation carries today is what is granted, and nothing else."""
        if Appointment.objects.exclude(role__in=ROLES).exists():  # named above; such a post carries nothing
            return
        for drift in reconcile.find():
            self.fault(f"officer:{drift.appointment.officer.uid} {drift.right}", str(drift))
        for lent in reconcile_delegations.find():
            self.fault(f"delegation:{lent.delegation.uid}", str(lent))

    def _ties(self) -> None:
        for tie in DeclaredTie.objects.select_related("officer", "other").order_by("pk").iterator():
            fact, known = self.ties.pop(str(tie.uid), None), self.people.ties.get(str(tie.uid))
            if fact is None or known is None:
                self.fault(
                    f"officer:{tie.officer.uid}", _("it is stored, but the ledger does not tell of it")
                )
                continue
            other = str(tie.other.uid) if tie.other else ""
            stands = str(tie.officer.uid), other, tie.valid_from, tie.valid_to
            told = fact.text.get("identity", tie.identity_hash)
            if stands != (known.officer, known.other, known.start, known.end) or told != tie.identity_hash:
                self.fault(fact.name, _("the tie stands otherwise than its events lead to"))
        self._gone(self.ties)

    def _accounts(self) -> None:
        """Who was suspended does not sign in, and whoever does not was suspended."""
        for uid, active in Officer.objects.order_by("pk").values_list("uid", "is_active"):
            if active == (str(uid) in self.people.suspended):
                fact = self.accounts.get(str(uid))
                self.fault(
                    fact.name if fact else f"officer:{uid}", _("the account stands otherwise than its events lead to")
                )  # fmt: skip

    def _separation(self) -> None:
        stored: dict[str, list[tuple[Any, Any]]] = defaultdict(list)
        for rule in SeparationRule.objects.order_by("kind", "valid_from"):
            first = not stored[rule.kind] and rule.kind in SEPARATION
            stored[rule.kind].append((date.min if first else rule.valid_from, rule.valid_to))
        for kind in sorted({*stored, *self.people.rules}):
            if stored[kind] != [(days.start, days.end) for days in self.people.rules.get(kind, [])]:
                self.fault(f"separation {kind}", _("the rule stands otherwise than its events lead to"))

    def _gone(self, facts: dict[str, Fact]) -> None:
        for fact in facts.values():
            self.fault(fact.name, _("the ledger tells of it, but it is not stored any more"))


def _nothing(fact: Fact, people: People) -> None:
    """Learn nothing from an event of another kind."""


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None

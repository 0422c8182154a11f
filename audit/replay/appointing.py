"""Was each post, delegation, account, unit and rule given and ended by whoever may? Judged from the ledger alone."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from audit.law import DECISIVE, DELEGABLE, LONGEST_DELEGATION, ROLES, folded
from audit.replay.people import Days, Lent, People, Post, Proposal, Tie, Unit
from history.facts import Fact

CONSOLE = {"system", "console"}  # whoever runs the server: counted apart in the verdict


def judge(fact: Fact, people: People) -> list[str]:
    """Judge an event about people, units or rules by what is known so far, then learn it."""
    faults = JUDGES[fact.kind](fact, people)
    LEARN.get(fact.kind, lambda *_known: None)(fact, people)
    return faults


def _manages(fact: Fact, people: People, unit: str | None, right: str = "manage_accounts") -> list[str]:
    if fact.actor in CONSOLE:
        return []
    units = people.above(unit) if unit else None
    if people.holds(fact.actor, right, units, fact.legal_day):
        return []
    return [_("whoever did it held no right to manage accounts and posts there")]


def _rules(fact: Fact, people: People) -> list[str]:
    if fact.actor in CONSOLE or people.holds(fact.actor, "manage_programme", None, fact.legal_day):
        faults = []
    else:
        faults = [_("whoever did it managed no programme")]
    if fact.stream == "separation":
        changes = fact.data["from"] if fact.action == "begin" else fact.data["to"]
        if date.fromisoformat(changes) <= fact.legal_day:
            faults.append(_("rules of separation change from the next day on"))
    return faults


def _made(fact: Fact, people: People) -> list[str]:
    faults = _manages(fact, people, fact.unit)
    if fact.actor == fact.key:
        faults.append(_("nobody gives a post to themselves"))
    if fact.key in people.automatic and fact.role in DECISIVE:
        faults.append(_("a decisive role was given to an account that works by itself"))
    if fact.role not in ROLES:
        faults.append(_("there is no such role"))
    if set(fact.data["rights"]) != set(ROLES.get(fact.role, "").split()):
        faults.append(_("the rights given are not those of the role"))
    alone = not any(item.by != fact.actor for item in _proposals(fact, people))
    if alone and fact.role in DECISIVE and fact.actor not in CONSOLE:
        faults.append(_("a decisive role is proposed by one administrator and confirmed by another"))
    return faults


def _proposals(fact: Fact, people: People) -> list[Proposal]:
    """The proposals that wait for this very post."""
    wanted = fact.key, fact.role, fact.unit
    return [
        item
        for item in people.proposals.values()
        if item.open and (item.officer, item.role, item.unit) == wanted
    ]


def _proposed(fact: Fact, people: People) -> list[str]:
    own = [_("nobody gives a post to themselves")] if fact.actor == fact.key else []
    return own + _manages(fact, people, fact.unit)


def _confirmed(fact: Fact, people: People) -> list[str]:
    proposal = people.proposals.get(fact.data["proposal"])
    faults = _manages(fact, people, fact.unit)
    if proposal is None:
        faults.append(_("nobody had proposed it"))
    elif fact.actor in (proposal.by, proposal.officer):
        faults.append(_("whoever proposes or receives a post does not confirm it"))
    return faults


def _ended(fact: Fact, people: People) -> list[str]:
    if fact.post not in people.posts:
        return [_("there is no such post")]
    post, end = people.posts[fact.post], _day(fact.data["to"])
    if _post_of(fact) != (post.uid, post.officer, post.role, post.unit, post.start):
        return [_("what ended was another post")]
    if end is None or (post.end is not None and end > post.end):
        return [_("it ended later than it would have by itself")]
    unit = people.unit_on(fact.unit, fact.legal_day)
    with_unit = unit is not None and unit.end == _day(fact.data["to"])
    if fact.actor == fact.key and not with_unit:
        return [_("nobody ends their own post")]
    return _manages(fact, people, fact.unit)


def _post_of(fact: Fact) -> tuple[Any, ...]:
    return fact.post, fact.key, fact.role, fact.unit, date.fromisoformat(fact.data["from"])


def _given(fact: Fact, people: People) -> list[str]:
    post, day = people.posts.get(fact.post), fact.legal_day
    if post is None or not post.hold(day):
        return [_("the post that was delegated was not held")]
    start, end = date.fromisoformat(fact.data["from"]), date.fromisoformat(fact.data["to"])
    taker = people.posts.get(fact.data["to_post"])
    faults = []
    if taker is None or taker.officer != fact.data["taker"] or post.unit not in people.above(taker.unit):
        faults.append(_("the post that took it is not theirs, or not at the unit or below it"))
    if fact.actor != post.officer or fact.actor != fact.data["giver"] or fact.actor in people.suspended:
        faults.append(_("only whoever holds a post delegates it"))
    if fact.data["taker"] == post.officer:
        faults.append(_("a post is delegated to somebody else"))
    if not all(post.carries(right) and right in DELEGABLE for right in fact.data["rights"]):
        faults.append(_("more was delegated than the post carries, or than may be handed on"))
    both = [post, taker] if taker else [post]
    if start < day or any(start < item.start or (item.end is not None and end > item.end) for item in both):
        faults.append(_("the days lie outside of those of the post"))
    if (end - start).days > LONGEST_DELEGATION:
        faults.append(_("a delegation does not last so long"))
    return faults


def _lent_ended(fact: Fact, people: People) -> list[str]:
    lent = people.lent.get(fact.key)
    if lent is None:
        return [_("there is no such delegation")]
    if _lent_of(fact) != (lent.start, lent.giver, lent.taker, lent.from_post, lent.rights):
        return [_("what ended was another delegation")]
    if lent.end is not None and date.fromisoformat(fact.data["to"]) > lent.end:
        return [_("it ended later than it would have by itself")]
    if fact.actor in CONSOLE or fact.actor in (fact.data["giver"], fact.data["taker"]):
        return []
    return _manages(fact, people, fact.unit)


def _lent_of(fact: Fact) -> tuple[Any, ...]:
    data = fact.data
    return date.fromisoformat(data["from"]), data["giver"], data["taker"], fact.post, tuple(data["rights"])


def _tie(fact: Fact, people: People) -> list[str]:
    return [] if fact.actor == fact.key else [_("a tie is declared by the officer")]


def _tie_ended(fact: Fact, people: People) -> list[str]:
    tie = people.ties.get(fact.data["tie"])
    if tie is None:
        return [_("there is no such tie")]
    if fact.actor in (tie.officer, tie.other):
        return [_("a tie is ended by an administrator who is no part of it")]
    return _manages(fact, people, None)


def _own(fact: Fact, people: People) -> list[str]:
    return [] if fact.actor in (fact.key, *CONSOLE) else [_("only the officer does this")]


def _read(fact: Fact, people: People) -> list[str]:
    """Nothing but whose reading it was: the file's own rules let it be seen."""
    return [] if fact.actor == fact.key else [_("only the officer does this")]


def _by_audit(fact: Fact, people: People) -> list[str]:
    if fact.actor in CONSOLE or people.holds(fact.actor, "audit", None, fact.legal_day):
        return []
    return [_("whoever did it held no right to audit")]


def _administers(fact: Fact, people: People) -> list[str]:
    return _manages(fact, people, None)


def _account(fact: Fact, people: People) -> list[str]:
    """Suspended, restored, invited, let in again: by an administrator who is somebody else."""
    own = [_("nobody does this to their own account")] if fact.actor == fact.key else []
    return own + _manages(fact, people, None)


def _at_unit(fact: Fact, people: People) -> list[str]:
    return _manages(fact, people, fact.unit or None)


JUDGES = {
    "unit.created": _administers, "unit.changed": _at_unit, "unit.ended": _at_unit,
    "appointment.proposed": _proposed, "appointment.confirmed": _confirmed, "appointment.refused": _confirmed,
    "appointment.made": _made, "appointment.ended": _ended, "grant.made": _at_unit, "grant.ended": _at_unit,
    "delegation.given": _given, "delegation.ended": _lent_ended, "tie.declared": _tie, "tie.ended": _tie_ended,
    "officer.created": _administers, "officer.invited": _account, "officer.unlocked": _account,
    "officer.suspended": _account, "officer.restored": _account, "officer.password_set": _own,
    "officer.signed_in": _own, "officer.locked_out": _own, "rules.changed": _rules, "round.opened": _rules,
    "round.extended": _rules, "nomination.read": _read, "decision.read": _read,
    "ledger.exported": lambda fact, people: _by_audit(fact, people) + _read(fact, people),
    "grants.exported": _administers, "text.erased": _administers, "outbox.retried": _administers,
    "ledger.witnessed": lambda fact, people: [] if fact.automatic else [_("only the system does this by itself")],
    "ledger.key": lambda fact, people: [] if fact.actor in CONSOLE else [_("only whoever runs the server does this")],
}  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _learn_unit(fact: Fact, people: People) -> None:
    data, code = fact.data, fact.unit
    if "parent" in data:
        days = Days(date.fromisoformat(data["parent_from"]), _day(data["parent_to"]))
        links = [link for link in people.parents.get(code, []) if link[1].start != days.start]
        people.parents[code] = [*links, (data["parent"], days)]
    if "from" in data:
        start = date.fromisoformat(data["from"])
        unit = Unit(start, _day(data["to"]), data["kind"], folded(fact.text.get("name", "")))
        others = [item for item in people.units.get(code, []) if item.start != start]
        people.units[code] = sorted([*others, unit], key=lambda item: item.start)


def _learn_post(fact: Fact, people: People) -> None:
    data = fact.data
    if fact.kind == "appointment.made":
        waiting = [item for item in _proposals(fact, people) if item.by != fact.actor]
        if waiting:
            waiting[0].open = False
    start = date.fromisoformat(data["from"])
    people.posts[fact.post] = Post(start, _day(data["to"]), fact.post, fact.key, fact.role, fact.unit)
    if fact.text.get("identity"):
        people.identity[fact.key] = fact.text["identity"]


def _learn_proposal(fact: Fact, people: People) -> None:
    people.proposals[fact.data["proposal"]] = Proposal(fact.key, fact.role, fact.unit, fact.actor)


def _learn_refused(fact: Fact, people: People) -> None:
    if fact.data["proposal"] in people.proposals:
        people.proposals[fact.data["proposal"]].open = False


def _learn_lent(fact: Fact, people: People) -> None:
    data = fact.data
    start, rights = date.fromisoformat(data["from"]), tuple(data["rights"])
    people.lent[fact.key] = Lent(start, _day(data["to"]), data["giver"], data["taker"], fact.post, rights)


def _learn_tie(fact: Fact, people: People) -> None:
    identity = fact.text.get("identity", "")
    people.ties[fact.data["tie"]] = Tie(fact.key, fact.data["other"], identity, fact.actor, fact.legal_day)


def _learn_tie_ended(fact: Fact, people: People) -> None:
    if fact.data["tie"] in people.ties:
        people.ties[fact.data["tie"]].end = fact.legal_day


def _learn_rule(fact: Fact, people: People) -> None:
    if fact.stream != "separation":
        return
    start, end = date.fromisoformat(fact.data["from"]), _day(fact.data["to"])
    known = people.rules.setdefault(fact.data["kind"], [])
    if fact.action == "begin":
        known.append(Days(start, end))
    else:
        for days in known:
            if days.end is None:
                days.end = end


def _learn_account(fact: Fact, people: People) -> None:
    if fact.data.get("automatic"):
        people.automatic.add(fact.key)


LEARN = {
    "unit.created": _learn_unit, "unit.changed": _learn_unit,
    "appointment.proposed": _learn_proposal, "appointment.refused": _learn_refused, "appointment.made": _learn_post, "appointment.ended": _learn_post,
    "delegation.given": _learn_lent, "delegation.ended": _learn_lent,
    "tie.declared": _learn_tie, "tie.ended": _learn_tie_ended, "rules.changed": _learn_rule,
    "officer.created": _learn_account, "officer.suspended": lambda fact, people: people.suspended.add(fact.key),
    "officer.restored": lambda fact, people: people.suspended.discard(fact.key),
}  # fmt: skip

"""Illegal acts on posts, accounts, delegations, ties and rules of separation."""

from dataclasses import replace
from datetime import timedelta

from audit.law import ROLES
from permissions import appointing, grants
from tests import world as w
from tests.audit.campaigns.insider import Insider, uid


def _manager(i: Insider) -> str:
    return str(i.honest.world["programme_administrator@home"].uid)


def _administrators(i: Insider) -> list[str]:
    return [str(i.honest.world[name].uid) for name in ("system_administrator@province", "second", "third")]


def appointed_by_another(i: Insider) -> str:
    """A post, an end of one, or a suspension by somebody who manages no accounts."""
    entry = i.some("appoint", "end post", "suspend", "appoint decisive")
    holder = entry.stream.partition(":")[2]
    return i.write(replace(entry, actor=i.someone(*_administrators(i), holder)))


def appointed_oneself(i: Insider) -> str:
    entry = i.lawful["appoint"]
    return i.write(replace(entry, stream=f"officer:{entry.actor}", post=uid()))


def appointed_with_more(i: Insider) -> str:
    entry = i.lawful["appoint"]
    return i.write(replace(entry, data={**entry.data, "rights": [*entry.data["rights"], "sign_decision"]}))


def appointed_to_no_role(i: Insider) -> str:
    return i.write(replace(i.lawful["appoint"], role="emperor"))


def decisive_by_one(i: Insider) -> str:
    """A decisive post by one administrator alone: never proposed, or proposed by the same."""
    proposed, made = i.lawful["appoint decisive"], i.lawful["appoint"]
    role = i.random.choice(("chairman", "auditor", "director", "system_administrator"))
    data = {**made.data, "rights": ROLES[role].split()}
    made = replace(made, role=role, unit="AG.UBND", data=data)
    if i.random.random() < 0.5:
        return i.write(made)
    return i.write(replace(proposed, role=role, unit="AG.UBND"), made)


def confirmed_by_the_proposer(i: Insider) -> str:
    proposed = i.lawful["appoint decisive"]
    confirmed = replace(proposed, kind="appointment.confirmed", data={**proposed.data, "appointment": uid()})
    who = i.random.choice((proposed.actor, proposed.stream.partition(":")[2]))
    return i.write(proposed, replace(confirmed, actor=who))


def confirmed_what_nobody_proposed(i: Insider) -> str:
    proposed = i.lawful["appoint decisive"]
    data = {**proposed.data, "proposal": uid(), "appointment": uid()}
    return i.write(replace(proposed, kind="appointment.confirmed", actor=_administrators(i)[1], data=data))


def confirmed_twice(i: Insider) -> str:
    """One proposal, two posts."""
    world, first = i.honest.world, i.honest.world["system_administrator@province"]
    given = {"position": "Chức vụ", "document": "QĐ 82", "valid_from": w.D2024, "by": first}
    pending = appointing.appoint(world["later"], "auditor", world.units["province"], **given)
    post = appointing.confirm(pending, by=world["second"])
    entry = grants.entry("appointment.made", post, world["second"], ["audit"])
    return i.write(replace(entry, post=uid()))


def refused_then_made(i: Insider) -> str:
    """A proposal that was refused, and a post of it all the same."""
    world, first = i.honest.world, i.honest.world["system_administrator@province"]
    given = {"position": "Chức vụ", "document": "QĐ 82", "valid_from": w.D2024, "by": first}
    pending = appointing.appoint(world["later"], "auditor", world.units["province"], **given)
    with_post = i.lawful["appoint"]
    appointing.refuse(pending, reason="Không đủ điều kiện", by=world["second"])
    data = {**with_post.data, "rights": ["audit"]}
    return i.write(
        replace(with_post, stream=f"officer:{world['later'].uid}", role="auditor", unit="AG.UBND", post=uid(),
                actor=str(world["second"].uid), data=data)
    )  # fmt: skip


def ended_ones_own_post(i: Insider) -> str:
    entry = i.lawful["end post"]
    return i.write(replace(entry, actor=entry.stream.partition(":")[2]))


def proposed_oneself(i: Insider) -> str:
    entry = i.lawful["appoint decisive"]
    return i.write(replace(entry, stream=f"officer:{entry.actor}"))


def refused_by_the_proposer(i: Insider) -> str:
    entry = i.lawful["appoint decisive"]
    return i.write(entry, replace(entry, kind="appointment.refused"))


def restored_oneself(i: Insider) -> str:
    """An administrator lets their own account in again."""
    entry = i.lawful["suspend"]
    kind = i.random.choice(("officer.restored", "officer.unlocked", "officer.invited"))
    return i.write(replace(entry, kind=kind, stream=f"officer:{entry.actor}"))


def by_no_administrator(i: Insider) -> str:
    """Units, grants, keys and exports by somebody who has no right to any of it."""
    entry, holder = i.lawful["appoint"], str(i.honest.world["newcomer"].uid)
    kinds = (
        "unit.changed",
        "unit.ended",
        "grant.made",
        "grant.ended",
        "officer.created",
        "ledger.key",
        "text.erased",
    )
    return i.write(replace(entry, kind=i.random.choice(kinds), actor=i.someone(*_administrators(i), holder)))


# --- delegations, ties, rules


def lent_anothers_post(i: Insider) -> str:
    entry = i.lawful["lend"]
    return i.write(replace(entry, stream=f"delegation:{uid()}", actor=i.someone(entry.actor)))


def lent_more(i: Insider) -> str:
    """A right that the post does not carry, or that nobody hands on."""
    entry = i.lawful["lend"]
    right = i.random.choice(("sign_decision", "read", "manage_accounts", "audit", "appraise"))
    return i.write(replace(entry, data={**entry.data, "rights": [*entry.data["rights"], right]}))


def lent_to_oneself(i: Insider) -> str:
    entry = i.lawful["lend"]
    return i.write(replace(entry, data={**entry.data, "taker": entry.actor}))


def lent_for_days_gone(i: Insider) -> str:
    entry = i.lawful["lend"]
    gone = (w.D2024 - timedelta(days=i.random.randrange(1, 90))).isoformat()
    return i.write(replace(entry, data={**entry.data, "from": gone}))


def lent_to_a_stranger(i: Insider) -> str:
    """To a post of another body, or to one that its taker does not hold."""
    entry = i.lawful["lend"]
    post = i.honest.world.post("clerk@commune")
    taker = i.random.choice((str(post.officer.uid), entry.data["taker"]))
    return i.write(replace(entry, data={**entry.data, "to_post": str(post.uid), "taker": taker}))


def lent_for_years(i: Insider) -> str:
    """Longer than a delegation lasts."""
    entry = i.lawful["lend"]
    return i.write(replace(entry, data={**entry.data, "to": (w.D2024 + timedelta(days=800)).isoformat()}))


def lent_ended_by_another(i: Insider) -> str:
    entry = i.lawful["end lent"]
    but = (entry.data["giver"], entry.data["taker"], *_administrators(i))
    return i.write(replace(entry, actor=i.someone(*but)))


def lent_made_longer(i: Insider) -> str:
    """An end that prolongs."""
    entry = i.lawful["end lent"]
    return i.write(replace(entry, data={**entry.data, "to": (w.D2024 + timedelta(days=300)).isoformat()}))


def post_made_longer(i: Insider) -> str:
    """The end of a post that ended already gives it new days."""
    entry, gone = i.lawful["end post"], i.honest.posts["gone"]
    data = {**entry.data, "from": gone.valid_from.isoformat(), "to": "2030-01-01"}
    return i.write(
        replace(
            entry,
            stream=f"officer:{gone.officer.uid}",
            post=str(gone.uid),
            role=gone.role,
            unit=gone.unit.code,
            data=data,
        )
    )


def tie_ended_by_one_of_two(i: Insider) -> str:
    entry = i.lawful["end tie"]
    return i.write(
        replace(entry, actor=i.random.choice((entry.stream.partition(":")[2], entry.data["other"])))
    )


def tie_declared_by_another(i: Insider) -> str:
    entry = i.lawful["tie"]
    return i.write(replace(entry, actor=i.someone(entry.actor)))


def rule_ended_by_another(i: Insider) -> str:
    return i.write(replace(i.lawful["end rule"], actor=i.someone(_manager(i))))


def rule_ended_at_once(i: Insider) -> str:
    entry = i.lawful["end rule"]
    return i.write(replace(entry, data={**entry.data, "to": w.D2024.isoformat()}))

"""Illegal acts by somebody who may not: without the post, the delegation, or the distance to the file."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from audit import law
from history import clock
from history.ledger import Entry
from permissions import grants
from permissions.models import Appointment
from tests import world as w
from tests.audit.campaigns.insider import Insider, uid

FILES = (
    "propose", "submit", "forward", "return", "reject", "claim", "endorse", "accept", "supplement", "withdraw", "assign",
    "conclude", "confirm",
)  # fmt: skip
DECISIONS = ("submit decision", "return decision", "sign", "issue")
EVERY = (*FILES, *DECISIONS)
DISTRICT = ("forward", "return", "reject", "claim")  # what a reviewer of the district does
PLACES = ("commune", "commune2", "district", "district2", "department", "home", "office", "province", "base")


def in_nobodys_post(i: Insider) -> str:
    return i.write(replace(i.some(*EVERY), post=i.random.choice(("", uid()))))


def in_anothers_post(i: Insider) -> str:
    entry = i.some(*EVERY)
    return i.write(replace(entry, actor=i.someone(entry.actor)))


def _without_right(i: Insider, entry: Entry, **where: Any) -> Appointment:
    """A post that cannot do this: drawn until its role lacks the right, or its unit is another."""
    table = law.NOMINATION if entry.stream.startswith("nomination") else law.DECISION
    right = table[entry.step, entry.action].right
    while True:
        post = i.a_post(**where)
        if post.unit.code != entry.unit or right not in law.ROLES[post.role].split():
            return post


def in_a_post_without_the_right(i: Insider) -> str:
    entry = i.some(*EVERY)
    return i.write(replace(entry, **i.post(_without_right(i, entry))))


def in_a_post_called_another(i: Insider) -> str:
    """As before, and the event says the role and unit that could have done it."""
    entry = i.some(*EVERY)
    post = _without_right(i, entry)
    return i.write(replace(entry, actor=str(post.officer.uid), post=str(post.uid)))


def of_another_unit(i: Insider) -> str:
    """The right role, at another unit."""
    entry = i.some("propose", "submit", "forward", "return", "reject", "claim", "endorse")
    return i.write(replace(entry, **i.post(_without_right(i, entry, role=entry.role))))


def of_another_role(i: Insider) -> str:
    """The right unit, in another role."""
    entry = i.some(*EVERY)
    return i.write(replace(entry, **i.post(_without_right(i, entry, unit__code=entry.unit))))


def after_the_post_ended(i: Insider) -> str:
    return i.write(replace(i.some(*DISTRICT), **i.post(i.honest.posts["gone"])))


def while_suspended(i: Insider) -> str:
    return i.write(replace(i.some(*DISTRICT), **i.post(i.honest.posts["away"])))


def before_the_post_began(i: Insider) -> str:
    return i.write(replace(i.some(*DISTRICT), **i.post(i.honest.posts["later"])))


def post_ended_just_before(i: Insider) -> str:
    entry = i.some(*EVERY)
    grants.end_appointment(Appointment.objects.get(uid=entry.post), on=w.D2024)
    return i.write(entry)


def from_another_state(i: Insider) -> str:
    """The event says that the file was elsewhere."""
    entry = i.some(*EVERY)
    table = law.NOMINATION if entry.stream.startswith("nomination") else law.DECISION
    state = i.random.choice(sorted({source for source, _name in table} - {entry.step}))
    return i.write(replace(entry, step=state, from_state=state))


def no_such_act_there(i: Insider) -> str:
    entry = i.some(*EVERY)
    table = law.NOMINATION if entry.stream.startswith("nomination") else law.DECISION
    names = {name for _source, name in table} - {name for source, name in table if source == entry.step}
    return i.write(replace(entry, action=i.random.choice([*sorted(names), "approve_all"])))


def done_twice(i: Insider) -> str:
    entry = i.some(*(name for name in EVERY if i.lawful[name].from_state != i.lawful[name].to_state))
    return i.write(entry, entry)


def to_where_it_does_not_lead(i: Insider) -> str:
    entry = i.some(*EVERY)
    table = law.NOMINATION if entry.stream.startswith("nomination") else law.DECISION
    states = {target for row in table.values() for target in row.targets}
    other = sorted(states - set(table[entry.step, entry.action].targets))
    return i.write(replace(entry, to_state=i.random.choice(other)))


def to_another_unit(i: Insider) -> str:
    entry = i.some("propose", "submit", "forward", "endorse", "accept", "supplement", "confirm", *DECISIONS)
    held = entry.data["after"]["holder"]
    others = [
        unit.code for place, unit in i.honest.world.units.items() if unit.code != held and place in PLACES
    ]
    after = {**entry.data["after"], "holder": i.random.choice(others)}
    return i.write(replace(entry, data={**entry.data, "after": after}))


def by_itself(i: Insider) -> str:
    """A person's act passes for a consequence of another."""
    return i.write(replace(i.some(*FILES), automatic=True))


# --- delegation


def behalf_in_ones_own_post(i: Insider) -> str:
    entry = i.some(*EVERY)
    return i.write(replace(entry, behalf=i.someone(entry.actor)))


def without_a_delegation(i: Insider) -> str:
    entry = i.lawful["confirm lent"]
    data = {name: value for name, value in entry.data.items() if name != "delegation"}
    if i.random.random() < 0.5:
        data["delegation"] = uid()
    return i.write(replace(entry, data=data))


def another_days_delegation(i: Insider) -> str:
    """After its last day, or before its first."""
    with clock.legal_day(w.D2024 + timedelta(days=i.random.choice((-3, -1, 5, 6, 40)))):
        return i.write(i.lawful["confirm lent"])


def anothers_delegation(i: Insider) -> str:
    entry = i.lawful["confirm lent"]
    return i.write(replace(entry, actor=i.someone(entry.actor, entry.behalf)))


def for_another_giver(i: Insider) -> str:
    entry = i.lawful["confirm lent"]
    return i.write(replace(entry, behalf=i.random.choice(("", i.someone(entry.behalf)))))


def a_revoked_delegation(i: Insider) -> str:
    entry = i.lawful["confirm lent"]
    return i.write(replace(entry, data={**entry.data, "delegation": str(i.honest.lent["revoked"].uid)}))


def more_than_was_delegated(i: Insider) -> str:
    lent, entry = i.lawful["confirm lent"], i.lawful["assign"]
    data = {**entry.data, "delegation": lent.data["delegation"]}
    return i.write(replace(entry, actor=lent.actor, behalf=lent.behalf, data=data))


def giver_gone(i: Insider) -> str:
    entry = i.lawful["confirm lent"]
    grants.end_appointment(Appointment.objects.get(uid=entry.post), on=w.D2024)
    return i.write(entry)


# --- separation of duties


def _newly(i: Insider, who: str, role: str, place: str) -> dict[str, str]:
    """A post that the console gives lawfully, to somebody who should not use it here."""
    world = i.honest.world
    post = grants.appoint(
        world[who], role, world.units[place], position="Chức vụ", document="QĐ 80", valid_from=w.D2024
    )
    return i.post(post)


def two_levels(i: Insider) -> str:
    """Whoever signed the proposal, or wrote at it, reviews it at another body."""
    who = i.random.choice(("unit_head@commune", "clerk@commune"))
    return i.write(replace(i.some(*DISTRICT), **_newly(i, who, "reviewer", "district")))


def reviewer_appraises(i: Insider) -> str:
    """Whoever endorsed at the district receives at Home Affairs."""
    post = _newly(i, "body_head@district", "intake_officer", "home")
    return i.write(replace(i.some("accept", "supplement"), **post))


def appraiser_signs(i: Insider) -> str:
    """Whoever appraised a file behind the list checks or signs the decision."""
    who = i.random.choice(("appraiser@home", "head_of_division@home", "director@home"))
    return i.write(replace(i.lawful["sign"], **_newly(i, who, "deputy_chairman", "province")))


def four_eyes(i: Insider) -> str:
    """Whoever concluded the appraisal confirms it."""
    return i.write(replace(i.lawful["confirm"], **_newly(i, "appraiser@home", "head_of_division", "home")))


def nominee_reviews(i: Insider) -> str:
    return i.write(replace(i.lawful["forward own"], **i.post(i.honest.world.post("reviewer2@district"))))


def relative_reviews(i: Insider) -> str:
    return i.write(replace(i.some(*DISTRICT), **i.post(i.honest.world.post("reviewer2@district"))))


def member_reviews(i: Insider) -> str:
    return i.write(replace(i.lawful["forward"], stream=i.honest.files["member"].stream))


def recused_acts(i: Insider) -> str:
    return i.write(replace(i.lawful["forward returned"], **i.post(i.honest.world.post("reviewer2@district"))))


def recused_just_before(i: Insider) -> str:
    entry = replace(i.some(*DISTRICT), **i.post(i.honest.world.post("reviewer@district")))
    return i.write(replace(i.lawful["recuse"], actor=entry.actor), entry)

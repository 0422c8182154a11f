"""Illegal acts on files: by another way, at another time, out of another's hands, without what they need."""

from dataclasses import replace
from datetime import date

from audit import law
from history import clock
from permissions import grants
from permissions.models import Appointment
from tests import world as w
from tests.audit.campaigns.crimes_who import EVERY
from tests.audit.campaigns.insider import Insider, uid


def in_anothers_hands(i: Insider) -> str:
    return i.write(replace(i.lawful["conclude"], **i.post(i.honest.world.post("appraiser2@home"))))


def claimed_from_anothers_hands(i: Insider) -> str:
    return i.write(i.lawful["claim"], replace(i.lawful["claim"], **i.post(_second(i))))


def _second(i: Insider) -> Appointment:
    """Another reviewer of the district who stands near to nobody."""
    world = i.honest.world
    return grants.appoint(
        world["newcomer"], "reviewer", world.units["district"], position="Chuyên viên", document="QĐ 81",
        valid_from=w.D2024,
    )  # fmt: skip


def supplement_twice(i: Insider) -> str:
    entry = i.lawful["supplement"]
    moved = {"stream": i.honest.files["supplemented"].stream, "step": "appraise", "from_state": "appraise"}
    data = {**entry.data, "after": {**entry.data["after"], "holder": "AG.SYT", "unit": "AG.SYT"}}
    return i.write(replace(entry, **moved, data=data, **i.post(i.honest.world.post("appraiser@home"))))


def recalled_by_another(i: Insider) -> str:
    entry = i.lawful["recall"]
    post = i.a_post(unit__code=i.random.choice(("30280", "886", "AG.SYT")))
    return i.write(replace(entry, **i.post(post)))


def recalled_to_elsewhere(i: Insider) -> str:
    return i.write(replace(i.lawful["recall"], to_state="sign_proposal"))


def given_back_unasked(i: Insider) -> str:
    entry = replace(i.lawful["recall"], action="grant_recall")
    return i.write(replace(entry, **i.post(i.honest.world.post("intake_officer@home"))))


def handed_over_by_a_living_unit(i: Insider) -> str:
    entry = i.lawful["propose"]
    data = {"unit": "AG.SYT", "after": {**entry.data["after"], "holder": "AG.SYT", "unit": "AG.SYT"}}
    head = i.post(i.honest.world.post("head_of_division@home"))
    return i.write(replace(entry, action="hand_over", to_state="draft", data=data, **head))


def rerouted_without_need(i: Insider) -> str:
    """Home Affairs takes a file off a body that still exists."""
    entry = i.lawful["forward"]
    data = {**entry.data, "route": ["AG.SNV"], "after": {**entry.data["after"], "holder": "AG.SNV"}}
    head = i.post(i.honest.world.post("head_of_division@home"))
    return i.write(replace(entry, action="reroute", to_state="intake", data=data, **head))


def submitted_without_content(i: Insider) -> str:
    return i.write(replace(i.lawful["submit"], content_digest=""))


def submitted_past_its_route(i: Insider) -> str:
    entry = i.lawful["submit"]
    data = {**entry.data, "route": [], "after": {**entry.data["after"], "holder": "AG.SNV"}}
    return i.write(replace(entry, to_state="intake", data=data))


def outside_the_window(i: Insider) -> str:
    with clock.legal_day(date(2024, *i.random.choice(((1, 5), (8, 31))))):
        return i.write(i.some("open", "submit"))


def after_the_window(i: Insider) -> str:
    with clock.legal_day(date(2025, 1, i.random.randrange(1, 31))):
        return i.write(i.some("open", "submit"))


def opened_by_another(i: Insider) -> str:
    entry = i.lawful["open"]
    while True:
        post = i.a_post()
        if "prepare" not in law.ROLES[post.role].split() or post.unit.code != entry.unit:
            return i.write(replace(entry, stream=f"nomination:{uid()}", **i.post(post, unit=entry.unit)))


def opened_twice(i: Insider) -> str:
    return i.write(
        replace(i.lawful["open"], stream=i.honest.files[i.random.choice(sorted(i.honest.files))].stream)
    )


def never_opened(i: Insider) -> str:
    return i.write(replace(i.some(*EVERY), stream=f"{i.random.choice(('nomination', 'decision'))}:{uid()}"))


def document_by_another(i: Insider) -> str:
    entry = i.lawful["attach"]
    return i.write(
        replace(
            entry, stream=i.honest.files["draft"].stream, actor=str(i.honest.world["reviewer@district"].uid)
        )
    )


def document_after_submission(i: Insider) -> str:
    clerk = str(i.honest.world["clerk@commune"].uid)
    return i.write(replace(i.lawful["attach"], stream=i.honest.files["near"].stream, actor=clerk))


def unit_changed_by_the_way(i: Insider) -> str:
    """A file becomes another unit's by an act that hands nothing over."""
    entry = i.some("propose", "forward", "accept", "assign", "conclude", "withdraw")
    after = entry.data["after"]
    after = {
        **after,
        "unit": i.random.choice([code for code in ("30280", "AG.SYT") if code != after["unit"]]),
    }
    return i.write(replace(entry, data={**entry.data, "after": after}))


def version_raised_by_the_way(i: Insider) -> str:
    """Whoever concluded an appraisal could confirm that of the next version."""
    entry = i.some("claim", "forward", "accept", "assign", "conclude", "confirm", "submit decision", "issue")
    after = {**entry.data["after"], "version": entry.data["after"]["version"] + i.random.choice((-1, 1, 2))}
    return i.write(replace(entry, data={**entry.data, "after": after}))


def judged_while_writing(i: Insider) -> str:
    """Somebody is proposed who is thought of already."""
    entry = i.lawful["propose"]
    uid, standing = next(iter(entry.data["after"]["nominees"].items()))
    thought = i.random.choice(({"assessment": "eligible"}, {"total": 90}))
    after = {**entry.data["after"], "nominees": {uid: {**standing, **thought}}}
    return i.write(replace(entry, data={**entry.data, "after": after}))


def concluded_without_the_opinion(i: Insider) -> str:
    """An appraisal is concluded while another body was asked for its opinion and has not answered."""
    return i.write(i.lawful["ask opinion"], i.lawful["conclude"])


def answered_unasked(i: Insider) -> str:
    entry = i.lawful["record opinion"]
    return i.write(replace(entry, data={**entry.data, "opinion": uid()}))


def answered_twice(i: Insider) -> str:
    entry = i.lawful["record opinion"]
    return i.write(entry, replace(entry, data={**entry.data, "answer": "agrees"}))


def silent_before_its_day(i: Insider) -> str:
    """The body still has time to answer."""
    entry = i.lawful["record opinion"]
    return i.write(replace(entry, data={**entry.data, "answer": "none"}))


def asked_twice_under_one_name(i: Insider) -> str:
    return i.write(i.lawful["ask opinion"], i.lawful["ask opinion"])

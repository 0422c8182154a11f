"""Illegal acts on decisions, outcomes, registers, rounds and programmes."""

from dataclasses import replace
from typing import Any

from history.ledger import Entry
from tests.audit.campaigns.insider import BEFORE, Insider, uid


def _after(entry: Entry, **instead: Any) -> dict[str, Any]:
    return {**entry.data, "after": {**entry.data["after"], **instead}}


def _unconfirmed(i: Insider) -> dict[str, Any]:
    """A line with a nominee of a file that still waits for confirmation."""
    entry = i.lawful["confirm"]
    nominee = next(iter(entry.data["after"]["nominees"]))
    return {"nominee": nominee, "file": entry.stream.partition(":")[2], "rank": 2, "live": True}


def signed_unchecked(i: Insider) -> str:
    """Signed where the director had not submitted it, or the Office not checked it."""
    entry = replace(i.lawful["sign"], stream=i.honest.decisions["submitted"].stream)
    data = _after(entry, lines=i.lawful["submit decision"].data["after"]["lines"])
    state = i.random.choice(("sign", "submit"))
    return i.write(replace(entry, step=state, from_state=state, data=data))


def signed_longer_list(i: Insider) -> str:
    """Somebody stands on the signed list who was not on the one that was submitted."""
    entry = i.lawful["sign"]
    return i.write(replace(entry, data=_after(entry, lines=[*entry.data["after"]["lines"], _unconfirmed(i)])))


def signed_another_nominee(i: Insider) -> str:
    entry = i.lawful["sign"]
    first, *others = entry.data["after"]["lines"]
    return i.write(replace(entry, data=_after(entry, lines=[{**first, "nominee": uid()}, *others])))


def signed_shorter_list(i: Insider) -> str:
    """Somebody disappears from the list without being struck out."""
    entry = i.lawful["sign"]
    return i.write(replace(entry, data=_after(entry, lines=entry.data["after"]["lines"][1:])))


def list_changed_on_its_way(i: Insider) -> str:
    entry = i.lawful["submit decision"]
    lines = [{**line, "live": False} for line in entry.data["after"]["lines"]]
    return i.write(replace(entry, data=_after(entry, lines=lines)))


def signed_nothing(i: Insider) -> str:
    return i.write(replace(i.lawful["sign"], content_digest=""))


def another_list_submitted(i: Insider) -> str:
    return i.write(replace(i.lawful["submit decision"], content_digest="0" * 64))


def another_list_numbered(i: Insider) -> str:
    return i.write(replace(i.lawful["issue"], content_digest="0" * 64))


def number_taken_twice(i: Insider) -> str:
    entry = i.lawful["issue"]
    return i.write(replace(entry, data={**entry.data, "number": entry.data["number"] - 1}))


def number_left_out(i: Insider) -> str:
    entry = i.lawful["issue"]
    return i.write(
        replace(entry, data={**entry.data, "number": entry.data["number"] + i.random.randrange(1, 9)})
    )


def number_of_another_year(i: Insider) -> str:
    entry = i.lawful["issue"]
    return i.write(replace(entry, data={**entry.data, "year": i.random.choice((2023, 2025)), "number": 1}))


def published_without_a_number(i: Insider) -> str:
    entry = i.lawful["issue"]
    state = i.random.choice(("publish", "issue_number"))
    return i.write(
        replace(
            entry,
            step=state,
            from_state=state,
            action="publish",
            to_state="published",
            data=_after(entry, holder=""),
        )
    )


def decision_opened_by_another(i: Insider) -> str:
    post = i.a_post(role=i.random.choice(("appraiser", "director", "clerk", "chairman")))
    before = [i.lawful[name] for name in BEFORE["open decision"]]
    return i.write(*before, replace(i.lawful["open decision"], **i.post(post)))


def listed_before_confirmation(i: Insider) -> str:
    """A decision is opened with somebody on its list whose appraisal nobody confirmed."""
    entry = i.lawful["open decision"]
    return i.write(replace(entry, data=_after(entry, lines=[_unconfirmed(i)])))


def listed_twice(i: Insider) -> str:
    """A nominee of an open decision stands on a second one."""
    return i.write(i.lawful["open decision"])


def concluded_by_itself(i: Insider) -> str:
    """A file is closed and its nominees awarded, and no decision was published."""
    confirmed = i.lawful["confirm"]
    nominees = {
        uid: {**now, "outcome": "awarded"} for uid, now in confirmed.data["after"]["nominees"].items()
    }
    data = {"decision": i.lawful["issue"].stream.partition(":")[2], "action": "publish"}
    after = {**confirmed.data["after"], "holder": "", "nominees": nominees}
    closed = replace(
        confirmed, kind="nomination.closed", automatic=True, step="await_decision", from_state="await_decision",
        to_state="closed", action="publish", data={**data, "after": after},
    )  # fmt: skip
    return i.write(confirmed, closed)


def closed_behind_anothers_list(i: Insider) -> str:
    """A file that stood on no list is closed as if by the decision that was published."""
    confirmed, issued = i.lawful["confirm"], i.honest.decisions["published"]
    clerk = i.honest.world.post("records_clerk@office")
    after = {**confirmed.data["after"], "holder": ""}
    closed = replace(
        confirmed, kind="nomination.closed", automatic=True, step="await_decision", from_state="await_decision",
        to_state="closed", action="publish", content_digest="", **i.post(clerk),
        data={"decision": str(issued.uid), "action": "publish", "after": after},
    )  # fmt: skip
    return i.write(confirmed, closed)


def judged_by_the_way(i: Insider) -> str:
    """An act that judges nobody changes what is thought of a nominee, or awards them."""
    entry = i.some("accept", "forward", "endorse", "assign", "withdraw", "confirm")
    uid, standing = next(iter(entry.data["after"]["nominees"].items()))
    other = {"assessment": "ineligible"} if i.random.random() < 0.5 else {"outcome": "awarded"}
    return i.write(replace(entry, data=_after(entry, nominees={uid: {**standing, **other}})))


def nominee_slipped_in(i: Insider) -> str:
    """Somebody more is proposed, or somebody less, where nobody writes."""
    entry = i.some("accept", "forward", "endorse", "conclude", "confirm", "submit")
    nominees = entry.data["after"]["nominees"]
    more = {**nominees, uid(): next(iter(nominees.values()))}
    return i.write(replace(entry, data=_after(entry, nominees=i.random.choice((more, {})))))


def round_closed_too_early(i: Insider) -> str:
    head = i.post(i.honest.world.post("head_of_division@home"))
    entry = replace(
        i.lawful["assign"], kind="round.closed", stream=_round(i), action="close_round", data={"files": 0}
    )
    return i.write(replace(entry, step="", from_state="", to_state="", **head))


def _round(i: Insider) -> str:
    return f"round:{i.honest.world.programme.code}:2024"


def window_moved_by_another(i: Insider) -> str:
    entry = replace(
        i.lawful["assign"], kind="round.extended", stream=_round(i), action="", data={"closes": "2025-12-31"}
    )
    return i.write(replace(entry, actor=i.someone(_manager(i))))


def _manager(i: Insider) -> str:
    return str(i.honest.world["programme_administrator@home"].uid)


def programme_changed_by_another(i: Insider) -> str:
    data = {
        "bodies": {"appraising_unit": "AG.SYT", "office_unit": "AG.VP", "deciding_unit": "AG.UBND"},
        "routes": [],
    }
    entry = replace(
        i.lawful["assign"],
        kind="rules.changed",
        stream=f"programme:{i.honest.world.programme.code}",
        data=data,
    )
    return i.write(replace(entry, actor=i.someone(_manager(i))))

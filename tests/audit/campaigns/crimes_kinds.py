"""Illegal events of a kind that belongs elsewhere, or that say more than one of their kind: a reader might learn from them."""

from dataclasses import replace
from typing import Any

from audit import law
from history.kinds import KINDS
from history.ledger import Entry
from tests.audit.campaigns.insider import Insider, uid


def _awarded(entry: Entry) -> dict[str, Any]:
    """What would stand if everybody in the file were awarded and the file closed."""
    after = entry.data["after"]
    nominees = {uid: {**now, "outcome": "awarded"} for uid, now in after["nominees"].items()}
    return {"after": {**after, "holder": "", "nominees": nominees}}


def closed_by_a_letter(i: Insider) -> str:
    """A file is closed and its nominees awarded by what only witnesses are told of, or by a sign-in."""
    entry = i.some("forward", "accept", "confirm")
    kind, actor = i.random.choice((("ledger.witnessed", "system"), ("officer.signed_in", "system")))
    closed = replace(
        entry, kind=kind, actor=actor, behalf="", post="", role="", unit="", action="publish", to_state="closed",
        content_digest="", data=_awarded(entry), automatic=True,
    )  # fmt: skip
    return i.write(closed)


def of_a_kind_from_elsewhere(i: Insider) -> str:
    """An act under a kind that has its place in another stream."""
    entry = i.some("forward", "accept", "confirm", "sign", "submit decision", "issue")
    about = entry.stream.partition(":")[0] + ":"
    return i.write(replace(entry, kind=i.random.choice(sorted(KINDS - law.STREAMS[about]))))


def signed_by_keeping_away(i: Insider) -> str:
    """What passes for a signature, in nobody's post, called a recusal."""
    entry = i.lawful["sign"]
    outsider = {"actor": i.someone(), "post": "", "role": "", "unit": ""}
    return i.write(replace(entry, kind="decision.recused", **outsider))


def moved_by_keeping_away(i: Insider) -> str:
    """A recusal that leads somewhere, freezes something, or is called another act."""
    entry = i.lawful["recuse"]
    more = i.random.choice(
        (
            {"action": "reject"}, {"to_state": "rejected"}, {"from_state": "review"}, {"content_digest": "0" * 64},
            {"data": {"after": {"holder": ""}}}, {"automatic": True},
        )
    )  # fmt: skip
    return i.write(replace(entry, **more))


def moved_by_a_document(i: Insider) -> str:
    """A document that takes the file along, or stands for a content."""
    entry = i.lawful["attach"]
    more = i.random.choice(
        (
            {"to_state": "closed"}, {"from_state": "draft"}, {"content_digest": "0" * 64}, {"action": "submit"},
            {"data": {**entry.data, "after": {"holder": ""}}}, {"automatic": True},
        )
    )  # fmt: skip
    return i.write(replace(entry, **more))


def law_laid_down_by_a_reading(i: Insider) -> str:
    """Routes, bodies, quotas or the rules of procedure, told by what is no change of rules; every later act stands on it."""
    code = i.honest.world.programme.code
    bodies = {"appraising_unit": "AG.SYT", "office_unit": "AG.VP", "deciding_unit": "AG.UBND"}
    stream, data = i.random.choice(
        (
            ("procedure", {"from": "2024-01-01", "supplements_at_most": 99, "reroute_at_intake": True}),
            (f"programme:{code}", {"routes": [], "bodies": bodies}),
            (
                f"round:{code}:2024",
                {"quotas": {"individual": 999, "collective": 999}, "closes": "2030-01-01"},
            ),
        )
    )
    kind = i.random.choice(("nomination.read", "decision.read", "grants.exported", "ledger.witnessed"))
    return i.write(Entry(stream=stream, kind=kind, actor=i.someone(), data=data))


def rules_of_another_stream(i: Insider) -> str:
    """A change of rules beside the one stream that they are read from."""
    entry = i.lawful["end rule"]
    stream = i.random.choice(("separation:1", "procedure:1", "procedure:", "rules:1", "programme", "round:"))
    return i.write(replace(entry, stream=stream))


def opened_where_it_does_not_begin(i: Insider) -> str:
    """A file that is born decided: closed, frozen, elsewhere, with somebody awarded."""
    entry, awarded = i.lawful["open"], _awarded(i.lawful["confirm"])["after"]["nominees"]
    more = i.random.choice(
        (
            {"to_state": "await_decision"}, {"content_digest": "0" * 64}, {"automatic": True}, {"action": "publish"},
            *({"data": {**entry.data, "after": {**entry.data["after"], **what}}}
              for what in ({"holder": ""}, {"unit": "AG.SYT"}, {"version": 3}, {"nominees": awarded})),
        )
    )  # fmt: skip
    return i.write(replace(entry, stream=f"nomination:{uid()}", **more))


def list_opened_where_it_does_not_begin(i: Insider) -> str:
    """A decision that is born signed."""
    entry = i.lawful["open decision"]
    more = i.random.choice(
        ({"to_state": "issue_number"}, {"content_digest": "0" * 64}, {"action": "sign"}, {"automatic": True})
    )
    before = [i.lawful[name] for name in ("return decision", "abandon")]
    return i.write(*before, replace(entry, **more))


def reading_that_passes_for_an_act(i: Insider) -> str:
    """Somebody's own stream says more than who read what."""
    reader = i.someone()
    entry = Entry(stream=f"readings:{reader}", kind="decision.read", actor=reader)
    more = i.random.choice(({"action": "sign"}, {"to_state": "issue_number"}, {"automatic": True}))
    return i.write(replace(entry, **more))
